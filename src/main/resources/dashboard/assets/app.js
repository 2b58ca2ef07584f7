import {createApp, h, shallowRef} from 'vue';
import {loadSession} from './api.js';
import {Chart, Watchlist} from './chart.js';
import {Messages, ReasonDialog} from './dialog.js';
import {DrillsView} from './drills.js';
import {connect, isSilent, live} from './live.js';
import {Orders} from './orders.js';
import {RecoveryBar, RecoveryView} from './recovery.js';
import {RecoveryDialog} from './recoveryOrders.js';
import {Stores} from './stores.js';
import {Strip} from './strip.js';
import {SwitchDialog} from './switches.js';
import {Positions, Strategies} from './tables.js';
import {Ticket} from './ticket.js';
import {shown} from './views.js';

const session = shallowRef(null);

const trading = (operator, stale) => h('main', {class: stale ? 'stale' : ''}, [
  h('section', {class: 'panel market', 'aria-label': 'Market'}, [h(Watchlist), h(Chart)]),
  h(Ticket, {operator}),
  h(Positions),
  h(Strategies, {operator}),
  h(Orders, {operator}),
  h(Stores),
]);

const view = (operator, stale) => {
  if (shown.value === '#recovery') return h(RecoveryView, {operator});
  return shown.value === '#drills' ? h(DrillsView, {operator}) : trading(operator, stale);
};

const page = () => {
  const operator = session.value.role === 'OPERATOR';
  const stale = isSilent() || live.status.verdict === 'UNKNOWN';
  return [
    h(Strip, {session: session.value}),
    h(RecoveryBar),
    view(operator, stale),
    h(ReasonDialog),
    h(SwitchDialog, {operator}),
    live.recovery ? h(RecoveryDialog) : null,
    h(Messages),
  ];
};

createApp(() => (session.value && live.status ? page() : h('p', {class: 'loading'}, 'Connecting'))).mount('#app');

session.value = await loadSession();
connect();
