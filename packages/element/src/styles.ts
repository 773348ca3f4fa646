import { css } from 'lit';

const dark = css`
  --_background: var(--wechat-login-background, #1c1c1e);
  --_color: var(--wechat-login-color, #f2f2f4);
  --_muted: var(--wechat-login-muted-color, #a2a2a9);
  --_line: var(--wechat-login-border-color, #37373b);
  --_strong: var(--wechat-login-accent-strong, #2ed67f);
  --_on-strong: var(--wechat-login-on-accent, #04210f);
  --_bad: #ff8a80;
  color-scheme: dark;
`;

export const styles = css`
  :host {
    --_background: var(--wechat-login-background, #fff);
    --_color: var(--wechat-login-color, #17181a);
    --_muted: var(--wechat-login-muted-color, #63666d);
    --_line: var(--wechat-login-border-color, #e6e7ea);
    --_accent: var(--wechat-login-accent, #07c160);
    --_strong: var(--wechat-login-accent-strong, #067a41);
    --_on-strong: var(--wechat-login-on-accent, #fff);
    --_bad: #c4281c;
    --_size: var(--wechat-login-code-size, 208px);
    display: inline-block;
    max-width: 100%;
    color-scheme: light;
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='dark']) {
    ${dark}
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'], [theme='dark'])) {
      ${dark}
    }
  }
  * {
    box-sizing: border-box;
    margin: 0;
  }
  .card {
    display: flex;
    flex-direction: column;
    align-items: center;
    width: calc(var(--_size) + 80px);
    max-width: 100%;
    padding: 24px 20px 20px;
    border: 1px solid var(--_line);
    border-radius: var(--wechat-login-radius, 16px);
    background: var(--_background);
    color: var(--_color);
    font: 14px/1.5
      var(--wechat-login-font, system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif);
    text-align: center;
    outline: 0;
  }
  header {
    display: flex;
    align-items: center;
    gap: 10px;
    max-width: 100%;
    margin-bottom: 18px;
    text-align: start;
  }
  .avatar {
    flex: none;
    width: 38px;
    height: 38px;
    border-radius: 10px;
    object-fit: cover;
  }
  .heading {
    font-size: 16px;
    font-weight: 600;
    line-height: 1.3;
  }
  .account {
    overflow: hidden;
    color: var(--_muted);
    font-size: 13px;
    line-height: 1.35;
    text-overflow: ellipsis;
    white-space: nowrap;
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
    grid-area: 1 / 1;
  }
  .code {
    display: block;
    width: 100%;
    height: 100%;
    background: #fff;
    animation: appear 0.25s;
  }
  .veil {
    width: 82%;
    color: var(--_muted);
    opacity: 0.13;
  }
  .overlay {
    display: grid;
    gap: 12px;
    justify-items: center;
    animation: appear 0.25s;
  }
  .badge {
    display: grid;
    place-items: center;
    width: 60px;
    height: 60px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_muted) 14%, var(--_background));
    color: var(--_muted);
  }
  .good .badge {
    background: color-mix(in srgb, var(--_accent) 16%, var(--_background));
    color: var(--_strong);
  }
  .bad .badge {
    background: color-mix(in srgb, var(--_bad) 12%, var(--_background));
    color: var(--_bad);
  }
  .badge .icon {
    width: 32px;
    height: 32px;
  }
  .number {
    font-size: 44px;
    font-weight: 700;
    letter-spacing: 0.08em;
    line-height: 1;
  }
  .icon {
    display: block;
    width: 18px;
    height: 18px;
  }
  .loading.icon {
    animation: turn 0.9s linear infinite;
  }
  .status {
    min-height: 64px;
    margin-top: 14px;
  }
  .title {
    font-size: 15px;
    font-weight: 600;
  }
  .hint {
    margin-top: 2px;
    color: var(--_muted);
    font-size: 13px;
    text-wrap: balance;
  }
  .foot {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    margin-top: 6px;
    color: var(--_muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .ring {
    width: 18px;
    height: 18px;
    transform: rotate(-90deg);
  }
  .track {
    stroke: var(--_line);
  }
  .left {
    stroke: var(--_accent);
    transition: stroke-dashoffset 1s linear;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 36px;
    padding: 0 18px;
    border: 0;
    border-radius: 18px;
    background: var(--_strong);
    color: var(--_on-strong);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
    transition: filter 0.15s;
  }
  .button:hover {
    filter: brightness(1.1);
  }
  .minor {
    min-height: 32px;
    padding: 0 10px;
    background: none;
    color: var(--_strong);
    font-size: 13px;
  }
  :focus-visible {
    outline: 2px solid var(--_strong);
    outline-offset: 2px;
  }
  .ready .minor {
    padding: 0 8px;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation-duration: 0.01ms !important;
      transition: none !important;
    }
    .loading.icon {
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    .button {
      border: 1px solid;
    }
  }
`;
