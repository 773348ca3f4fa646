/**
 * Where the page is shown: nobody can scan the screen of the very phone that is to scan. WeChat's own browser reads a
 * picture under a long press; elsewhere the picture is saved, and scanned from the album. WeChat for desktops counts as
 * a desktop: its screen can be scanned.
 */
export type Place = '' | 'Phone' | 'Wechat';

export function placeOf(userAgent: string): Place {
  if (!/Mobi/.test(userAgent)) return '';
  return /MicroMessenger/.test(userAgent) ? 'Wechat' : 'Phone';
}
