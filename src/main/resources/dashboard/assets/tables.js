// Positions beside the broker's own, and strategies.
import {h} from 'vue';
import {post} from './api.js';
import {askReason, attempt} from './dialog.js';
import {count, rupees, signedCount, signedRupees, tone, words} from './format.js';
import {live, selected, symbol} from './live.js';

export const head = columns => h('thead', h('tr', columns.map(([text, kind]) => h('th', {scope: 'col', class: kind}, text))));

export const number = (text, kind = '') => h('td', {class: ['number', kind]}, text);

/** The table, or one sentence in its place that takes no less room. */
export const table = (label, columns, rows, nothing) =>
  h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label}, [
    h('table', [head(columns), h('tbody', rows)]),
    rows.length ? null : h('p', {class: 'nothing'}, nothing),
  ]);

const average = (cost, quantity) => (quantity === 0 ? '\u2013' : rupees(cost / quantity));

const positionRow = row => {
  const tick = live.ticks.get(row.instrument);
  const profit = row.realisedPaise + row.unrealisedPaise;
  const differs = row.difference !== 0;
  return h('tr', {key: `${row.instrument} ${row.product}`, class: [differs ? 'differs' : '', row.quantity === 0 && !differs ? 'flat' : '']}, [
    h('th', {scope: 'row'}, h('button', {class: 'link', onClick: () => (selected.value = row.instrument)}, symbol(row.instrument))),
    h('td', {class: 'dim'}, row.product),
    number(count(row.quantity), 'strong'),
    number(row.brokerQuantity === null ? 'not seen' : count(row.brokerQuantity), row.brokerQuantity === null ? 'dim' : ''),
    number(differs ? signedCount(row.difference) : '0', differs ? 'bad' : 'dim'),
    number(average(row.costPaise, row.quantity)),
    number(tick ? rupees(tick.lastPricePaise) : '\u2013'),
    number(signedRupees(row.unrealisedPaise), tone(row.unrealisedPaise)),
    number(signedRupees(row.realisedPaise), tone(row.realisedPaise)),
    number(signedRupees(profit), 'strong ' + tone(profit)),
  ]);
};

const POSITION_COLUMNS = [['Instrument'], ['Product'], ['Ours', 'number'], ['Broker', 'number'], ['Difference', 'number'], ['Average', 'number'],
  ['Last', 'number'], ['Unrealised', 'number'], ['Realised', 'number'], ['P&L', 'number']];

// What is open comes first, then by name: rows keep their place while prices move.
const openFirst = (a, b) =>
  (a.quantity === 0) - (b.quantity === 0) || symbol(a.instrument).localeCompare(symbol(b.instrument)) || a.product.localeCompare(b.product);

export const Positions = () => {
  const differing = live.positions.filter(row => row.difference !== 0).length;
  return h('section', {class: 'panel positions', 'aria-labelledby': 'positions-title'}, [
    h('header', [
      h('h2', {id: 'positions-title'}, 'Positions'),
      h('small', {class: differing ? 'bad' : ''}, differing ? `${differing} ${differing === 1 ? 'differs' : 'differ'} from the broker's` : 'as the broker sees them'),
    ]),
    table('Positions', POSITION_COLUMNS, [...live.positions].sort(openFirst).map(positionRow), 'No positions today.'),
  ]);
};

const control = async (row, verb) => {
  const stop = verb === 'stop';
  const reason = await askReason({
    title: `${stop ? 'Stop' : 'Start'} ${row.name}`,
    text: stop ? 'It wishes no more orders. Its position stays as it is.' : `It trades ${symbol(row.instrument)} with ${row.lotQuantity} at a time.`,
    verb: stop ? 'Stop' : 'Start',
    danger: stop,
  });
  if (reason) await attempt(`${row.name}: ${stop ? 'stopped' : 'started'}`, () => post(`/api/strategies/${encodeURIComponent(row.name)}/${verb}`, {reason}));
};

const STATES = {RUNNING: 'good', STOPPED: '', FAILED: 'bad', KILLED: 'bad'};

const strategyRow = (row, operator) => {
  const profit = row.realisedPaise + row.unrealisedPaise;
  const running = row.state === 'RUNNING';
  return h('tr', {key: `${row.name} ${row.instrument} ${row.product}`}, [
    h('th', {scope: 'row', title: row.parameters}, row.name || h('em', 'by hand, foreign')),
    h('td', row.state ? h('span', {class: ['state', STATES[row.state]], title: row.reason}, words(row.state)) : ''),
    h('td', h('button', {class: 'link', onClick: () => (selected.value = row.instrument)}, symbol(row.instrument))),
    number(count(row.quantity)),
    number(count(row.trades)),
    number(signedRupees(profit), 'strong ' + tone(profit)),
    h('td', {class: 'action'}, operator && row.state
      ? h('button', {class: ['small', running ? 'danger' : ''], 'aria-label': `${running ? 'Stop' : 'Start'} ${row.name}`, onClick: () => control(row, running ? 'stop' : 'start')},
        running ? 'Stop' : 'Start')
      : null),
  ]);
};

const STRATEGY_COLUMNS = [['Strategy'], ['State'], ['Instrument'], ['Position', 'number'], ['Trades', 'number'], ['P&L', 'number'], ['']];

export const Strategies = props => {
  const running = live.strategies.filter(row => row.state === 'RUNNING').length;
  const killed = live.strategies.filter(row => row.state === 'KILLED').length;
  return h('section', {class: 'panel strategies', 'aria-labelledby': 'strategies-title'}, [
    h('header', [
      h('h2', {id: 'strategies-title'}, 'Strategies'),
      h('small', {class: killed ? 'bad' : ''}, `${running} running${killed ? ` \u00b7 ${killed} killed, stopped until started` : ''}`),
    ]),
    table('Strategies', STRATEGY_COLUMNS, live.strategies.map(row => strategyRow(row, props.operator)), 'No strategies are defined.'),
  ]);
};
Strategies.props = ['operator'];
