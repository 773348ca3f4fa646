// The gallery: what is chosen, in the controls, in the address and on the shelves.
import { readAddress, writeAddress } from './address.js';
import { playCompanion } from './companion.js';
import { lookOf } from './look.js';
import { arrange, clear } from './shelves.js';
import { takeNoSeats } from './specimen.js';
import { createThemeEditor } from './theme-editor.js';

const root = document.documentElement;
const figures = [...document.querySelectorAll('figure[data-specimen]')];
const pickers = document.getElementById('pickers');
const drawer = document.getElementById('theme-editor');
const defaults = { language: root.lang, theme: 'light', layout: 'auto', width: 400, preset: 'default' };
/** What a card adds to its code's width, px. */
const CARD_AROUND_CODE = 80;
let settings = readAddress(location.hash, defaults);
let writing;

playCompanion();
takeNoSeats();
const editor = createThemeEditor(drawer, change);

function change(more) {
  settings = { ...settings, ...more };
  show();
  // A slider moves sixty times a second, and some browsers refuse so many addresses.
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, '', writeAddress(settings)), 150);
}

function show() {
  const { language, theme, layout, width, preset, changes } = settings;
  for (const name of ['language', 'theme', 'layout']) pickers.elements[name].value = settings[name];
  pickers.elements.width.value = width;
  pickers.elements.widthSaid.value = `${width} px`;
  root.dataset.theme = theme;
  if (language === 'all') root.dataset.overview = 'rows';
  else if (theme === 'both') root.dataset.overview = 'pairs';
  else delete root.dataset.overview;
  root.style.setProperty('--width', `${width}px`);
  const { 'code-size': codeSize } = lookOf(preset, changes);
  root.style.setProperty('--natural-width', `${codeSize + (layout === 'compact' ? 0 : CARD_AROUND_CODE)}px`);
  editor.show(settings);
  arrange(figures, settings, root.dataset);
}

pickers.addEventListener('input', ({ target }) =>
  change({ [target.name]: target.name === 'width' ? Number(target.value) : target.value }),
);
pickers.addEventListener('submit', (event) => event.preventDefault());
document.getElementById('restart').addEventListener('click', () => {
  clear(figures);
  show();
});
addEventListener('hashchange', () => {
  settings = readAddress(location.hash, defaults);
  show();
});
// Where the next step could be done there is nothing; the button is here to be looked at.
addEventListener('click', (event) => {
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (link?.hostname === 'gallery.invalid') event.preventDefault();
});

const besides = matchMedia('(min-width: 1200px)');
const unfold = () => (drawer.open = besides.matches && !root.hasAttribute('data-overview'));
besides.addEventListener('change', unfold);
show();
unfold();
