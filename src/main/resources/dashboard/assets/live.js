// The page's copy of the live model. Updates hold what changed; lists of rows are replaced, never edited in place.
import {reactive, shallowReactive, shallowRef} from 'vue';
import {get} from './api.js';

const MAX_ORDERS = 200; // as the server's: the oldest finished order goes first
const MAX_FILLS = 500;
const MAX_NOTES = 100;
const MAX_RECOVERIES = 100;
const MAX_DECISIONS = 30;
const SILENT_AFTER_MILLIS = 4000;

const orderMap = new Map();
const tickListeners = new Set();

export const live = shallowReactive({
  status: null,
  grants: [],
  switches: [],
  instruments: new Map(),
  ticks: new Map(),
  positions: [],
  strategies: [],
  orders: [],
  fills: [],
  journal: [],
  recoveries: [],
  stores: [],
  recovery: null,
  decisions: [],
  hosts: [],
  drills: null,
  work: null,
});

/** Milliseconds since the last update; grows by itself, so that silence shows. */
export const clock = reactive({now: performance.now(), receivedAt: performance.now()});
export const sinceUpdate = () => Math.max(0, clock.now - clock.receivedAt);
export const isSilent = () => sinceUpdate() > SILENT_AFTER_MILLIS;

export const selected = shallowRef(0);

/** Calls back with each changed tick and, on a reset, with null. */
export const onTick = listener => {
  tickListeners.add(listener);
  return () => tickListeners.delete(listener);
};

const merged = (map, rows, key) => {
  if (rows.length === 0) return map;
  const next = new Map(map);
  rows.forEach(row => next.set(row[key], row));
  return next;
};

const mergeOrders = rows => {
  if (rows.length === 0) return;
  rows.forEach(row => orderMap.set(row.orderNumber, row));
  while (orderMap.size > MAX_ORDERS) {
    let victim = orderMap.keys().next().value;
    for (const [number, order] of orderMap) {
      if (order.terminal) {
        victim = number;
        break;
      }
    }
    orderMap.delete(victim);
  }
  live.orders = [...orderMap.values()].sort((a, b) => b.orderNumber - a.orderNumber);
};

/** Sent again after a reconnection; the newest is kept first. */
const mergeDecisions = rows => {
  const newest = live.decisions[0]?.sequence ?? 0;
  const fresh = rows.filter(row => row.sequence > newest).reverse();
  if (fresh.length > 0) live.decisions = fresh.concat(live.decisions).slice(0, MAX_DECISIONS);
};

const apply = ({live: update, stores, recovery, hosts, drills, work}) => {
  clock.receivedAt = clock.now = performance.now();
  if (update.whole) {
    orderMap.clear();
    live.orders = [];
    live.fills = [];
    live.journal = [];
    live.recoveries = [];
    live.instruments = new Map();
    live.ticks = new Map();
  }
  live.status = update.status;
  live.grants = update.grants;
  live.switches = update.switches;
  live.positions = update.positions;
  live.strategies = update.strategies;
  live.stores = stores;
  live.recovery = recovery;
  if (recovery) mergeDecisions(recovery.decisions);
  if (hosts) live.hosts = hosts;
  if (drills) live.drills = drills;
  live.work = work;
  live.instruments = merged(live.instruments, update.instruments, 'instrument');
  live.ticks = merged(live.ticks, update.ticks, 'instrument');
  mergeOrders(update.orders);
  if (update.fills.length > 0) live.fills = [...update.fills].reverse().concat(live.fills).slice(0, MAX_FILLS);
  if (update.journal.length > 0) live.journal = [...update.journal].reverse().concat(live.journal).slice(0, MAX_NOTES);
  if (update.recoveries.length > 0) live.recoveries = [...update.recoveries].reverse().concat(live.recoveries).slice(0, MAX_RECOVERIES);
  if (!live.instruments.has(selected.value) && live.instruments.size > 0) selected.value = firstChoice();
  tickListeners.forEach(listener => {
    if (update.whole) listener(null);
    update.ticks.forEach(listener);
  });
};

/** What a strategy trades is watched first. */
const firstChoice = () => {
  const traded = live.strategies.find(strategy => strategy.state === 'RUNNING');
  return traded?.instrument ?? live.instruments.keys().next().value;
};

export const connect = () => {
  const source = new EventSource('/api/live');
  source.addEventListener('live', event => apply(JSON.parse(event.data)));
  source.addEventListener('ended', () => location.replace('/login'));
  source.addEventListener('full', () => source.close());
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return; // it reconnects by itself
    // Refused, not broken off: either the session ended, which leads to the login page, or the dashboard is restarting.
    get('/api/session').catch(() => {});
    setTimeout(connect, 2000);
  };
  return source;
};

setInterval(() => (clock.now = performance.now()), 500);

export const symbol = instrument => live.instruments.get(instrument)?.symbol ?? (instrument ? '#' + instrument : '');
