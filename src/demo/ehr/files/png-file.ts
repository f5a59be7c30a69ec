// Draws the demo's "radiographs": a grey PNG computed from the patient's and the picture's number, so that every picture
// differs and none shows anybody. Source of the container: PNG specification, sections 5 and 11.2.

import { crc32, deflateSync } from 'node:zlib';

const SIDE_PIXELS = 192;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The same numbers always give the same picture. */
export function pngPicture(pid: number, image: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE_PIXELS, 0);
  head.writeUInt32BE(SIDE_PIXELS, 4);
  head[8] = 8;
  const rows = Array.from({ length: SIDE_PIXELS }, (_, y) => row(y, pid, image));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** One filter byte (none), then one byte of grey per pixel. */
function row(y: number, pid: number, image: number): Buffer {
  const line = Buffer.alloc(SIDE_PIXELS + 1);
  for (let x = 0; x < SIDE_PIXELS; x += 1) line[x + 1] = grey(x / SIDE_PIXELS - 0.5, y / SIDE_PIXELS - 0.5, pid, image);
  return line;
}

/** Two dark lungs and a bright spine with ribs, more or less. Coordinates run from -0.5 to 0.5. */
function grey(x: number, y: number, pid: number, image: number): number {
  const tilt = ((pid * 7 + image * 3) % 11) / 200 - 0.025;
  const body = 150 * smooth(0.48 - Math.hypot(x, y * 0.85));
  const lung = 105 * smooth(0.2 - Math.hypot((Math.abs(x + tilt * y) - 0.19) * 1.5, y * 0.62));
  const spine = 70 * smooth(0.045 - Math.abs(x + tilt * y));
  const ribs = 16 * Math.cos((y + Math.abs(x) * 0.6) * (44 + image * 4) + pid) * smooth(0.36 - Math.abs(x));
  return Math.max(0, Math.min(255, Math.round(8 + body - lung + spine + (body > 40 ? ribs : 0))));
}

function smooth(distance: number): number {
  return 1 / (1 + Math.exp(-distance * 40));
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
