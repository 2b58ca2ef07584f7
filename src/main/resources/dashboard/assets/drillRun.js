// What one run of a drill did and found, or does just now.
import {h} from 'vue';
import {age, clock as timeOfDay, count, day} from './format.js';
import {live, sinceUpdate} from './live.js';

const VERDICTS = {pass: 'good', partial: 'warn', fail: 'bad', aborted: '', inconclusive: 'warn'};
const DASH = '\u2013';

export const began = report => Date.parse(report.began);
export const took = millis => (millis === null ? DASH : age(millis));
export const verdictPill = report => h('span', {class: ['state', VERDICTS[report.verdict]]}, report.verdict);

const when = millis => `${day(millis)}, ${timeOfDay(millis)}`;
const known = figure => (figure === null ? '?' : count(figure));
const phaseKind = name => (name.startsWith('fault') ? 'bad' : name === 'recovery' ? 'warn' : 'info');

/** Each phase as wide as it was long; what the reader needs in numbers is in the list below it. */
const timeLine = phases => h('div', {class: 'span', 'aria-hidden': true}, phases.map((phase, index) =>
  h('i', {key: index, class: phaseKind(phase.name), title: `${phase.name}, ${age(phase.tookMillis)}`, style: {flexGrow: Math.max(1, phase.tookMillis)}})));

const phaseRow = (phase, index) => h('li', {key: index, class: [phaseKind(phase.name), phase.now ? 'now' : '']}, [
  h('span', {class: 'number'}, `+${age(phase.startedMillis)}`),
  h('strong', phase.name),
  h('small', {class: 'number'}, phase.now ? `for ${age(phase.tookMillis)}` : age(phase.tookMillis)),
]);

const phaseList = phases => h('ol', {class: 'steps', 'aria-label': 'Phases'}, phases.map(phaseRow));

const underWay = work => {
  const grown = work.lives ? sinceUpdate() : 0;
  const present = {name: work.phase, startedMillis: work.ageMillis - work.phaseAgeMillis, tookMillis: work.phaseAgeMillis + grown, now: true};
  const phases = work.phase && work.lives ? [...work.phases, present] : work.phases;
  return h('section', {class: ['panel run', work.lives ? 'alive' : ''], 'aria-label': 'Run'}, [
    h('header', [
      h('h2', {class: work.lives ? 'warn' : ''}, work.name),
      h('small', work.lives ? `under way for ${age(work.ageMillis + grown)}` : when(work.beganMillis)),
    ]),
    h('p', {class: 'lost'}, work.purpose),
    work.lives ? null : h('p', {class: 'lost warn'}, 'Its process ended before it could judge. What it had disturbed is lifted by another. If the page started it, chaos/page.log in the home tells what it printed.'),
    phases.length ? timeLine(phases) : null,
    h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Its phases'}, phaseList(phases)),
  ]);
};

const fact = (label, value, kind = '') => h('div', [h('dt', label), h('dd', {class: kind}, value)]);

const lossKind = figure => (figure ? 'bad' : '');

const invariants = each => {
  const names = Object.keys(each);
  const broken = names.filter(name => !each[name]);
  return broken.length ? `broken: ${broken.join(', ')}` : names.length ? `all ${names.length} hold: ${names.join(', ')}` : 'not audited';
};

const rows = report => {
  if (report.rowsAcknowledged === null) return DASH;
  const alone = report.rowsLostAlone ? `, and ${count(report.rowsLostAlone)} that stood on one host only` : '';
  return `${count(report.rowsAcknowledged)} acknowledged, ${known(report.rowsLost)} lost${alone}`;
};

const facts = report => h('dl', {class: 'figures'}, [
  fact('Struck', report.target || 'nothing'),
  fact('Noticed after', took(report.detectedMillis)),
  fact('Next order after', took(report.rtoTradeMillis)),
  fact('Next acknowledged row', took(report.rtoDurableMillis)),
  fact('Next recorded event', took(report.recordedMillis)),
  fact('Two primaries for', took(report.splitBrainMillis), lossKind(report.splitBrainMillis)),
  fact('Rows', rows(report), lossKind(report.rowsLost)),
  fact('Orders', `${known(report.ordersLost)} lost, ${known(report.ordersDuplicated)} doubled`, lossKind(report.ordersLost || report.ordersDuplicated)),
  fact('Invariants', invariants(report.invariants), Object.values(report.invariants).every(holds => holds) ? '' : 'bad'),
  fact('Machine', report.machine),
]);

const finished = report => h('section', {class: 'panel run', 'aria-label': 'Run'}, [
  h('header', [h('h2', report.name), verdictPill(report), h('small', when(began(report)))]),
  h('p', {class: 'lost'}, report.reason),
  h('p', {class: 'dim purpose'}, report.purpose),
  timeLine(report.phases),
  h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'What it found'}, [phaseList(report.phases), facts(report)]),
]);

/** Of the drill that was chosen; else the one under way, or the newest. */
export const Run = ({chosen}) => {
  const reports = live.drills.drills.map(drill => drill.last).filter(report => report);
  const picked = reports.find(report => report.name === chosen);
  if (picked) return finished(picked);
  const newest = reports.reduce((last, report) => (!last || began(report) > began(last) ? report : last), null);
  if (live.work && (live.work.lives || !newest || live.work.beganMillis > began(newest))) return underWay(live.work);
  if (newest) return finished(newest);
  return h('section', {class: 'panel run', 'aria-label': 'Run'}, [h('header', h('h2', 'No run yet')), h('p', {class: 'nothing'}, 'What the last drill showed will stand here.')]);
};
Run.props = ['chosen'];
