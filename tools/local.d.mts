/** What the bootstrap found on this machine. Throws when it has not run. */
export function readLocal(): { browser: { exe: string; env: Record<string, string> } };
export const root: string;
