import { create } from 'qrcode/lib/core/qrcode.js';

/** A square picture in black and white: true is dark. */
export interface Bitmap {
  size: number;
  isDark(x: number, y: number): boolean;
}

const QUIET_ZONE = 4;

/** One pixel a module, with its quiet zone. */
export function qrMatrix(text: string): Bitmap {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const inside = (at: number) => at >= 0 && at < modules.size;
  return {
    size: modules.size + 2 * QUIET_ZONE,
    isDark: (x, y) => {
      const [column, row] = [x - QUIET_ZONE, y - QUIET_ZONE];
      return inside(column) && inside(row) && modules.get(row, column) !== 0;
    },
  };
}
