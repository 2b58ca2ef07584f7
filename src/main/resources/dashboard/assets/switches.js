// Kill switches and bans: what is engaged, and engaging one more.
import {h, reactive} from 'vue';
import {post} from './api.js';
import {Modal, askReason, attempt, reasonField} from './dialog.js';
import {clock} from './format.js';
import {live} from './live.js';

const form = reactive({open: false, scope: 'ALL', kind: 'KILL', target: '', reason: '', busy: false});

export const openSwitches = () => Object.assign(form, {open: true, scope: 'ALL', kind: 'KILL', target: '', reason: '', busy: false});

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

const release = async item => {
  form.open = false;
  const reason = await askReason({title: `Release: ${name(item)}`, text: 'Trading may go on at once.', verb: 'Release', danger: true});
  if (reason) {
    const {kind, scope, target} = item;
    await attempt(`${name(item)}: released`, () => post('/api/switches', {kind, scope, target, reason, engaged: false}));
  }
};

const choice = (label, value, options, onChange) =>
  h('label', [label, h('select', {value, required: true, 'aria-label': label, onChange: event => onChange(event.target.value)},
    options.map(([key, text]) => h('option', {key, value: key, selected: key === value}, text)))]);

const engaged = operator => live.switches.filter(item => item.engaged).map(item =>
  h('li', {key: item.kind + item.scope + item.target}, [
    h('div', [h('strong', name(item)), h('small', `${item.user}, ${clock(item.atMillis)}: ${item.reason}`)]),
    operator ? h('button', {class: 'quiet', onClick: () => release(item)}, 'Release') : null,
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
    reasonField(form, {autofocus: true}),
    h('footer', [
      h('button', {type: 'button', class: 'quiet', onClick: () => (form.open = false)}, 'Close'),
      h('button', {type: 'submit', id: 'engage', class: 'danger', disabled: form.busy}, `${form.kind === 'KILL' ? 'Kill' : 'Ban'} ${needsTarget ? form.target || '\u2026' : 'all trading'}`),
    ]),
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
        props.operator ? engageForm() : h('p', 'Only an operator may engage or release one.'),
      ];
    });
  },
};
