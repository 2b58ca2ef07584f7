// Live price of one instrument with our fills, and the list to choose it from.
import {h, onBeforeUnmount, onMounted, ref, watch} from 'vue';
import UPlot from 'uplot';
import {get} from './api.js';
import {count, percent, rupees, tone} from './format.js';
import {live, onTick, selected} from './live.js';

const KEPT_MILLIS = 15 * 60 * 1000;
const SPANS = [1, 5, 15];
const COLOURS = {line: '#5aa9ff', fill: 'rgba(90,169,255,0.08)', grid: '#1b2331', text: '#8a97ab', BUY: '#35c77b', SELL: '#ff6b6f'};
const MARKER = 5;
const INDIAN = {timeZone: 'Asia/Kolkata', hour: '2-digit', minute: '2-digit'};
const toMinute = new Intl.DateTimeFormat('en-GB', INDIAN);
const withSeconds = new Intl.DateTimeFormat('en-GB', {...INDIAN, second: '2-digit'});

const watchRow = (instrument, tick) => {
  const change = tick && tick.previousClosePaise > 0 ? tick.lastPricePaise - tick.previousClosePaise : 0;
  return h('li', {key: instrument.instrument}, h('button', {
    class: ['watch', instrument.instrument === selected.value ? 'chosen' : ''],
    'aria-pressed': instrument.instrument === selected.value,
    onClick: () => (selected.value = instrument.instrument),
  }, [
    h('span', {class: 'symbol'}, instrument.symbol),
    h('span', {class: 'number'}, tick ? rupees(tick.lastPricePaise) : '\u2013'),
    h('span', {class: ['number', 'change', tone(change)]}, tick ? percent(change, tick.previousClosePaise) || '\u2013' : ''),
  ]));
};

export const Watchlist = () => h('ul', {class: 'watchlist', 'aria-label': 'Instruments'},
  [...live.instruments.values()].map(instrument => watchRow(instrument, live.ticks.get(instrument.instrument))));

const triangle = (context, x, y, up, size) => {
  const tip = up ? y + 2 : y - 2;
  const base = up ? tip + size * 1.7 : tip - size * 1.7;
  context.beginPath();
  context.moveTo(x, tip);
  context.lineTo(x - size, base);
  context.lineTo(x + size, base);
  context.closePath();
  context.fill();
  context.stroke();
};

/** A buy points up from below its price, a sell down from above it: told apart without colour. */
const drawFills = plot => {
  const context = plot.ctx;
  const size = MARKER * devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  context.clip();
  context.strokeStyle = '#0d121b';
  context.lineWidth = devicePixelRatio;
  for (const fill of live.fills) {
    const seconds = fill.atMillis / 1000;
    if (fill.instrument !== selected.value || seconds < plot.scales.x.min) continue;
    context.fillStyle = COLOURS[fill.side];
    triangle(context, plot.valToPos(seconds, 'x', true), plot.valToPos(fill.pricePaise / 100, 'y', true), fill.side === 'BUY', size);
  }
  context.restore();
};

const axis = extra => ({
  stroke: COLOURS.text, font: '11px system-ui, sans-serif', grid: {stroke: COLOURS.grid, width: 1}, ticks: {show: false}, ...extra,
});

const options = (width, height, spanMinutes) => ({
  width,
  height,
  legend: {show: false},
  cursor: {y: false, points: {size: 6}, drag: {x: false, y: false}},
  padding: [10, 6, 0, 16],
  tzDate: seconds => UPlot.tzDate(new Date(seconds * 1000), 'Asia/Kolkata'),
  scales: {
    x: {time: true, range: (plot, min, max) => [max - spanMinutes() * 60, max + spanMinutes() * 0.6]},
    y: {range: (plot, min, max) => padded(min, max)},
  },
  axes: [
    axis({size: 28, space: 80, values: (plot, splits, index, space, increment) => splits.map(value => (increment < 60 ? withSeconds : toMinute).format(value * 1000))}),
    axis({side: 1, size: 66, values: (plot, splits) => splits.map(value => value.toFixed(2))}),
  ],
  series: [{}, {stroke: COLOURS.line, width: 1.5, fill: COLOURS.fill, points: {show: false}, paths: UPlot.paths.stepped({align: 1})}],
  hooks: {draw: [drawFills]},
});

const padded = (min, max) => {
  if (min == null) return [0, 1];
  const margin = Math.max((max - min) * 0.15, max * 0.0002, 0.05);
  return [min - margin, max + margin];
};

const facts = tick => [
  ['Bid', `${rupees(tick.bidPaise)} \u00d7 ${count(tick.bidQuantity)}`],
  ['Ask', `${rupees(tick.askPaise)} \u00d7 ${count(tick.askQuantity)}`],
  ['Day', `${rupees(tick.dayLowPaise)} \u2013 ${rupees(tick.dayHighPaise)}`],
  ['Volume', count(tick.volume)],
];

export const Chart = {
  setup() {
    const holder = ref(null);
    const span = ref(5);
    let plot = null;
    let times = [];
    let prices = [];
    let loading = 0;
    let observer = null;

    const redraw = () => plot?.setData([times, prices]);
    const add = tick => {
      if (tick === null) return load();
      if (tick.instrument !== selected.value || tick.atMillis / 1000 <= (times.at(-1) ?? 0)) return;
      times.push(tick.atMillis / 1000);
      prices.push(tick.lastPricePaise / 100);
      const old = times.findIndex(time => time > (tick.atMillis - KEPT_MILLIS) / 1000);
      if (old > 0) {
        times.splice(0, old);
        prices.splice(0, old);
      }
    };
    const load = async () => {
      const request = ++loading;
      times = [];
      prices = [];
      if (!selected.value) return;
      const history = await get(`/api/ticks?instrument=${selected.value}`).catch(() => null);
      if (request !== loading || !history) return; // another instrument was chosen meanwhile
      const newer = times.findIndex(time => time * 1000 > (history.timesMillis.at(-1) ?? 0));
      times = history.timesMillis.map(millis => millis / 1000).concat(newer < 0 ? [] : times.slice(newer));
      prices = history.pricesPaise.map(paise => paise / 100).concat(newer < 0 ? [] : prices.slice(newer));
      redraw();
    };

    const forget = onTick(add);
    onMounted(() => {
      const size = () => [holder.value.clientWidth, holder.value.clientHeight];
      plot = new UPlot(options(...size(), () => span.value), [times, prices], holder.value);
      observer = new ResizeObserver(() => plot.setSize({width: size()[0], height: size()[1]}));
      observer.observe(holder.value);
      load();
    });
    watch(selected, load);
    watch([() => live.ticks, () => live.fills, span], redraw);
    onBeforeUnmount(() => {
      forget();
      observer.disconnect();
      plot.destroy();
    });

    return () => {
      const instrument = live.instruments.get(selected.value);
      const tick = live.ticks.get(selected.value);
      const change = tick && tick.previousClosePaise > 0 ? tick.lastPricePaise - tick.previousClosePaise : 0;
      return h('div', {class: 'chart'}, [
        h('header', [
          h('h2', instrument ? instrument.symbol : 'No instrument'),
          h('span', {class: 'last number'}, tick ? rupees(tick.lastPricePaise) : '\u2013'),
          h('span', {class: ['number', tone(change)]}, tick ? percent(change, tick.previousClosePaise) : ''),
          h('dl', tick ? facts(tick).map(([label, value]) => h('div', {key: label}, [h('dt', label), h('dd', {class: 'number'}, value)])) : []),
          h('div', {class: 'choices', role: 'group', 'aria-label': 'Span'}, SPANS.map(minutes =>
            h('button', {key: minutes, class: 'quiet', 'aria-pressed': span.value === minutes, onClick: () => (span.value = minutes)}, `${minutes} min`))),
        ]),
        h('div', {class: 'plot', ref: holder, role: 'img', 'aria-label': `Price of ${instrument?.symbol ?? 'nothing'} with our fills`}),
      ]);
    };
  },
};
