// Files that are wrong on purpose: the line after a `// wrong:` must be refused by the type checker, and no other. Types
// that got lost on the way to their user would be `any`, and `any` refuses nothing.

/** @typedef {{ file: string, line: number, text: string }} TypeError */

/** @param {string} output of tsc and its kin, without colours @returns {TypeError[]} */
export function errorsOfTsc(output) {
  return output
    .split('\n')
    .filter((line) => /\berror TS\d+/.test(line))
    .map((text) => {
      const [, file = '', line = '0'] = /^(.+?)\((\d+),\d+\)/.exec(text) ?? [];
      return { file, line: Number(line), text };
    });
}

/** @param {string} file @param {string} source its text @param {TypeError[]} errors @returns {string[]} what is not as marked */
export function compareWithMarks(file, source, errors) {
  const marked = source.split('\n').flatMap((text, index) => (text.includes('// wrong:') ? [index + 2] : []));
  const isMarked = (error) => error.file === file && marked.includes(error.line);
  const unexpected = errors.filter((error) => !isMarked(error)).map(({ text }) => `types: ${text}`);
  const refused = new Set(errors.filter(isMarked).map(({ line }) => line));
  const accepted = marked.filter((line) => !refused.has(line)).map((line) => `types: ${file}:${line} was not refused`);
  if (marked.length === 0) accepted.push(`types: ${file} marks no line as wrong`);
  return [...unexpected, ...accepted];
}
