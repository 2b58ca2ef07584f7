// Kill switches and bans. Whoever opens this while one is engaged most likely wants it released; one more is a click away.
import {h, reactive} from 'vue';
import {post} from './api.js';
import {Modal, ask, attempt, reasonField, say} from './dialog.js';
import {clock} from './format.js';
import {live} from './live.js';

const fresh = {scope: 'ALL', kind: 'KILL', target: '', reason: '', busy: false, another: false};
const form = reactive({open: false, ...fresh});

export const openSwitches = () => Object.assign(form, fresh, {open: true});

const targets = () => {
  if (form.scope === 'STRATEGY') return live.strategies.filter(row => row.state).map(row => row.name);
  if (form.scope === 'INSTRUMENT') return [...live.instruments.values()].filter(row => row.kind === 'EQUITY').map(row => `${row.exchange}:${row.symbol}`);
  return [];
};

const name = item => `${item.kind === 'KILL' ? 'Kill' : 'Ban'} ${item.target || 'all trading'}`;

const engage = async event => {
  event.preventDefault();
  form.busy = true;
  const {kind, scope, target, reason} = form;
  const body = {kind, scope, target, reason: reason.trim(), engaged: true};
  if (await attempt(`${name(body)}: engaged`, () => post('/api/switches', body))) form.open = false;
  form.busy = false;
};

/** Strategies that a switch of this scope stopped: its release starts none of them. */
const killedBy = ({kind, scope, target}) => live.strategies
  .filter(row => row.state === 'KILLED' && kind === 'KILL' && (scope === 'ALL' || (scope === 'STRATEGY' && row.name === target)))
  .map(row => row.name);

const stopped = names => `${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} killed and ${names.length === 1 ? 'stays' : 'stay'} stopped until started.`;

const release = async item => {
  form.open = false;
  const killed = killedBy(item);
  const given = await ask({
    title: `Release: ${name(item)}`,
    text: killed.length ? `Orders are accepted again at once. ${stopped(killed)}` : 'Trading may go on at once.',
    verb: 'Release',
    option: killed.length ? `Start ${killed.join(', ')} again at once` : '',
  });
  if (!given) return;
  const {kind, scope, target} = item;
  const {reason, chosen} = given;
  const released = await attempt(`${name(item)}: released`, () => post('/api/switches', {kind, scope, target, reason, engaged: false}));
  if (!released || killed.length === 0) return;
  if (!chosen) {
    say(stopped(killed), 'warn');
    return;
  }
  for (const each of killed) {
    await attempt(`${each}: started`, () => post(`/api/strategies/${encodeURIComponent(each)}/start`, {reason}));
  }
};

const choice = (label, value, options, onChange) =>
  h('label', [label, h('select', {value, required: true, 'aria-label': label, onChange: event => onChange(event.target.value)},
    options.map(([key, text]) => h('option', {key, value: key, selected: key === value}, text)))]);

const engaged = operator => live.switches.filter(item => item.engaged).map(item =>
  h('li', {key: item.kind + item.scope + item.target}, [
    h('div', [h('strong', name(item)), h('small', `${item.user}, ${clock(item.atMillis)}: ${item.reason}`)]),
    operator ? h('button', {class: 'release', onClick: () => release(item)}, 'Release') : null,
  ]));

const engageForm = () => {
  const needsTarget = form.scope !== 'ALL';
  return h('form', {onSubmit: engage}, [
    h('div', {class: 'fields'}, [
      choice('Scope', form.scope, [['ALL', 'All trading'], ['STRATEGY', 'One strategy'], ['INSTRUMENT', 'One instrument']],
        value => Object.assign(form, {scope: value, target: ''})),
      choice('Kind', form.kind, [['KILL', 'Kill: refuse all, cancel what works'], ['BAN', 'Ban: only exits']], value => (form.kind = value)),
      needsTarget ? choice('Target', form.target, [['', 'Choose'], ...targets().map(item => [item, item])], value => (form.target = value)) : null,
    ]),
    reasonField(form, {required: false, minlength: null, placeholder: 'Reason, if there is time for one', autofocus: true}),
    h('footer', [
      h('button', {type: 'button', class: 'quiet', onClick: () => (form.open = false)}, 'Close'),
      h('button', {type: 'submit', id: 'engage', class: 'danger', disabled: form.busy}, `${form.kind === 'KILL' ? 'Kill' : 'Ban'} ${needsTarget ? form.target || '\u2026' : 'all trading'}`),
    ]),
  ]);
};

const operatorPart = (operator, someEngaged) => {
  if (!operator) return h('p', 'Only an operator may engage or release one.');
  if (!someEngaged || form.another) return engageForm();
  return h('footer', [
    h('button', {class: 'quiet', onClick: () => (form.open = false)}, 'Close'),
    h('button', {class: 'quiet', onClick: () => (form.another = true)}, 'Engage another'),
  ]);
};

export const SwitchDialog = {
  props: {operator: Boolean},
  setup(props) {
    return () => h(Modal, {open: form.open, label: 'Kill switch', onClose: () => (form.open = false)}, () => {
      const rows = engaged(props.operator);
      return [
        h('h2', 'Kill switch'),
        rows.length ? h('ul', {class: 'switches'}, rows) : h('p', 'No switch is engaged.'),
        operatorPart(props.operator, rows.length > 0),
      ];
    });
  },
};
