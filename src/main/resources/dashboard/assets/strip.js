// The strip answers the question the page is for: can we trade?
import {h} from 'vue';
import {logout} from './api.js';
import {age, clock as timeOfDay, count, signedRupees, tone, words} from './format.js';
import {isSilent, live, sinceUpdate} from './live.js';
import {openSwitches} from './switches.js';

const VERDICTS = {CAN_TRADE: ['Can trade', 'good'], CANNOT_TRADE: ['Cannot trade', 'bad'], UNKNOWN: ['Unknown', 'warn']};
const NO_CAP = 1000000; // a budget this large is none

const cell = (label, value, below, kind = '', title = '') =>
  h('div', {class: ['cell', kind], title}, [h('dt', label), h('dd', [h('strong', value), h('small', below)])]);

const verdict = status => {
  const eventAge = status.eventAgeMillis < 0 ? -1 : status.eventAgeMillis + sinceUpdate();
  if (isSilent()) return ['Unknown', 'warn', `no word from the dashboard for ${age(sinceUpdate())}`];
  const [text, kind] = VERDICTS[status.verdict];
  if (!status.loaded) return ['Unknown', 'warn', 'waiting for the event stream'];
  if (status.verdict === 'UNKNOWN') return [text, kind, `${status.reason}; last event ${age(eventAge)} ago`];
  return [text, kind, status.reason || 'orders are accepted and sent'];
};

const budget = value => (value < 0 || value >= NO_CAP ? '\u221e' : count(value));

const feedKind = status =>
  status.feedState === 'DISCONNECTED' || status.feedState === 'STALE' ? 'bad' : status.feedState === 'GAP' ? 'warn' : '';

export const Strip = {
  props: {session: Object},
  setup(props) {
    return () => {
      const status = live.status;
      const [text, kind, reason] = verdict(status);
      const sender = live.grants.find(grant => grant.kind === 'SENDER' && grant.granted);
      const killed = live.switches.filter(item => item.engaged);
      const profit = status.realisedPaise + status.unrealisedPaise;
      const troubled = status.uncertain + status.held > 0;
      return h('header', {class: 'strip'}, [
        h('section', {class: ['verdict', kind], 'aria-live': 'assertive', 'aria-label': 'Can we trade'}, [
          h('span', {class: 'brand'}, 'Holdfast'),
          h('strong', {id: 'verdict'}, text),
          h('small', {title: reason}, reason),
        ]),
        h('dl', {class: 'cells'}, [
          cell('Mode', status.realBroker ? 'Real broker' : 'Simulated', `${status.profile ?? '\u2013'} profile`, status.realBroker ? 'warn' : ''),
          cell('Leader', status.leader < 0 ? '\u2013' : `member ${status.leader}`,
            status.connected ? `term ${status.term}` : 'not connected', status.connected ? '' : 'bad'),
          cell('Sender', sender ? `host ${sender.host}` : 'nobody', sender ? `epoch ${sender.epoch}` : 'no grant', sender ? '' : 'bad'),
          cell('Market time', timeOfDay(status.marketTimeMillis), `${status.day ?? 'no day'} \u00b7 ${words(status.dayPhase)}`),
          cell('Feed', status.feedAgeMillis < 0 ? '\u2013' : age(status.feedAgeMillis + sinceUpdate()), words(status.feedState),
            feedKind(status), status.feedDetail),
          cell('Broker', words(status.brokerSession), 'session', status.brokerSession === 'VALID' ? '' : 'bad', status.brokerDetail),
          cell('Uncertain / held', `${status.uncertain} / ${status.held}`, `${status.working} working`, troubled ? 'warn' : ''),
          cell('Budget left', `${budget(status.secondBudget)}/s`, `${budget(status.minuteBudget)} min \u00b7 ${budget(status.dayBudget)} day`,
            status.minuteBudget === 0 || status.dayBudget === 0 ? 'bad' : ''),
          cell('P&L today', signedRupees(profit), `realised ${signedRupees(status.realisedPaise)}`, 'profit ' + tone(profit)),
        ]),
        h('nav', {'aria-label': 'Controls'}, [
          h('button', {id: 'kill', class: ['danger', killed.length ? 'engaged' : ''], onClick: openSwitches},
            killed.length ? `Switches \u00b7 ${killed.length} on` : 'Kill switch'),
          h('button', {class: 'quiet', onClick: logout, title: `${props.session.user}, ${words(props.session.role)}`},
            `Log out ${props.session.user}`),
        ]),
      ]);
    };
  },
};
