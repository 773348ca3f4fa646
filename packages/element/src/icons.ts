import { html, type TemplateResult } from 'lit';
import type { IconName } from './look.ts';

type Icon = IconName | 'refresh' | 'enlarge' | 'save';

/** Drawn with a stroke, on 24 × 24. */
const PATHS: Record<Icon, string> = {
  scan: 'M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5m-1-3h18',
  turning: 'M12 3a9 9 0 1 0 9 9',
  check: 'm5 12 5 5L19 7',
  clock: 'M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  cross: 'm6 6 12 12m0-12L6 18',
  alert: 'M12 7v6m0 3v.1m9-4.1a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  shield: 'M12 3 5 6v5c0 4 3 8 7 10 4-2 7-6 7-10V6z',
  refresh: 'M19 12a7 7 0 1 1-2-5l3 3m0-5v5h-5',
  enlarge: 'M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5',
  save: 'M12 4v11m-4-4 4 4 4-4M5 20h14',
};

/** Decoration: the text beside it says the same. */
export function icon(name: Icon): TemplateResult {
  return html`<svg class="icon ${name}" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
