// Loaded into a process before anything else, and by its threads: the machine's clock is so far ahead. Timers and the clock
// that never jumps are not moved, so that midnight comes after as many seconds as it should.

import { env } from 'node:process';

const ahead = Number(env['WARDGATE_TEST_AHEAD']);
const RealDate = Date;
const now = (): number => RealDate.now() + ahead;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[]) => Reflect.construct(target, given.length === 0 ? [now()] : given) as object,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
