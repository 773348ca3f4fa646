// A look: what a site may set on the element, as a rule that it can copy.

/** The element's own colours, `[light, dark]`; the end-to-end test holds them against it. */
export const OWN_COLORS = {
  accent: ['#07c160', '#07c160'],
  'accent-strong': ['#067a41', '#2ed67f'],
  'on-accent': ['#ffffff', '#04210f'],
  background: ['#ffffff', '#1c1c1e'],
  color: ['#17181a', '#f2f2f4'],
  'muted-color': ['#63666d', '#a2a2a9'],
  'border-color': ['#e6e7ea', '#37373b'],
  'danger-color': ['#c4281c', '#ff8a80'],
};
export const OWN_SIZES = { radius: 16, 'code-size': 208 };

export const FONTS = {
  system: '',
  serif: "Georgia, 'Songti SC', 'Noto Serif SC', serif",
  rounded: "ui-rounded, 'SF Pro Rounded', 'Hiragino Maru Gothic ProN', 'Noto Sans SC', sans-serif",
  mono: "ui-monospace, SFMono-Regular, Menlo, 'Noto Sans SC', monospace",
};

const palette = (...pairs) => Object.fromEntries(Object.keys(OWN_COLORS).map((name, index) => [name, pairs[index]]));

/** `colors` in the order of OWN_COLORS. */
export const PRESETS = {
  default: { colors: {} },
  ink: {
    colors: palette(
      ['#22252b', '#e9eaee'],
      ['#15171b', '#f2f3f5'],
      ['#ffffff', '#15171b'],
      ['#ffffff', '#15171c'],
      ['#15171b', '#f4f5f7'],
      ['#5b5f68', '#a5a9b4'],
      ['#d9dbe0', '#33363e'],
      ['#b3261e', '#ffb4ab'],
    ),
    radius: 6,
  },
  tea: {
    colors: palette(
      ['#d9793a', '#e9a06a'],
      ['#1f5b45', '#8fd0b0'],
      ['#ffffff', '#0d2018'],
      ['#fffdf9', '#17221d'],
      ['#22302a', '#f3efe6'],
      ['#5d6a62', '#a9b5ad'],
      ['#e6dfd2', '#2f3f37'],
      ['#a8321f', '#ff9d8a'],
    ),
    radius: 24,
    font: 'serif',
  },
  contrast: {
    colors: palette(
      ['#000000', '#ffffff'],
      ['#00401f', '#5dff9f'],
      ['#ffffff', '#000000'],
      ['#ffffff', '#000000'],
      ['#000000', '#ffffff'],
      ['#1f1f1f', '#e6e6e6'],
      ['#000000', '#ffffff'],
      ['#8a0000', '#ffb0a8'],
    ),
    radius: 4,
    'code-size': 232,
  },
};

/** A preset with what was changed on top: `{ 'light-accent': '#123456', radius: 8, font: 'mono' }`. */
export function lookOf(preset, changes = {}) {
  const chosen = PRESETS[preset];
  const colors = Object.fromEntries(
    Object.entries(OWN_COLORS).map(([name, own]) => {
      const [light, dark] = chosen.colors[name] ?? own;
      return [name, [changes[`light-${name}`] ?? light, changes[`dark-${name}`] ?? dark]];
    }),
  );
  const size = (name) => changes[name] ?? chosen[name] ?? OWN_SIZES[name];
  return {
    colors,
    radius: size('radius'),
    'code-size': size('code-size'),
    font: changes.font ?? chosen.font ?? 'system',
  };
}

/** The rule, with what differs from the element's own; empty where nothing does. */
export function cssOf(look) {
  const set = [];
  for (const [name, [light, dark]] of Object.entries(look.colors)) {
    const own = OWN_COLORS[name];
    if (light === own[0] && dark === own[1]) continue;
    // The element says by `color-scheme` which of the two it shows, so that one rule serves both.
    set.push([name, light === dark ? light : `light-dark(${light}, ${dark})`]);
  }
  for (const [name, own] of Object.entries(OWN_SIZES)) if (look[name] !== own) set.push([name, `${look[name]}px`]);
  if (FONTS[look.font]) set.push(['font', FONTS[look.font]]);
  if (set.length === 0) return '';
  return `wechat-follow-login {\n${set.map(([name, value]) => `  --wechat-login-${name}: ${value};\n`).join('')}}\n`;
}
