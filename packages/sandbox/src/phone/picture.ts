import jsqr from 'jsqr';

/** What can be drawn and has a size. */
export type Picture = ImageBitmap | HTMLImageElement | HTMLVideoElement;

/** Larger pictures are scaled down: a decoder needs few pixels a module, and a whole 4K screen takes it a second. */
const LONGEST_SIDE = 1600;

const sizeOf = (picture: Picture): [number, number] => {
  if (picture instanceof HTMLVideoElement) return [picture.videoWidth, picture.videoHeight];
  if (picture instanceof HTMLImageElement) return [picture.naturalWidth, picture.naturalHeight];
  return [picture.width, picture.height];
};

/** Shows the picture in the view-finder and reads the QR code in it: a real scan. */
export function readCode(picture: Picture, view: HTMLCanvasElement): string | null {
  const [width, height] = sizeOf(picture);
  const context = view.getContext('2d', { willReadFrequently: true });
  if (!context || width === 0 || height === 0) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  view.width = Math.round(width * scale);
  view.height = Math.round(height * scale);
  context.drawImage(picture, 0, 0, view.width, view.height);
  const { data } = context.getImageData(0, 0, view.width, view.height);
  return jsqr.default(data, view.width, view.height)?.data || null;
}

export async function loadImage(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** One frame of a screen, window or tab that the person picks. */
export async function captureScreen(): Promise<ImageBitmap> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
  try {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    return await createImageBitmap(video);
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
