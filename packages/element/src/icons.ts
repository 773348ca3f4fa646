import { svg, type SVGTemplateResult, type TemplateResult, html } from 'lit';

/** Drawn with a stroke, on 24 × 24. */
const PATHS = {
  scan: 'M4 9V5a1 1 0 0 1 1-1h4m6 0h4a1 1 0 0 1 1 1v4m0 6v4a1 1 0 0 1-1 1h-4m-6 0H5a1 1 0 0 1-1-1v-4m-1-3h18',
  loading: 'M12 3a9 9 0 1 0 9 9',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  phone:
    'M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM11 18.5h2',
  clock: 'M12 7v5.2l3.2 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  cross: 'm6.5 6.5 11 11m0-11-11 11',
  alert: 'M12 7.5v6m0 3.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  shield: 'M12 3 5 5.8v5c0 4.6 2.9 7.8 7 10.2 4.1-2.4 7-5.6 7-10.2v-5zM9 12l2.2 2.2L15 10.3',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4L20 9.2M20 4.5v4.7h-4.7',
};

export type IconName = keyof typeof PATHS;

/** Decoration: the text beside it says the same. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon ${name}" viewBox="0 0 24 24" aria-hidden="true">${stroke(PATHS[name])}</svg>`;
}

function stroke(path: string): SVGTemplateResult {
  return svg`<path d=${path} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path>`;
}
