// Fills the page's figures: in each as many tiles as languages and themes are asked for.
import { createSpecimen } from './specimen.js';

export const LANGUAGES = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English', ja: '日本語' };

/** Elements that can stay stay: another theme or layout must not cost a new code. */
export function arrange(figures, { language, theme, layout }, words) {
  const languages = language === 'all' ? Object.keys(LANGUAGES) : [language];
  const themes = theme === 'both' ? ['light', 'dark'] : [theme];
  const several = languages.length * themes.length > 1;
  for (const figure of figures) {
    const shelf = figure.querySelector('.tiles');
    const old = [...shelf.children];
    const tiles = themes.flatMap((theme) =>
      languages.map((language) => {
        const found = old.findIndex((tile) => tile.dataset.language === language);
        const tile = found < 0 ? createTile(figure.dataset.specimen, language) : old.splice(found, 1)[0];
        tile.dataset.theme = theme;
        tile.querySelector('.which').textContent = several ? `${LANGUAGES[language]} · ${words[theme]}` : '';
        Object.assign(tile.querySelector('wechat-follow-login'), { theme, layout });
        return tile;
      }),
    );
    for (const tile of old) tile.remove();
    tiles.forEach((tile, index) => {
      // A tile in its place is left alone: to be moved would cost it the focus.
      if (shelf.children[index] !== tile) shelf.insertBefore(tile, shelf.children[index] ?? null);
    });
  }
}

/** New elements throughout, for whoever has pressed their buttons. */
export function clear(figures) {
  for (const figure of figures) figure.querySelector('.tiles').replaceChildren();
}

function createTile(name, language) {
  const tile = document.createElement('div');
  tile.className = 'tile';
  tile.dataset.language = language;
  const which = document.createElement('p');
  which.className = 'which';
  const place = document.createElement('div');
  place.className = 'place';
  place.append(createSpecimen(name, language));
  tile.append(which, place);
  return tile;
}
