// What is chosen stands behind the `#` of the address, so that a look can be sent to somebody.
import { FONTS, OWN_COLORS, OWN_SIZES, PRESETS } from './look.js';
import { LANGUAGES } from './shelves.js';

/** Whoever typed the address: only what the page could have written itself is taken. */
const ALLOWED = {
  __proto__: null,
  language: (value) => value === 'all' || Object.hasOwn(LANGUAGES, value),
  theme: (value) => /^(light|dark|auto|both)$/.test(value),
  layout: (value) => /^(auto|card|compact)$/.test(value),
  width: (value) => isWithin(value, 160, 400),
  preset: (value) => Object.hasOwn(PRESETS, value),
};
const CHANGES = {
  __proto__: null,
  radius: (value) => isWithin(value, 0, 32),
  'code-size': (value) => isWithin(value, 120, 280),
  font: (value) => Object.hasOwn(FONTS, value),
};
for (const name of Object.keys(OWN_COLORS)) {
  for (const side of ['light', 'dark']) CHANGES[`${side}-${name}`] = (value) => /^#[\da-f]{6}$/.test(value);
}

const isWithin = (value, least, most) => /^\d+$/.test(value) && value >= least && value <= most;

export function readAddress(hash, defaults) {
  const settings = { ...defaults, changes: {} };
  for (const [name, said] of new URLSearchParams(hash.replace(/^#/, ''))) {
    const value = /^(light|dark)-/.test(name) ? `#${said.toLowerCase()}` : said;
    if (ALLOWED[name]?.(value)) settings[name] = name === 'width' ? Number(value) : value;
    else if (CHANGES[name]?.(value)) settings.changes[name] = name in OWN_SIZES ? Number(value) : value;
  }
  return settings;
}

export function writeAddress({ changes, ...settings }) {
  const said = Object.entries(changes).map(([name, value]) => [name, String(value).replace('#', '')]);
  return `#${new URLSearchParams([...Object.entries(settings), ...said])}`;
}
