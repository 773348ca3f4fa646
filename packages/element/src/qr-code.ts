import core from 'qrcode/lib/core/qrcode.js';

export interface QrDrawing {
  /** Width and height in modules, quiet zone included: the viewBox. */
  size: number;
  /** SVG path of the dark modules. */
  path: string;
}

/** Up to 15 % of the code may be damaged, or lie under a logo. Q and H would make modules too small at 120 px. */
const LEVEL = 'M';
/**
 * Masks are there to break up stripes and false corners. On the addresses of real tickets this one alone does it about as
 * well (700 penalty points) as the best of eight (680), and trying all eight is half the time of a page's first code.
 * test/node/qr-mask.test.ts counts them again.
 */
const MASK = 2;
/** Scanners need so much light around a code (ISO/IEC 18004, 9.1), and a dark page gives none. */
const QUIET_ZONE = 4;
/** As long as WeChat's. */
const SAMPLE = 'http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrStUv';
/** Of the picture that is saved or pressed, px. */
const PICTURE_SIDE = 480;

/** One path with the runs of each row merged: a tenth of the time that a `<rect>` for each module takes to paint. */
export function drawQrCode(text: string): QrDrawing {
  // The builds' encoder knows no other level and mask.
  const { size, data } = core.create(text, { errorCorrectionLevel: LEVEL, maskPattern: MASK }).modules;
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0, run = 0; x < size; x += run + 1) {
      for (run = 0; x + run < size && data[y * size + x + run]; run++);
      if (run) path += `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`;
    }
  }
  return { size: size + 2 * QUIET_ZONE, path };
}

/** The first code of a page takes fifteen times as long as the next. Drawn while the network is busy, that costs nobody. */
export function warmUp(): void {
  warm ??= drawQrCode(SAMPLE);
}
let warm: QrDrawing | undefined;

/** The same as a PNG: `data:image/png;base64,…`. Whole pixels for each module, so that its edges stay sharp. */
export function paintQrCode({ size, path }: QrDrawing): string {
  const scale = Math.ceil(PICTURE_SIDE / size);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size, size);
  context.fillStyle = '#000';
  context.fill(new Path2D(path));
  return canvas.toDataURL();
}
