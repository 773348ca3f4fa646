// WCAG 2.2 contrast (1.4.3 for text, 1.4.11 for signs) of what the element paints on what.

/** `[id, foreground, background, least]`; `badge:X` is the disc behind a sign in the colour X. */
const PAIRS = [
  ['text', 'color', 'background', 4.5],
  ['muted', 'muted-color', 'background', 4.5],
  ['button', 'on-accent', 'accent-strong', 4.5],
  ['link', 'accent-strong', 'background', 4.5],
  ['good', 'accent-strong', 'badge:accent-strong', 3],
  ['bad', 'danger-color', 'badge:danger-color', 3],
];

/** `side`: 0 for light, 1 for dark. */
export function contrastsOf({ colors }, side) {
  const colorOf = (name) => {
    if (!name.startsWith('badge:')) return channels(colors[name][side]);
    return mix(channels(colors[name.slice(6)][side]), channels(colors.background[side]), 0.16);
  };
  return PAIRS.map(([id, front, back, least]) => ({ id, least, ratio: ratioOf(colorOf(front), colorOf(back)) }));
}

function ratioOf(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color) {
  const [red, green, blue] = color.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const mix = (color, ground, share) => color.map((value, index) => value * share + ground[index] * (1 - share));

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
