// Writes the CSS of a look, and shows it at once on every element of the page.
import { contrastsOf } from './contrast.js';
import { cssOf, lookOf } from './look.js';

const SIDES = ['light', 'dark'];

/** `change({preset?, changes?})` is told what was chosen; what is then `show`n is the page's to say. */
export function createThemeEditor(root, change) {
  const form = root.querySelector('form');
  const code = root.querySelector('#css');
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  let settings = { theme: '', preset: 'default', changes: {} };
  let css = '';

  const side = () => SIDES.indexOf(form.elements.side.value);
  const set = (name, value) => change({ changes: { ...settings.changes, [name]: value } });

  function show(next) {
    // Whoever turns to a theme wants to change its colours.
    if (next.theme !== settings.theme && SIDES.includes(next.theme)) form.elements.side.value = next.theme;
    settings = next;
    const look = lookOf(settings.preset, settings.changes);
    form.elements.preset.value = settings.preset;
    showColors(form, look, side());
    for (const name of ['radius', 'code-size']) {
      form.elements[name].value = look[name];
      form.elements[`${name}-said`].value = `${look[name]} px`;
    }
    form.elements.font.value = look.font;
    showContrast(root, look);
    css = cssOf(look);
    sheet.replaceSync(css);
    code.textContent = css || code.dataset.empty;
  }

  form.addEventListener('input', ({ target: { name, value, dataset } }) => {
    if (name === 'preset') change({ preset: value, changes: {} });
    else if (name === 'side') show(settings);
    else if (name === 'font') set(name, value);
    else if (dataset.color) {
      const hex = value.trim().toLowerCase();
      // While somebody types it is no colour yet.
      if (/^#[\da-f]{6}$/.test(hex)) set(`${form.elements.side.value}-${dataset.color}`, hex);
    } else set(name, Number(value));
  });
  form.addEventListener('change', () => showColors(form, lookOf(settings.preset, settings.changes), side(), true));
  form.addEventListener('submit', (event) => event.preventDefault());
  prepareCopying(root.querySelector('#copy'), () => css || code.dataset.empty, code);
  return { show };
}

/** A field somebody is typing in is left alone until they are done. */
function showColors(form, { colors }, side, done = false) {
  for (const field of form.querySelectorAll('[data-color]')) {
    if (field !== document.activeElement || done) field.value = colors[field.dataset.color][side];
  }
}

function showContrast(root, look) {
  for (const [side, name] of SIDES.entries()) {
    for (const { id, ratio, least } of contrastsOf(look, side)) {
      const cell = root.querySelector(`[data-pair="${id}"] [data-side="${name}"]`);
      // Rounded down: 4.499 is not 4.5.
      const said = (Math.floor(ratio * 10) / 10).toFixed(1);
      const low = ratio < least;
      cell.classList.toggle('low', low);
      cell.textContent = low ? `${said} ${root.dataset.low.replace('{least}', least)}` : said;
    }
  }
}

function prepareCopying(button, text, code) {
  const said = document.getElementById(button.getAttribute('aria-describedby'));
  let fading;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = said.dataset.done;
    } catch {
      // No clipboard for this page: it is marked, so that the keyboard can copy it.
      getSelection().selectAllChildren(code);
      said.textContent = said.dataset.marked;
    }
    clearTimeout(fading);
    fading = setTimeout(() => (said.textContent = ''), 4000);
  });
}
