/**
 * As strict as a careful site would have it, to prove that the element lives under it: no inline script or style, and no
 * string becomes markup except through Lit's own policy. `more` opens what one page needs besides.
 */
export function contentSecurityPolicy(more: Record<`${'connect' | 'frame' | 'img'}-src`, string>): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    ...Object.entries(more).map(([directive, sources]) => `${directive} ${sources}`),
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html`,
  ].join('; ');
}
