/** Small guards for values that came over the wire. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function stringOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Thrown when a message on the wire is not of its form. Names the field, never the value: values can be secrets. */
export class WireError extends Error {
  override name = 'WireError';
  constructor(field: string, expected: string) {
    super(`"${field}" on the wire: expected ${expected}`);
  }
}

/** Makes a value of what came; `field` is its name in an error. */
type Reader<T> = (value: unknown, field: string) => T;

/** An object's fields, each by its reader. What is not named, or is read as undefined, is left out: it need not be there. */
export function readFields<T extends object>(
  value: unknown,
  name: string,
  readers: { [Key in keyof T]-?: Reader<T[Key]> },
): T {
  const record = requireRecord(value, name);
  return Object.fromEntries(
    Object.entries<Reader<unknown>>(readers)
      .map(([key, read]) => [key, read(record[key], `${name}.${key}`)])
      .filter(([, one]) => one !== undefined),
  ) as T;
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
