/** A number from 0 to below 1, for spreading retries. Secrets are made in pkce.ts. */
export type Random = () => number;

export const systemRandom: Random = () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
