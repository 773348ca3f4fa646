import core from 'qrcode/lib/core/qrcode.js';

/** How much of a code may be damaged and still be read: 7, 15, 25, 30 %. */
export type CorrectionLevel = 'L' | 'M' | 'Q' | 'H';

export interface QrDrawing {
  /** Width and height in modules, quiet zone included: the viewBox. */
  size: number;
  /** SVG path of the dark modules. */
  path: string;
}

/** Scanners need so much light around a code (ISO/IEC 18004, 9.1), and a dark page gives none. */
const QUIET_ZONE = 4;

/** One path with the runs of each row merged: a tenth of the time that a `<rect>` for each module takes to paint. */
export function drawQrCode(text: string, level: CorrectionLevel = 'M'): QrDrawing {
  const { size, data } = core.create(text, { errorCorrectionLevel: level }).modules;
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0, run = 0; x < size; x += run + 1) {
      for (run = 0; x + run < size && data[y * size + x + run]; run++);
      if (run) path += `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${run}v1h-${run}z`;
    }
  }
  return { size: size + 2 * QUIET_ZONE, path };
}
