// Loaded into a process before anything else, and by its threads. The clock stands at one moment until a file says since when
// it goes, so that a slow start takes nothing from what is to come; from then on each second is a real one. Timers and the
// clock that never jumps are not moved.

import { readFileSync } from 'node:fs';
import { env } from 'node:process';

const RealDate = Date;
const stands = Number(env['WARDGATE_TEST_STANDS']);
const file = env['WARDGATE_TEST_GOES'] ?? '';
let wentAt = Number.NaN;

function now(): number {
  if (Number.isNaN(wentAt)) wentAt = read();
  return Number.isNaN(wentAt) ? stands : stands + RealDate.now() - wentAt;
}

function read(): number {
  try {
    return Number(readFileSync(file, 'utf8') || Number.NaN);
  } catch {
    return Number.NaN;
  }
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[]) => Reflect.construct(target, given.length === 0 ? [now()] : given) as object,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
