// PostgreSQL, the hosts and what the recovery machine decides: one line on every view, and a view of its own.
import {h, onBeforeUnmount, ref} from 'vue';
import {workItem} from './drills.js';
import {age, bytes, clock as timeOfDay, clockTenths, count, words} from './format.js';
import {clock, isSilent, live, sinceUpdate} from './live.js';
import {orderButtons} from './recoveryOrders.js';
import {table} from './tables.js';
import {viewButtons} from './views.js';

const PHASES = {
  EMPTY: '', PROMOTING: 'warn', SINGLE: 'warn', TIGHTENING: 'warn', GUARDED: 'good', RELAXING: 'warn', STOPPING: 'warn', FENCING: 'bad', LOST: 'bad',
};
const MEANINGS = {
  EMPTY: 'nothing is configured yet',
  PROMOTING: 'a new primary was appointed and is not ready yet',
  SINGLE: 'the primary acknowledges alone: its loss may cost rows',
  TIGHTENING: 'the primary is about to wait for a standby',
  GUARDED: 'every acknowledged row is on two hosts',
  RELAXING: 'the primary is about to wait for nobody',
  STOPPING: 'a switchover: the primary is told to stop in order',
  FENCING: 'the primary is told to end',
  LOST: 'there is no primary',
};
const COPIES = {ABSENT: 'bad', DETACHED: 'warn', REBUILDING: 'warn', FOLLOWING: 'info', ELIGIBLE: 'good', PRIMARY: 'good'};
const PROCESSES = {RUNNING: 'good', STARTING: 'warn', WAITING: 'warn', STOPPING: 'warn', CRASH_LOOP: 'bad', HALTED: 'bad', STOPPED: ''};
const TONES = {GOOD: 'good', PLAIN: '', WARN: 'warn', BAD: 'bad'};
const DASH = '\u2013';

const older = millis => (millis < 0 ? -1 : millis + sinceUpdate());
const halted = () => live.hosts.flatMap(host => host.processes.filter(process => process.state === 'HALTED').map(process => ({host, process})));
const silentVoter = host => host.votes && host.answers === false;

const silence = voters => {
  if (!voters.loaded) return 'no majority of the voters has answered yet';
  const away = live.hosts.filter(silentVoter).map(host => host.name);
  return `nothing heard from the voters for ${age(older(voters.eventAgeMillis))}: nobody decides, or we are cut off`
    + (away.length ? `; agents that do not answer: ${away.join(', ')}` : '');
};

const phasePill = database => h('span', {class: ['state', PHASES[database.phase]], title: `${MEANINGS[database.phase]}; ${database.phaseReason}`}, words(database.phase));

const primaryWords = database =>
  database.primary ? database.primary : database.phase === 'PROMOTING' ? `nobody, ${database.holder} is being promoted` : 'nobody';

/** Falls by itself between two updates; each renewal fills it up again. */
const Lease = {
  setup() {
    const now = ref(performance.now());
    const timer = setInterval(() => (now.value = performance.now()), 100);
    onBeforeUnmount(() => clearInterval(timer));
    return () => {
      const {leaseLeftMillis, leaseMillis, holder, term} = live.recovery.database;
      const left = leaseLeftMillis < 0 ? -1 : Math.max(0, leaseLeftMillis - Math.max(0, now.value - clock.receivedAt));
      const kind = left < 0 ? '' : left < leaseMillis / 3 ? 'bad' : left < (2 * leaseMillis) / 3 ? 'warn' : 'good';
      return h('span', {class: ['lease', kind], title: holder ? `term ${term} is ${holder}'s` : 'nobody holds a term'}, [
        h('progress', {max: leaseMillis || 1, value: Math.max(0, left), 'aria-label': 'Lease left'}),
        h('span', {class: 'number'}, left < 0 ? 'none runs' : left === 0 ? 'run out' : `${(left / 1000).toFixed(1)} s`),
      ]);
    };
  },
};

const item = (label, value, kind = '', title = '') => h('span', {class: ['item', kind], title}, [h('small', label), ' ', value]);

const latest = incident => {
  const step = incident.steps.at(-1);
  return step ? `${step.what} ${step.host}: ${step.reason}` : incident.reason;
};

/** What a person must know first: that we are blind, then what is lost, then what stays down until somebody looks. */
const news = recovery => {
  const {incident, voters, database} = recovery;
  const bad = [
    voters.heard ? '' : silence(voters),
    incident?.open ? `Incident ${incident.number}${ageWords(incident)}: ${latest(incident)}` : '',
    ...halted().map(({host, process}) => `${process.name} on ${host.name} is halted: ${process.detail}`),
  ].filter(text => text);
  return bad.length ? h('strong', {class: 'news bad', title: bad.join('\n')}, bad.join(' \u00b7 ')) : h('span', {class: 'news dim'}, database.request || 'no incident is open');
};

const ageWords = incident => (incident.ageMillis < 0 ? ' open since before this page began' : ` open for ${age(older(incident.ageMillis))}`);

export const RecoveryBar = () => {
  const {recovery} = live;
  if (!recovery) return h('section', {class: 'recovery-bar', 'aria-label': 'Recovery'}, [item('PostgreSQL', 'no host votes, so nobody decides about it', 'dim'), workItem(), viewButtons()]);
  const {database, voters} = recovery;
  return h('section', {class: ['recovery-bar', recovery.incident?.open || !voters.heard ? 'bad' : ''], 'aria-label': 'Recovery'}, [
    item('PostgreSQL', phasePill(database)),
    item('primary', h('strong', primaryWords(database)), database.primary ? '' : 'bad'),
    item('term', h('strong', {class: 'number'}, database.term)),
    h(Lease),
    item('eligible', h('strong', database.eligible || 'nobody'), database.eligible ? '' : 'warn', database.eligibleReason),
    database.paused ? item('automation', h('strong', 'paused'), 'warn', `${database.pausedBy}: ${database.pausedReason}`) : null,
    workItem(),
    news(recovery),
    viewButtons(),
  ]);
};

const fact = (label, value, below = '', kind = '') =>
  h('div', {class: ['cell', kind]}, [h('dt', label), h('dd', [h('strong', value), h('small', {title: below}, below)])]);

const facts = ({database, voters}) => h('dl', {class: 'facts'}, [
  fact('Phase', words(database.phase), MEANINGS[database.phase], PHASES[database.phase]),
  fact('Primary', primaryWords(database), database.primary ? `timeline ${database.timeline}` : database.phaseReason, database.primary ? '' : 'bad'),
  fact('Term', `${database.term}`, database.holder ? `${database.holder}'s` : 'nobody\u2019s'),
  h('div', {class: 'cell'}, [h('dt', 'Lease'), h('dd', [h(Lease), h('small', `${database.leaseMillis / 1000} s from each renewal`)])]),
  fact('Eligible standby', database.eligible || 'nobody', database.eligible ? 'takes over without loss' : database.eligibleReason, database.eligible ? '' : 'warn'),
  fact('Automation', database.paused ? 'paused' : 'on', database.paused ? `${database.pausedBy}: ${database.pausedReason}` : 'decides by itself', database.paused ? 'warn' : ''),
  fact('Recovery log', voters.heard ? (voters.leader ? `${voters.leader} leads` : 'no leader known') : 'silent',
    `term ${voters.term}, ${voters.hosts.join(', ')} vote`, voters.heard ? '' : 'bad'),
]);

const COPY_COLUMNS = [['Host'], ['State'], ['Runs as'], ['Behind', 'number'], ['To replay', 'number'], ['Free', 'number'], ['Clock', 'number'], ['Seen', 'number'], ['Why']];

const runs = copy => {
  if (copy.role === 'PRIMARY') return `primary of term ${copy.term}`;
  if (copy.role === 'STANDBY') return copy.diverged ? 'standby, diverged' : copy.followedTerm ? `standby of term ${copy.followedTerm}` : 'standby of nobody';
  return 'does not run';
};

// A clock that is looked after is off by a few milliseconds, and a message takes some tens.
const CLOCK_OFF_MILLIS = 250;
const millis = offset => `${offset < 0 ? '\u2212' : '+'}${Math.abs(offset)} ms`;

// Appointed is not yet in service.
const copyKind = copy => (copy.state === 'PRIMARY' && copy.role !== 'PRIMARY' ? 'warn' : COPIES[copy.state]);

const copyRow = copy => {
  const seen = older(copy.seenAgoMillis);
  return h('tr', {key: copy.host}, [
    h('th', {scope: 'row'}, copy.host),
    h('td', h('span', {class: ['state', copyKind(copy)]}, words(copy.state))),
    h('td', {class: copy.diverged ? 'bad' : ''}, runs(copy)),
    h('td', {class: 'number'}, copy.lagBytes < 0 ? DASH : bytes(copy.lagBytes)),
    h('td', {class: 'number'}, copy.replayLagBytes < 0 ? DASH : bytes(copy.replayLagBytes)),
    h('td', {class: 'number'}, copy.diskFreeBytes < 0 ? DASH : bytes(copy.diskFreeBytes)),
    h('td', {class: ['number', Math.abs(copy.clockOffsetMillis) >= CLOCK_OFF_MILLIS ? 'warn' : ''], title: 'against the clock of the voter that leads'}, copy.seenAgoMillis < 0 ? DASH : millis(copy.clockOffsetMillis)),
    h('td', {class: ['number', seen < 0 || seen > 3000 ? 'bad' : 'dim']}, seen < 0 ? 'not yet' : age(seen)),
    h('td', {class: 'reason'}, copy.reason),
  ]);
};

const Database = ({operator}) => h('section', {class: 'panel database', 'aria-labelledby': 'database-title'}, [
  h('header', [h('h2', {id: 'database-title'}, 'PostgreSQL'), live.recovery.database.request ? h('small', {class: 'warn'}, live.recovery.database.request) : null, operator ? orderButtons() : null]),
  facts(live.recovery),
  table('Copies', COPY_COLUMNS, live.recovery.copies.map(copyRow), 'No copy is known yet.'),
]);
Database.props = ['operator'];

const processRow = process => h('li', {key: process.name, class: PROCESSES[process.state]}, [
  h('span', {class: 'dot', 'aria-hidden': true}),
  h('strong', process.name),
  h('span', {class: 'number'}, process.state === 'RUNNING' ? `pid ${process.pid}` : words(process.state)),
  process.state === 'RUNNING' && !process.restarts ? null
    : h('span', {class: 'detail'}, [process.restarts ? `${count(process.restarts)} ${process.restarts === 1 ? 'restart' : 'restarts'}. ` : '', process.state === 'RUNNING' ? '' : process.detail]),
]);

const hostCard = host => {
  const leads = live.recovery?.voters.heard && live.recovery.voters.leader === host.name;
  const role = host.votes ? (leads ? 'votes, leads' : 'votes') : 'no vote';
  return h('article', {key: host.name, class: ['host', host.answers === false ? 'away' : '']}, [
    h('h3', [`Host ${host.name} `, h('small', host.address), h('small', {class: leads ? 'good' : ''}, role)]),
    host.answers ? null : h('p', {class: host.answers === false ? 'bad' : 'dim'}, `${host.problem}${host.processes.length ? '. Before that:' : ''}`),
    h('ul', host.processes.map(processRow)),
  ]);
};

const Hosts = () => h('section', {class: 'panel hosts', 'aria-labelledby': 'hosts-title'}, [
  h('header', [h('h2', {id: 'hosts-title'}, 'Hosts'), h('small', 'as their agents say')]),
  h('div', {class: 'scroll cards'}, live.hosts.map(hostCard)),
]);

const stepRow = (step, index) => h('li', {key: index, class: TONES[step.tone]}, [
  h('span', {class: 'number', title: timeOfDay(step.atMillis)}, `+${age(step.sinceMillis)}`),
  h('strong', [step.what, step.host ? ` \u00b7 ${step.host}` : '', step.term ? h('small', ` term ${step.term}`) : null]),
  h('small', {class: 'number'}, step.tookMillis > 0 ? `took ${age(step.tookMillis)}` : ''),
  h('span', {class: 'detail'}, step.reason),
]);

const incidentHead = incident => {
  if (incident.open) return `Incident ${incident.number}${ageWords(incident)}`;
  return `Incident ${incident.number}, over after ${age(incident.ageMillis)}`;
};

/** The incident's own reason is the state after the first decisions; what was lost came before. */
const loss = incident => {
  const lost = incident.steps.find(step => step.what === 'primary lost');
  return lost ? `${lost.what}, ${lost.host}, term ${lost.term}: ${lost.reason}` : incident.reason;
};

const Incident = () => {
  const {incident} = live.recovery;
  if (!incident) {
    return h('section', {class: 'panel incident', 'aria-label': 'Incident'}, [h('header', h('h2', 'No incident')), h('p', {class: 'nothing'}, 'Redundancy was not lost while this dashboard ran.')]);
  }
  return h('section', {class: ['panel incident', incident.open ? 'open' : ''], 'aria-label': 'Incident'}, [
    h('header', [h('h2', {class: incident.open ? 'bad' : ''}, incidentHead(incident)), h('small', incident.openedMillis ? `opened ${timeOfDay(incident.openedMillis)}` : '')]),
    h('p', {class: 'lost'}, loss(incident)),
    h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Steps'}, [
      h('ol', {class: 'steps'}, incident.steps.map(stepRow)),
      incident.leftOut ? h('p', {class: 'nothing'}, `${incident.leftOut} steps in between are left out.`) : null,
    ]),
  ]);
};

const DECISION_COLUMNS = [['Time'], ['What'], ['Host'], ['Term', 'number'], ['Reason']];

const decisionRow = decision => h('tr', {key: decision.sequence}, [
  h('td', {class: 'time'}, clockTenths(decision.atMillis)),
  h('td', h('span', {class: ['what', TONES[decision.tone]]}, decision.what)),
  h('th', {scope: 'row'}, decision.host),
  h('td', {class: 'number'}, decision.term || ''),
  h('td', {class: 'reason'}, decision.reason),
]);

const TimeLine = () => h('section', {class: 'panel timeline', 'aria-labelledby': 'timeline-title'}, [
  h('header', [h('h2', {id: 'timeline-title'}, 'Decisions'), h('small', `the last ${live.decisions.length}, newest first`)]),
  table('Decisions', DECISION_COLUMNS, live.decisions.map(decisionRow), 'Nothing was decided since the last checkpoint.'),
]);

export const RecoveryView = {
  props: {operator: Boolean},
  setup: props => () => {
    if (!live.recovery) return h('main', {class: 'recovery'}, [h(Hosts)]);
    return h('main', {class: ['recovery', live.recovery.voters.heard && !isSilent() ? '' : 'silent']}, [
      h(Database, {operator: props.operator}), h(Incident), h(TimeLine), h(Hosts),
    ]);
  },
};
