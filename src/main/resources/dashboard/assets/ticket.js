// An order by hand.
import {h, reactive, watch} from 'vue';
import {post} from './api.js';
import {attempt, reasonField} from './dialog.js';
import {parseRupees, rupees} from './format.js';
import {live, selected, symbol} from './live.js';

// Not randomUUID: browsers have that on loopback and with TLS only, and hosts of a namespaces network are neither.
const fresh = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), part => part.toString(16).padStart(8, '0')).join('');
const form = reactive({side: 'BUY', product: 'MIS', orderType: 'MARKET', quantity: '1', price: '', reason: '', clientKey: fresh(), busy: false});

// Another order needs another key; the same order sent again after a silence keeps it, and so is placed once.
watch(() => [selected.value, form.side, form.product, form.orderType, form.quantity, form.price, form.reason], () => (form.clientKey = fresh()));

const choice = (label, name, options) =>
  h('div', {class: 'choices', role: 'group', 'aria-label': label}, options.map(([value, text]) =>
    h('button', {key: value, type: 'button', class: ['quiet', value.toLowerCase()], 'aria-pressed': form[name] === value, onClick: () => (form[name] = value)}, text)));

const pricePaise = () => (form.orderType === 'MARKET' ? 0 : parseRupees(form.price));

const value = () => {
  const price = form.orderType === 'MARKET' ? live.ticks.get(selected.value)?.lastPricePaise : parseRupees(form.price);
  const quantity = Number(form.quantity);
  return price && Number.isInteger(quantity) && quantity > 0 ? '\u20b9 ' + rupees(price * quantity) : '\u2013';
};

const place = async event => {
  event.preventDefault();
  const field = event.target.elements.price;
  field.setCustomValidity(pricePaise() === null ? 'An amount with at most two decimals' : '');
  if (!event.target.reportValidity()) return;
  form.busy = true;
  const {side, product, orderType, clientKey} = form;
  const order = {instrument: selected.value, side, product, orderType, quantity: Number(form.quantity), pricePaise: pricePaise(), clientKey, reason: form.reason.trim()};
  if (await attempt(answer => `order ${answer.value} accepted`, () => post('/api/orders', order))) form.reason = '';
  form.busy = false;
};

export const Ticket = props => {
  const instrument = live.instruments.get(selected.value);
  const tradable = instrument?.kind === 'EQUITY';
  const market = form.orderType === 'MARKET';
  const usable = props.operator && tradable && !form.busy;
  return h('section', {class: 'panel ticket', 'aria-labelledby': 'ticket-title'}, [
    h('header', [h('h2', {id: 'ticket-title'}, 'Order by hand'), h('small', props.operator ? (tradable ? '' : 'an index cannot be traded') : 'viewers cannot trade')]),
    h('form', {onSubmit: place}, [
      choice('Side', 'side', [['BUY', 'Buy'], ['SELL', 'Sell']]),
      h('label', ['Instrument', h('select', {'aria-label': 'Instrument', value: selected.value, onChange: event => (selected.value = Number(event.target.value))},
        [...live.instruments.values()].map(row => h('option', {key: row.instrument, value: row.instrument, selected: row.instrument === selected.value}, row.symbol)))]),
      h('div', {class: 'fields'}, [
        choice('Product', 'product', [['MIS', 'MIS'], ['CNC', 'CNC']]),
        choice('Type', 'orderType', [['MARKET', 'Market'], ['LIMIT', 'Limit']]),
      ]),
      h('div', {class: 'fields'}, [
        h('label', ['Quantity', h('input', {name: 'quantity', type: 'number', min: 1, step: 1, required: true, value: form.quantity, onInput: event => (form.quantity = event.target.value)})]),
        h('label', ['Price', h('input', {name: 'price', inputmode: 'decimal', autocomplete: 'off', disabled: market, required: !market, value: market ? '' : form.price,
          placeholder: market ? 'at market' : '0.00', onInput: event => { event.target.setCustomValidity(''); form.price = event.target.value; }})]),
      ]),
      reasonField(form),
      h('footer', [
        h('span', ['Value ', h('strong', {class: 'number'}, value())]),
        h('button', {type: 'submit', class: form.side === 'BUY' ? 'buy' : 'sell', disabled: !usable}, `${form.side === 'BUY' ? 'Buy' : 'Sell'} ${form.quantity || ''} ${symbol(selected.value)}`),
      ]),
    ]),
  ]);
};
Ticket.props = ['operator'];
