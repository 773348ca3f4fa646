import { EDITOR_WORDS, type EditorWords } from './theme-editor-words.ts';
import type { Language } from './words.ts';

type Word = keyof EditorWords;

const PRESETS: Word[] = ['default', 'ink', 'tea', 'contrast'];
const COLORS: Word[] = [
  'accent-strong',
  'on-accent',
  'background',
  'color',
  'muted-color',
  'border-color',
  'accent',
  'danger-color',
];
const FONTS: Word[] = ['system', 'serif', 'rounded', 'mono'];
const PAIRS: Word[] = ['text', 'muted', 'button', 'link', 'good', 'bad'];

/** The drawer beside the shelves; public/gallery/theme-editor.js fills it. */
export function renderThemeEditor(language: Language): string {
  const words = EDITOR_WORDS[language];
  const radio = (name: string, value: Word, checked = false): string =>
    `<label class="choice ${value}"><input type="radio" name="${name}" value="${value}"${checked ? ' checked' : ''}><span>${words[value]}</span></label>`;
  const slider = (name: Word, least: number, most: number): string => `
          <div class="slider">
            <label for="${name}">${words[name]}</label>
            <output name="${name}-said" for="${name}"></output>
            <input id="${name}" name="${name}" type="range" min="${least}" max="${most}" step="1">
          </div>`;
  return `
      <details id="theme-editor" class="editor" data-low="${words.low}">
        <summary><h2>${words.heading}</h2></summary>
        <p class="editor-lead">${words.lead}</p>
        <form>
          <fieldset class="presets">
            <legend>${words.presets}</legend>
            <div class="choices">${PRESETS.map((preset) => radio('preset', preset, preset === 'default')).join('')}</div>
          </fieldset>
          <fieldset class="colors">
            <legend>${words.colors}</legend>
            <div class="choices" role="radiogroup" aria-label="${words.side}">${radio('side', 'light', true)}${radio('side', 'dark')}</div>
            ${COLORS.map((color) => renderColor(color, words)).join('')}
          </fieldset>
          <fieldset class="shape">
            <legend>${words.shape}</legend>${slider('radius', 0, 32)}${slider('code-size', 120, 280)}
            <div class="font">
              <label for="font">${words.font}</label>
              <select id="font" name="font">${FONTS.map((font) => `<option value="${font}">${words[font]}</option>`).join('')}</select>
            </div>
          </fieldset>
        </form>
        <section class="contrast-table" aria-labelledby="contrasts">
          <h3 id="contrasts">${words.contrasts}</h3>
          <p>${words.contrastNote}</p>
          <table>
            <thead><tr><th scope="col">${words.pair}</th><th scope="col">${words.light}</th><th scope="col">${words.dark}</th></tr></thead>
            <tbody>${PAIRS.map((pair) => `<tr data-pair="${pair}"><th scope="row">${words[pair]}</th><td data-side="light"></td><td data-side="dark"></td></tr>`).join('')}</tbody>
          </table>
        </section>
        <section class="result" aria-labelledby="result">
          <h3 id="result">${words.result}</h3>
          <pre tabindex="0" role="group" aria-labelledby="result"><code id="css" data-empty="${words.empty}"></code></pre>
          <div class="copying">
            <button id="copy" type="button" aria-describedby="copied">${words.copy}</button>
            <span id="copied" role="status" data-done="${words.copied}" data-marked="${words.marked}"></span>
          </div>
        </section>
      </details>`;
}

function renderColor(color: Word, words: EditorWords): string {
  return `
            <div class="color">
              <label for="${color}">${words[color]}</label>
              <input type="text" data-color="${color}" aria-label="${words.hex.replace('{name}', words[color])}" maxlength="7" spellcheck="false" autocomplete="off">
              <input id="${color}" type="color" data-color="${color}">
            </div>`;
}
