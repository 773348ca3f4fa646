/** Small guards for values that came over the wire. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Thrown when a message on the wire is not of its form. Names the field, never the value: values can be secrets. */
export class WireError extends Error {
  override name = 'WireError';
  constructor(field: string, expected: string) {
    super(`"${field}" on the wire: expected ${expected}`);
  }
}

export function requireRecord(value: unknown, field: string): Record<string, unknown> {
  if (!isRecord(value)) throw new WireError(field, 'an object');
  return value;
}

export function requireString(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw new WireError(field, 'a non-empty string');
  return value;
}

/** Seconds: finite and not negative. */
export function requireSeconds(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new WireError(field, 'a number of seconds, 0 or more');
  }
  return value;
}
