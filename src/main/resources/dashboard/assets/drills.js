// The drills there are, what the last run of each found, and the one under way.
import {h, ref} from 'vue';
import {post} from './api.js';
import {askReason, attempt} from './dialog.js';
import {Run, began, took, verdictPill} from './drillRun.js';
import {clock as timeOfDay, count, day} from './format.js';
import {isSilent, live} from './live.js';
import {table} from './tables.js';

/** Whose last run is shown; empty for the one under way, or the newest. */
const chosen = ref('');
const starting = ref('');

/** Twice is back to what is new. */
const choose = name => {
  chosen.value = chosen.value === name ? '' : name;
  document.querySelector('.run').scrollIntoView({block: 'nearest'});
};

const atWork = () => (live.work?.lives ? live.work : null);

/** What is at work in one short phrase, for every view. */
export const workItem = () => {
  const work = atWork();
  if (!work) return null;
  // Whom the fault strikes is in the drills' own view; here a long phrase would make two lines of one.
  const doing = work.name === 'chaos' ? 'chaos is at work' : `${work.name}: ${work.phase.split(':')[0] || 'under way'}`;
  return h('span', {class: 'item warn', title: work.purpose}, [h('small', 'drill'), ' ', h('strong', doing)]);
};

const run = async drill => {
  const reason = await askReason({
    title: `Run ${drill.name}`,
    text: `${drill.does} It must show: ${drill.shows} Meanwhile ten orders a second are sent; the fault is lifted whatever happens.`,
    verb: 'Run the drill',
    danger: true,
  });
  if (!reason) return;
  chosen.value = '';
  starting.value = drill.name;
  await attempt(`${drill.name} is at work`, () => post(`/api/drills/${drill.name}`, {reason}));
  starting.value = '';
};

const runButton = drill => {
  const why = atWork() ? `${live.work.name} is at work` : starting.value ? `${starting.value} is being started` : drill.possible ? '' : 'this system has nothing that it could strike';
  return h('button', {class: 'small danger', 'aria-label': `Run ${drill.name}`, title: why, disabled: why !== '', onClick: () => run(drill)}, starting.value === drill.name ? 'Starting' : 'Run');
};

const COLUMNS = [['Drill'], ['Last run'], ['Verdict'], ['Order after', 'number'], ['Row after', 'number'], ['Lost'], ['']];

const lost = report => {
  if (report.rowsLost === null && report.ordersLost === null) return '?';
  const parts = [report.rowsLost ? `${count(report.rowsLost)} rows` : '', report.ordersLost ? `${count(report.ordersLost)} orders` : ''].filter(part => part);
  return parts.join(', ') || 'nothing';
};

/** On a telephone there is no heading above a figure, so each brings its own. */
const figure = (label, kind, value) => h('td', {class: kind, 'data-label': label}, value);

const figureCells = report => [
  h('td', {class: 'time'}, [h('span', day(began(report))), h('small', timeOfDay(began(report)))]),
  h('td', verdictPill(report)),
  figure('order after', 'number', took(report.rtoTradeMillis)),
  figure('row after', 'number', took(report.rtoDurableMillis)),
  figure('lost', report.rowsLost || report.ordersLost ? 'bad' : 'dim', lost(report)),
];

const row = (drill, operator) => h('tr', {key: drill.name, class: drill.possible ? '' : 'flat'}, [
  h('th', {scope: 'row'}, [
    h('button', {class: 'link', disabled: !drill.last, title: drill.last ? 'show its last run' : '', onClick: () => choose(drill.name)}, drill.name),
    h('p', [drill.does, ' ', h('em', drill.shows)]),
  ]),
  drill.last ? figureCells(drill.last) : h('td', {class: drill.problem ? 'bad never' : 'dim never', colspan: 5}, drill.problem || 'never run'),
  operator ? h('td', {class: 'action'}, runButton(drill)) : null,
]);

const Drills = ({operator}) => {
  const {refusal, drills} = live.drills;
  const buttons = operator && !refusal;
  return h('section', {class: 'panel drills', 'aria-labelledby': 'drills-title'}, [
    h('header', [h('h2', {id: 'drills-title'}, 'Drills'), h('small', 'one fault each, under load, with a verdict')]),
    refusal ? h('p', {class: 'refusal'}, `No drill is started here: ${refusal}`) : null,
    table('The drills there are', buttons ? COLUMNS : COLUMNS.slice(0, -1), drills.map(drill => row(drill, buttons)), 'There are none.'),
  ]);
};
Drills.props = ['operator'];

export const DrillsView = {
  props: {operator: Boolean},
  setup: props => () => h('main', {class: ['drilling', isSilent() ? 'stale' : '']}, live.drills ? [h(Drills, {operator: props.operator}), h(Run, {chosen: chosen.value})] : []),
};
