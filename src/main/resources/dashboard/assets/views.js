// Which of the page's views is shown; it is in the address, so that a reload keeps it.
import {h, ref} from 'vue';

const VIEWS = [['', 'Trading'], ['#recovery', 'Recovery'], ['#drills', 'Drills']];

export const shown = ref(location.hash);
addEventListener('hashchange', () => (shown.value = location.hash));

/** Where one can go from here. */
export const viewButtons = () => h('nav', {class: 'views', 'aria-label': 'Views'}, VIEWS
  .filter(([hash]) => hash !== shown.value)
  .map(([hash, text]) => h('button', {key: hash, class: 'quiet', onClick: () => (location.hash = hash)}, text)));
