export const root: string;
/** A Chromium, and what its environment needs in addition. Throws when the bootstrap has found none. */
export function requireBrowser(): { exe: string; env: Record<string, string> };
