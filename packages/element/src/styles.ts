import { css } from 'lit';

const dark = css`
  --_back: var(--wechat-login-background, #1c1c1e);
  --_text: var(--wechat-login-color, #f2f2f4);
  --_muted: var(--wechat-login-muted-color, #a2a2a9);
  --_line: var(--wechat-login-border-color, #37373b);
  --_strong: var(--wechat-login-accent-strong, #2ed67f);
  --_on-strong: var(--wechat-login-on-accent, #04210f);
  --_bad: var(--wechat-login-danger-color, #ff8a80);
  color-scheme: dark;
`;

/** No card around it, no header: the code, what happens, and the controls. */
const compact = css`
  .card {
    padding: 0;
    border: 0;
    border-radius: 0;
    background: none;
  }
  .header {
    display: none;
  }
  .status {
    min-height: 0;
    margin-top: 8px;
  }
  .title {
    font-size: 14px;
  }
  .hint,
  .foot {
    font-size: 12px;
  }
  .ring {
    display: none;
  }
`;

export const styles = css`
  :host {
    --_back: var(--wechat-login-background, #fff);
    --_text: var(--wechat-login-color, #17181a);
    --_muted: var(--wechat-login-muted-color, #63666d);
    --_line: var(--wechat-login-border-color, #e6e7ea);
    --_accent: var(--wechat-login-accent, #07c160);
    --_strong: var(--wechat-login-accent-strong, #067a41);
    --_on-strong: var(--wechat-login-on-accent, #fff);
    --_bad: var(--wechat-login-danger-color, #c4281c);
    --_size: var(--wechat-login-code-size, 208px);
    display: inline-block;
    width: calc(var(--_size) + 80px);
    max-width: 100%;
    container-type: inline-size;
    color-scheme: light;
  }
  :host([theme='dark']) {
    ${dark}
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      ${dark}
    }
  }
  [hidden],
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
    margin: 0;
  }
  .card {
    display: flex;
    flex-direction: column;
    align-items: center;
    padding: 20px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--wechat-login-radius, 16px);
    background: var(--_back);
    color: var(--_text);
    font: 14px/1.5 var(--wechat-login-font, system-ui, sans-serif);
    text-align: center;
    text-wrap: balance;
    outline: 0;
  }
  .header,
  .foot,
  .countdown,
  .button {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .header {
    min-height: 42px;
    margin-bottom: 16px;
  }
  .header .hint {
    min-height: 20px;
  }
  p:empty {
    visibility: hidden;
  }
  .avatar,
  ::slotted([slot='logo']) {
    width: 40px;
    height: 40px;
    border-radius: 10px;
    object-fit: contain;
  }
  .heading,
  .title {
    font-size: 16px;
    font-weight: 600;
    line-height: 1.4;
  }
  .hint,
  .foot {
    color: var(--_muted);
    font-size: 13px;
    white-space: pre-line;
    word-break: auto-phrase;
    overflow-wrap: anywhere;
  }
  .stage {
    position: relative;
    display: grid;
    place-items: center;
    width: var(--_size);
    max-width: 100%;
    aspect-ratio: 1;
    border: 1px solid var(--_line);
    border-radius: 12px;
    overflow: hidden;
  }
  .stage > * {
    grid-area: 1/1;
  }
  .code,
  ::slotted([slot='code']) {
    display: block;
    width: 100%;
    height: 100%;
    forced-color-adjust: none;
  }
  .overlay {
    animation: appear 0.25s;
  }
  ::slotted([slot='code-logo']) {
    position: absolute;
    inset: 0;
    box-sizing: border-box;
    width: 17%;
    height: 17%;
    margin: auto;
    padding: 1%;
    border-radius: 4px;
    background: #fff;
    object-fit: contain;
    pointer-events: none;
    forced-color-adjust: none;
  }
  .corners {
    width: 80%;
    fill: var(--_muted);
    opacity: 0.14;
  }
  .overlay {
    display: grid;
    gap: 12px;
    justify-items: center;
    position: relative;
  }
  .badge {
    padding: 14px;
    border-radius: 50%;
    background: color-mix(in srgb, currentColor 16%, var(--_back));
    color: var(--_muted);
  }
  .good .badge {
    color: var(--_strong);
  }
  .bad .badge {
    color: var(--_bad);
  }
  .icon,
  .ring {
    display: block;
    width: 18px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
  }
  .badge .icon {
    width: 32px;
  }
  .turning {
    animation: turn 1s linear infinite;
  }
  .number {
    font: 700 72px/1 monospace;
    color: var(--_strong);
  }
  .status {
    min-height: 64px;
    margin-top: 12px;
  }
  .foot {
    min-height: 32px;
    margin-top: 4px;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0 4px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .ring {
    width: 16px;
    stroke: var(--_line);
    stroke-width: 3;
    transform: rotate(-90deg);
  }
  .left {
    stroke: var(--_accent);
  }
  .button {
    min-height: 36px;
    padding: 0 18px;
    border: 1px solid transparent;
    border-radius: 18px;
    background: var(--_strong);
    color: var(--_on-strong);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }
  .button:hover {
    filter: brightness(1.12);
  }
  .minor {
    min-height: 30px;
    padding: 0 3px;
    gap: 4px;
    background: none;
    color: var(--_strong);
  }
  [part='save'] {
    flex-basis: 100%;
    justify-content: center;
    margin-bottom: 6px;
  }
  .button:focus-visible {
    outline: 2px solid var(--_strong);
    outline-offset: 2px;
  }
  dialog {
    margin: auto;
    padding: 16px;
    border: 0;
    border-radius: 16px;
    background: #fff;
  }
  dialog .code {
    width: min(84vw, 84vh - 60px);
    height: auto;
  }
  form .button {
    margin: 8px auto 0;
  }
  ::backdrop {
    background: #000b;
  }
  :host([layout='compact']) {
    width: var(--_size);
    ${compact}
  }
  @container (width < 200px) {
    :host(:not([layout='card'])) {
      ${compact}
    }
  }
  @keyframes appear {
    0% {
      opacity: 0;
    }
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion) {
    * {
      animation: none !important;
    }
  }
`;
