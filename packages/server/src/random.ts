import { randomBytes } from 'node:crypto';
import type { Random } from './ports.ts';

export const systemRandom: Random = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  between: (from, to) => from + (randomBytes(4).readUInt32LE() / 2 ** 32) * (to - from),
};
