// What an operator may order of the recovery machine. Each order asks for a reason; a refusal is shown in the machine's words.
import {h, reactive} from 'vue';
import {post} from './api.js';
import {Modal, askReason, attempt, reasonField} from './dialog.js';
import {live} from './live.js';

const form = reactive({open: false, kind: 'switchover', to: '', acceptLoss: false, reason: '', busy: false});

const KINDS = {
  switchover: {
    title: 'Switchover', verb: 'Switch over', danger: false,
    text: 'The primary stops in order, its standby takes over, nothing is lost. Writers wait for a few seconds.',
  },
  failover: {
    title: 'Fail-over', verb: 'Fail over', danger: true,
    text: 'The primary is fenced at once, not stopped in order, and another is promoted. For a primary that is lost or no good.',
  },
};

const open = kind => Object.assign(form, {open: true, kind, to: '', acceptLoss: false, reason: '', busy: false});

const order = async event => {
  event.preventDefault();
  form.busy = true;
  const {kind, to, acceptLoss, reason} = form;
  const body = kind === 'failover' ? {to, acceptLoss, reason: reason.trim()} : {to, reason: reason.trim()};
  const done = `${KINDS[kind].title} is ordered; the decisions show how it goes`;
  if (await attempt(done, () => post(`/api/recovery/${kind}`, body))) form.open = false;
  form.busy = false;
};

const automate = async paused => {
  const reason = await askReason({
    title: paused ? 'Pause automation' : 'Resume automation',
    text: paused
      ? 'Nobody is promoted, no standby replaced or cloned, until it is resumed. A primary whose lease ends is fenced all the same; fail-over and switchover go on working.'
      : 'The recovery machine decides by itself again, at once.',
    verb: paused ? 'Pause' : 'Resume',
    danger: paused,
  });
  if (reason) await attempt(`automation is ${paused ? 'paused' : 'resumed'}`, () => post('/api/recovery/automation', {paused, reason}));
};

export const orderButtons = () => {
  const {paused} = live.recovery.database;
  return h('span', {class: 'buttons'}, [
    h('button', {class: 'small', onClick: () => open('switchover')}, 'Switchover'),
    h('button', {class: 'small danger', onClick: () => open('failover')}, 'Fail-over'),
    h('button', {class: 'small', onClick: () => automate(!paused)}, paused ? 'Resume automation' : 'Pause automation'),
  ]);
};

const target = () => {
  const {copies, database} = live.recovery;
  const others = copies.map(copy => copy.host).filter(host => host !== database.primary);
  const options = [['', `the eligible standby (${database.eligible || 'nobody now'})`], ...others.map(host => [host, `host ${host}`])];
  return h('label', ['New primary', h('select', {value: form.to, 'aria-label': 'New primary', onChange: event => (form.to = event.target.value)},
    options.map(([key, text]) => h('option', {key, value: key, selected: key === form.to}, text)))]);
};

const acceptance = () => h('label', {class: 'accept'}, [
  h('input', {type: 'checkbox', checked: form.acceptLoss, onChange: event => (form.acceptLoss = event.target.checked)}),
  h('span', [h('strong', 'Accept loss. '),
    'Promote even where rows that were acknowledged may be missing. The recorder writes its rows again from the log; whatever else was written is gone.']),
]);

export const RecoveryDialog = () =>
  h(Modal, {open: form.open, label: KINDS[form.kind].title, onClose: () => (form.open = false)}, () => {
    const kind = KINDS[form.kind];
    return h('form', {onSubmit: order}, [
      h('h2', kind.title),
      h('p', kind.text),
      target(),
      form.kind === 'failover' ? acceptance() : null,
      reasonField(form, {autofocus: true}),
      h('footer', [
        h('button', {type: 'button', class: 'quiet', onClick: () => (form.open = false)}, 'Cancel'),
        h('button', {type: 'submit', id: 'order', class: kind.danger ? 'danger' : '', disabled: form.busy}, kind.verb),
      ]),
    ]);
  });
