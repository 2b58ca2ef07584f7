// How figures are written. All times on the page are Indian Standard Time.
const rupeeFormat = new Intl.NumberFormat('en-IN', {minimumFractionDigits: 2, maximumFractionDigits: 2});
const wholeFormat = new Intl.NumberFormat('en-IN', {maximumFractionDigits: 0});
const clockFormat = new Intl.DateTimeFormat('en-GB', {timeZone: 'Asia/Kolkata', hour: '2-digit', minute: '2-digit', second: '2-digit'});
const dayFormat = new Intl.DateTimeFormat('en-GB', {timeZone: 'Asia/Kolkata', day: '2-digit', month: 'short', year: 'numeric'});

const MINUS = '\u2212';

export const rupees = paise => rupeeFormat.format(paise / 100).replace('-', MINUS);

export const signedRupees = paise => (paise > 0 ? '+' : '') + rupees(paise);

export const count = value => wholeFormat.format(value).replace('-', MINUS);

export const signedCount = value => (value > 0 ? '+' : '') + count(value);

export const percent = (part, whole) => {
  if (!whole) return '';
  const value = (part / whole) * 100;
  return (value > 0 ? '+' : '') + value.toFixed(2).replace('-', MINUS) + '%';
};

export const clock = millis => (millis > 0 ? clockFormat.format(millis) : '\u2013');

/** For what happens within a second. */
export const clockTenths = millis => (millis > 0 ? `${clockFormat.format(millis)}.${Math.floor((millis % 1000) / 100)}` : '\u2013');

export const bytes = value => {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(value < 10240 ? 1 : 0)} KiB`;
  return `${(value / (1024 * 1024)).toFixed(value < 10485760 ? 1 : 0)} MiB`;
};

export const day = millis => (millis > 0 ? dayFormat.format(millis) : '\u2013');

/** An age or a duration, in the unit in which it is read fastest. */
export const age = millis => {
  if (millis < 0) return '\u2013';
  if (millis < 1000) return Math.round(millis) + ' ms';
  if (millis < 10000) return (millis / 1000).toFixed(1) + ' s';
  if (millis < 120000) return Math.round(millis / 1000) + ' s';
  if (millis < 7200000) return Math.round(millis / 60000) + ' min';
  return Math.round(millis / 3600000) + ' h';
};

export const tone = value => (value > 0 ? 'good' : value < 0 ? 'bad' : '');

export const words = constant => (constant ?? '').toLowerCase().replaceAll('_', ' ');

/** Paise of what a person typed, exactly; null when it is not an amount with at most two decimals. */
export const parseRupees = text => {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.trim());
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
};
