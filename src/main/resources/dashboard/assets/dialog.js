// Questions before dangerous actions, and what became of them. Every such action needs a reason, but for a kill.
import {h, nextTick, reactive, ref} from 'vue';

const asked = reactive({open: false, title: '', text: '', verb: '', danger: false, option: '', chosen: false, reason: '', settle: null});
const messages = reactive([]);
const MESSAGE_MILLIS = 7000;
const MAX_MESSAGES = 4;
let nextMessage = 1;

export const say = (text, kind = 'info') => {
  const id = nextMessage++;
  messages.push({id, text, kind});
  while (messages.length > MAX_MESSAGES) messages.shift();
  setTimeout(() => dismiss(id), MESSAGE_MILLIS);
};

const dismiss = id => {
  const at = messages.findIndex(message => message.id === id);
  if (at >= 0) messages.splice(at, 1);
};

/** Runs an action and says how it ended; the engine's refusal is shown as it stands. */
export const attempt = async (done, action) => {
  try {
    const answer = await action();
    say(typeof done === 'function' ? done(answer) : done, 'good');
    return true;
  } catch (refusal) {
    say(refusal.message, 'bad');
    return false;
  }
};

/** Asks for a reason; null when the person thought better of it. */
export const askReason = async question => (await ask(question))?.reason ?? null;

/** Asks for a reason, and whether the option named is wanted too; null when the person thought better of it. */
export const ask = ({title, text, verb, danger = false, option = ''}) =>
  new Promise(settle => Object.assign(asked, {open: true, title, text, verb, danger, option, chosen: false, reason: '', settle}));

const answer = given => {
  asked.open = false;
  asked.settle?.(given);
  asked.settle = null;
};

export const reasonField = (model, extra = {}) =>
  h('input', {
    name: 'reason', required: true, minlength: 3, maxlength: 120, autocomplete: 'off', placeholder: 'Reason, for the audit trail',
    'aria-label': 'Reason', value: model.reason, onInput: event => (model.reason = event.target.value), ...extra,
  });

/** A native dialog: the browser traps the focus and closes it on Escape. */
export const Modal = {
  props: {open: Boolean, label: String},
  emits: ['close'],
  setup(props, {slots, emit}) {
    const element = ref(null);
    return () => {
      nextTick(() => {
        const dialog = element.value;
        if (!dialog) return;
        if (props.open && !dialog.open) dialog.showModal();
        if (!props.open && dialog.open) dialog.close();
      });
      return h('dialog', {ref: element, 'aria-label': props.label, onClose: () => props.open && emit('close')},
        props.open ? h('article', slots.default()) : null);
    };
  },
};

export const ReasonDialog = () =>
  h(Modal, {open: asked.open, label: asked.title, onClose: () => answer(null)}, () =>
    h('form', {onSubmit: event => { event.preventDefault(); answer({reason: asked.reason.trim(), chosen: asked.chosen}); }}, [
      h('h2', asked.title),
      h('p', asked.text),
      reasonField(asked, {autofocus: true}),
      asked.option ? h('label', {class: 'option'}, [
        h('input', {type: 'checkbox', checked: asked.chosen, onChange: event => (asked.chosen = event.target.checked)}), asked.option]) : null,
      h('footer', [
        h('button', {type: 'button', class: 'quiet', onClick: () => answer(null)}, 'Cancel'),
        h('button', {type: 'submit', class: asked.danger ? 'danger' : ''}, asked.verb),
      ]),
    ]));

export const Messages = () =>
  h('div', {class: 'messages', role: 'status', 'aria-live': 'polite'}, messages.map(message =>
    h('div', {key: message.id, class: ['message', message.kind]}, [
      h('span', message.text),
      h('button', {class: 'quiet', 'aria-label': 'Dismiss', onClick: () => dismiss(message.id)}, '\u00d7'),
    ])));
