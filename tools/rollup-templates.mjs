// Takes the layout out of Lit's templates: indentation, and the spaces that CSS does not need. Browsers read them the
// same; line breaks between lines stay, so that source maps go on pointing at the right line in HTML.

/** A rollup plugin for sources, to stand before the one that compiles them. */
export function compactTemplates() {
  return {
    name: 'compact-templates',
    transform(code, id) {
      if (!id.endsWith('.ts') || !/\b(?:html|svg|css)`/.test(code)) return null;
      return { code: code.replace(/^[ \t]+/gm, '').replace(/\bcss`[^`]*`/g, compactCss), map: null };
    },
  };
}

/** No space after a colon ends a selector, so `a :hover` is safe. */
function compactCss(css) {
  return css
    .replace(/\s*([{};,>])\s*/g, '$1')
    .replace(/:\s+/g, ':')
    .replace(/;}/g, '}')
    .replace(/\b0\./g, '.');
}
