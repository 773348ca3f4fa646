import { contentSecurityPolicy } from './content-security-policy.ts';
import { type Section, type Specimen, SPECIMENS } from './gallery-specimens.ts';
import { GALLERY_WORDS, type GalleryWords } from './gallery-words.ts';
import { renderThemeEditor } from './theme-editor.ts';
import { WORDS, type Language } from './words.ts';

/** The page talks to nobody: its companion lives in it. */
export const galleryPolicy = contentSecurityPolicy({
  'img-src': `'self' data:`,
  'connect-src': `'none'`,
  'frame-src': `'none'`,
});

/** In their own words, as people look for them. */
const LANGUAGES = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English', ja: '日本語' };
const SECTIONS: Section[] = ['way', 'ends', 'errors', 'places'];

/** Every state of the element, and the editor of its look. */
export function renderGallery(language: Language): string {
  const words = GALLERY_WORDS[language];
  const other: Language = language === 'en' ? 'zh-CN' : 'en';
  return `<!doctype html>
<html lang="${language}" data-light="${words.light}" data-dark="${words.dark}" data-auto="${words.auto}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${words.title}</title>
    <link rel="icon" href="/leaf.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/base.css">
    <link rel="stylesheet" href="/gallery/gallery.css">
    <link rel="stylesheet" href="/gallery/shelves.css">
    <link rel="stylesheet" href="/gallery/controls.css">
    <link rel="stylesheet" href="/gallery/theme-editor.css">
    <link rel="stylesheet" href="/gallery/readout.css">
    <script type="module" src="/wechat-follow-login.min.js"></script>
    <script type="module" src="/gallery/page.js"></script>
  </head>
  <body>
    <header>
      <a class="brand" href="/?lang=${language}"><img src="/leaf.svg" alt="" width="28" height="28">${WORDS[language].brand}</a>
      <nav>
        <a href="/?lang=${language}">${words.shop}</a>
        <a class="language" href="/gallery?lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>
      </nav>
    </header>
    <main>
      <div class="intro">
        <h1>${words.headline}</h1>
        <p>${words.lead}</p>
      </div>
      ${renderPickers(words)}
      ${renderThemeEditor(language)}
      <div class="shelves">
        ${SECTIONS.map((section) => renderSection(section, words, language)).join('')}
      </div>
    </main>
    <footer>${words.footer}</footer>
  </body>
</html>
`;
}

function renderPickers(words: GalleryWords): string {
  const picker = (name: 'language' | 'theme' | 'layout', choices: Record<string, string>): string => `
        <fieldset>
          <legend>${words[name]}</legend>
          <div class="choices">${Object.entries(choices)
            .map(([value, said]) => {
              const spoken = Object.hasOwn(LANGUAGES, value) ? ` lang="${value}"` : '';
              return `<label class="choice"${spoken}><input type="radio" name="${name}" value="${value}"><span>${said}</span></label>`;
            })
            .join('')}</div>
        </fieldset>`;
  const { all, light, dark, auto, both, fitting, card, compact } = words;
  return `<form id="pickers" class="pickers" aria-label="${words.pickers}">
        ${picker('language', { ...LANGUAGES, all })}
        ${picker('theme', { light, dark, auto, both })}
        ${picker('layout', { auto: fitting, card, compact })}
        <div class="slider">
          <label for="width">${words.width}</label>
          <output name="widthSaid" for="width"></output>
          <input id="width" name="width" type="range" min="160" max="400" step="4">
        </div>
        <button id="restart" type="button">${words.restart}</button>
      </form>`;
}

function renderSection(section: Section, words: GalleryWords, language: Language): string {
  return `
        <section aria-labelledby="${section}">
          <h2 id="${section}">${words[section]}</h2>
          <div class="shelf">${SPECIMENS[section].map((specimen) => renderFigure(specimen, language)).join('')}</div>
        </section>`;
}

function renderFigure({ id, state, words }: Specimen, language: Language): string {
  const [title, note] = words[language];
  return `
            <figure data-specimen="${id}" data-state="${state}" aria-labelledby="is-${id}">
              <figcaption><h3 id="is-${id}">${title}</h3> <code>${state}</code><p>${note}</p></figcaption>
              <div class="tiles"></div>
            </figure>`;
}
