export type RandomBytes = (length: number) => Uint8Array;

export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const HEX = '0123456789abcdef';
export const DIGITS = '0123456789';

/** `byte % alphabet` favours the first characters a little: good enough for values that only have to look real. */
export function randomText(random: RandomBytes, length: number, alphabet = LETTERS_AND_DIGITS): string {
  return Array.from(random(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

export function randomUuid(random: RandomBytes): string {
  const hex = randomText(random, 32, HEX);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
