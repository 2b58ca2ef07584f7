// How far everything around the log is behind it. The page itself lives from the event stream alone.
import {h} from 'vue';
import {age, count} from './format.js';
import {live, sinceUpdate} from './live.js';

const LATE_EVENTS = 2000;
const LATE_MILLIS = 2000;

const row = (name, kind, value, detail) => h('li', {key: name, class: kind, title: detail}, [
  h('span', {class: 'dot', 'aria-hidden': true}), h('strong', name), h('span', {class: 'number'}, value), h('span', {class: 'detail'}, detail),
]);

const stream = status => {
  const silence = status.eventAgeMillis < 0 ? -1 : status.eventAgeMillis + sinceUpdate();
  const late = silence < 0 || silence > LATE_MILLIS || status.streamLagMillis > LATE_MILLIS;
  return row('Event stream', late ? 'bad' : 'good', age(silence), `event ${count(status.sequence)} \u00b7 ${age(status.streamLagMillis)} behind the log`);
};

const postgres = (store, status) => {
  const behind = store.reachedSequence < 0 ? -1 : Math.max(0, status.sequence - store.reachedSequence);
  const lag = behind < 0 ? 'position unknown' : `recorder ${count(behind)} events behind`;
  const kind = !store.up || store.trouble ? 'bad' : behind > LATE_EVENTS ? 'warn' : 'good';
  return row(store.name, kind, store.up ? age(store.answerMillis) : 'down', store.up ? store.trouble || lag : store.detail);
};

const redis = store => row(store.name, store.up ? 'good' : 'bad', store.up ? age(store.answerMillis) : 'down',
  store.up ? 'sessions shared' : `logins last until this process restarts \u00b7 ${store.detail}`);

const unasked = store => row(store.name, '', '\u2013', store.detail);

const storeRow = (store, status) => {
  if (store.up === null) return unasked(store);
  return store.name === 'Redis' ? redis(store) : postgres(store, status);
};

export const Stores = () => h('section', {class: 'panel stores', 'aria-labelledby': 'stores-title'}, [
  h('header', [h('h2', {id: 'stores-title'}, 'Behind the log'), h('small', 'trading needs only the log')]),
  h('ul', [
    stream(live.status),
    live.stores.map(store => storeRow(store, live.status)),
    live.grants.map(grant => row(`${grant.kind === 'SENDER' ? 'Sender' : 'Feed'} grant`, grant.granted ? 'good' : 'bad', `epoch ${grant.epoch}`,
      grant.granted ? `gateway on host ${grant.host}` : grant.reason || 'held by nobody')),
  ]),
]);
