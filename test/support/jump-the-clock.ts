// Loaded into a process before anything else, and by its threads: the wall clock is as far ahead as a file says, in
// milliseconds, also below zero, and jumps when the file changes. Timers and the clock that never jumps are not moved.

import { readFileSync } from 'node:fs';
import { env } from 'node:process';

const RealDate = Date;
const file = env['WARDGATE_TEST_AHEAD'] ?? '';
/** The file is looked at again after so long. */
const lookMilliseconds = 20;
let ahead = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

function now(): number {
  if (performance.now() - lookedAt > lookMilliseconds) {
    lookedAt = performance.now();
    ahead = read();
  }
  return RealDate.now() + ahead;
}

/** A file that is being written says nothing for a moment. */
function read(): number {
  try {
    const text = readFileSync(file, 'utf8');
    return text === '' ? ahead : Number(text);
  } catch {
    return ahead;
  }
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[]) => Reflect.construct(target, given.length === 0 ? [now()] : given) as object,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
