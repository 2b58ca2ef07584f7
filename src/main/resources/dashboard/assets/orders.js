// What we are doing: orders with their live state, fills, the journal, and what was interrupted and for how long.
import {h, ref} from 'vue';
import {post} from './api.js';
import {askReason, attempt} from './dialog.js';
import {age, clock, count, rupees, words} from './format.js';
import {live, symbol} from './live.js';
import {number, table} from './tables.js';

const KINDS = {
  UNCERTAIN: 'warn', HELD: 'bad', REFUSED: 'bad', REJECTED: 'bad', NOT_SENT: 'bad', ABSENT: 'warn', EXPIRED: '', CANCELLED: '',
  WORKING: 'info', PARTLY_FILLED: 'info', SENDING: 'info', COMMITTED: 'info', WISHED: 'info', FILLED: 'good',
};
const CANCELLABLE = new Set(['COMMITTED', 'SENDING', 'UNCERTAIN', 'WORKING', 'PARTLY_FILLED']);

const cancel = async order => {
  const reason = await askReason({
    title: `Cancel order ${order.orderNumber}`,
    text: `${words(order.side)} ${order.quantity} ${symbol(order.instrument)}, ${words(order.state)}.`,
    verb: 'Cancel the order',
    danger: true,
  });
  if (reason) await attempt(`order ${order.orderNumber}: cancel accepted`, () => post(`/api/orders/${order.orderNumber}/cancel`, {reason}));
};

const who = order => order.strategy || order.user || words(order.origin);

const note = order => {
  if (order.cancelWanted && !order.terminal) return 'cancel wanted' + (order.reason ? ` \u00b7 ${order.reason}` : '');
  if (order.amendment !== 'NONE') return `amendment ${words(order.amendment)}`;
  return order.reason;
};

// A component of its own, so that an unchanged order costs nothing when others change.
const OrderRow = {
  props: {order: Object, operator: Boolean},
  setup: props => () => {
    const {order} = props;
    return h('tr', {title: `${order.tag || 'no tag'} \u00b7 broker ${order.brokerOrderId || 'has given no id'}`}, [
      number(String(order.orderNumber), 'dim'),
      h('td', {class: 'time'}, clock(order.wishedMillis)),
      h('th', {scope: 'row'}, symbol(order.instrument)),
      h('td', {class: order.side === 'BUY' ? 'good' : 'bad'}, words(order.side)),
      number(`${count(order.filledQuantity)} / ${count(order.quantity)}`),
      number(order.orderType === 'MARKET' ? 'market' : rupees(order.pricePaise), order.orderType === 'MARKET' ? 'dim' : ''),
      number(order.filledQuantity > 0 ? rupees(order.filledValuePaise / order.filledQuantity) : '\u2013'),
      h('td', h('span', {class: ['state', KINDS[order.state]]}, words(order.state))),
      h('td', {class: 'dim'}, `${order.product} \u00b7 ${who(order)}`),
      h('td', {class: 'note', title: note(order)}, note(order)),
      h('td', {class: 'action'}, props.operator && CANCELLABLE.has(order.state) && !order.cancelWanted
        ? h('button', {class: 'small', 'aria-label': `Cancel order ${order.orderNumber}`, onClick: () => cancel(order)}, 'Cancel') : null),
    ]);
  },
};

const ORDER_COLUMNS = [['No.', 'number'], ['Time'], ['Instrument'], ['Side'], ['Filled', 'number'], ['Price', 'number'], ['Average', 'number'],
  ['State'], ['By'], ['Note'], ['']];
const FILL_COLUMNS = [['Time'], ['Instrument'], ['Side'], ['Quantity', 'number'], ['Price', 'number'], ['Order', 'number'], ['Trade'], ['By']];
const NOTE_COLUMNS = [['Time'], ['Severity'], ['Subject'], ['What']];

const fillRow = fill => h('tr', {key: fill.tradeId + fill.atMillis}, [
  h('td', {class: 'time'}, clock(fill.atMillis)),
  h('th', {scope: 'row'}, symbol(fill.instrument)),
  h('td', {class: fill.side === 'BUY' ? 'good' : 'bad'}, words(fill.side)),
  number(count(fill.quantity)),
  number(rupees(fill.pricePaise)),
  number(String(fill.orderNumber), 'dim'),
  h('td', {class: 'dim'}, fill.tradeId),
  h('td', {class: 'dim'}, fill.strategy || 'by hand, foreign'),
]);

const SEVERITIES = {INFO: '', WARNING: 'warn', CRITICAL: 'bad'};

const noteRow = row => h('tr', {key: row.sequence}, [
  h('td', {class: 'time'}, clock(row.atMillis)),
  h('td', h('span', {class: ['state', SEVERITIES[row.severity]]}, words(row.severity))),
  h('th', {scope: 'row'}, row.subject),
  h('td', {class: 'note wide', title: row.text}, row.text),
]);

const RECOVERY_COLUMNS = [['Time'], ['What'], ['Took', 'number'], ['How it ended']];

const recoveryRow = row => h('tr', {key: row.atMillis + row.subject}, [
  h('td', {class: 'time'}, clock(row.atMillis)),
  h('th', {scope: 'row'}, row.subject),
  number(age(row.tookMillis)),
  h('td', {class: 'note wide', title: row.text}, row.text),
]);

const isOpen = order => !order.terminal;
const isDoubtful = order => order.state === 'UNCERTAIN' || order.state === 'HELD';

export const Orders = {
  props: {operator: Boolean},
  setup(props) {
    const shown = ref('all');
    const views = {
      all: {title: 'Orders', list: () => live.orders},
      open: {title: 'Open', list: () => live.orders.filter(isOpen)},
      doubtful: {title: 'Uncertain and held', list: () => live.orders.filter(isDoubtful)},
      fills: {title: 'Fills', list: () => live.fills},
      journal: {title: 'Journal', list: () => live.journal},
      recoveries: {title: 'Recoveries', list: () => live.recoveries},
    };
    const content = () => {
      if (shown.value === 'fills') return table('Fills', FILL_COLUMNS, live.fills.map(fillRow), 'No fills seen yet.');
      if (shown.value === 'journal') return table('Journal', NOTE_COLUMNS, live.journal.map(noteRow), 'Nothing of note so far.');
      if (shown.value === 'recoveries') {
        return table('Recoveries', RECOVERY_COLUMNS, live.recoveries.map(recoveryRow), 'Nothing was interrupted while this dashboard ran.');
      }
      const rows = views[shown.value].list().map(order => h(OrderRow, {key: order.orderNumber, order, operator: props.operator}));
      return table('Orders', ORDER_COLUMNS, rows, 'No such orders.');
    };
    return () => h('section', {class: 'panel orders', 'aria-label': 'Orders, fills, journal and recoveries'}, [
      h('header', {class: 'tabs', role: 'group', 'aria-label': 'Show'}, Object.entries(views).map(([key, view]) => {
        const size = view.list().length;
        const alarming = key === 'doubtful' && size > 0;
        return h('button', {key, class: ['quiet', alarming ? 'warn' : ''], 'aria-pressed': shown.value === key, onClick: () => (shown.value = key)},
          [view.title, h('small', {class: 'number'}, size)]);
      })),
      content(),
    ]);
  },
};
