import type { Picture } from './picture.ts';
import { loadImage } from './picture.ts';

/**
 * Pictures of the page beside the phone. The phone asks the window that framed or opened it, which answers with an
 * ImageBitmap or a data: URL of a PNG:
 * `{type:'sandbox-phone:frame-request', id}` → `{type:'sandbox-phone:frame', id, image}`.
 */
const ANSWER_WITHIN_MS = 2500;

export const neighbour = (): Window | null => {
  if (window.parent !== window) return window.parent;
  return window.opener instanceof Object ? (window.opener as Window) : null;
};

async function toPicture(image: unknown): Promise<Picture | null> {
  if (image instanceof ImageBitmap) return image;
  return typeof image === 'string' && image.startsWith('data:image/') ? loadImage(image) : null;
}

/** Null when the neighbour does not answer in time, or with no picture. */
export function requestFrame(from: Window): Promise<Picture | null> {
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const finish = (picture: Picture | null) => {
      window.removeEventListener('message', listen);
      clearTimeout(timer);
      resolve(picture);
    };
    const listen = ({ source, data }: MessageEvent<unknown>) => {
      if (source !== from || typeof data !== 'object' || data === null) return;
      if (!('type' in data) || data.type !== 'sandbox-phone:frame' || !('id' in data) || data.id !== id) return;
      toPicture('image' in data ? data.image : null).then(finish, () => finish(null));
    };
    const timer = setTimeout(() => finish(null), ANSWER_WITHIN_MS);
    window.addEventListener('message', listen);
    // The request holds nothing, so any page may see it; whose frame comes back is checked above.
    from.postMessage({ type: 'sandbox-phone:frame-request', id }, '*');
  });
}
