// One gateway at a time, by a key that ends by itself. Whoever takes a turn writes a token of their own into it and takes away no
// other one. Within this gateway work of one name queues first, so that Redis is asked for one of them only.

import { randomBytes } from 'node:crypto';
import { Fault } from '../core/faults.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { SharedTurns } from '../shared-ports.ts';
import { inTime } from './in-time.ts';
import type { RedisCommands } from './redis-commands.ts';

/** A turn is taken again by its own token: an answer that got lost does not keep its asker out. */
const take = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const leave = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

const usual = { waitMilliseconds: 10_000, holdMilliseconds: 20_000 };
const mostWaiting = 1000;
const mostLeaving = 100;
const againMilliseconds = 20;
const leaveAgainMilliseconds = 200;
/** How long Redis may fail before nobody waits for it any more. */
const failingMilliseconds = 400;

export class RedisTurns implements SharedTurns {
  readonly #commands: RedisCommands;
  readonly #clock: Clock;
  readonly #log: OperationsLog;
  readonly #queues = new Map<string, Promise<unknown>>();
  #waiting = 0;
  #leaving = 0;

  constructor(commands: RedisCommands, { clock, log }: { readonly clock: Clock; readonly log: OperationsLog }) {
    this.#commands = commands;
    this.#clock = clock;
    this.#log = log;
  }

  async run<T>(name: string, work: () => Promise<T>, times = usual): Promise<T> {
    if (this.#waiting >= mostWaiting) throw unavailable(`${mostWaiting} wait for their turn`);
    const until = this.#clock.monotonic() + times.waitMilliseconds;
    const before = this.#queues.get(name) ?? Promise.resolve();
    const turn = this.#inTurn(name, work, { before, until, hold: times.holdMilliseconds });
    // Whoever comes next waits for both: one that gave up waiting does not let them past the one that works.
    const tail = Promise.allSettled([before, turn]);
    this.#queues.set(name, tail);
    try {
      return await turn;
    } finally {
      void tail.then(() => (this.#queues.get(name) === tail ? this.#queues.delete(name) : false));
    }
  }

  async #inTurn<T>(
    name: string,
    work: () => Promise<T>,
    { before, until, hold }: { readonly before: Promise<unknown>; readonly until: number; readonly hold: number },
  ): Promise<T> {
    const key = `{turn:${name}}`;
    const token = randomBytes(16).toString('base64url');
    this.#waiting += 1;
    try {
      await inTime(before, 'The turn did not come in time', until - this.#clock.monotonic());
      await this.#take(key, token, { until, hold });
    } catch (cause) {
      // What was not answered may be done yet, and would keep everybody out until it ends by itself.
      void this.#leave(key, token, until + hold);
      throw cause;
    } finally {
      this.#waiting -= 1;
    }
    const begunAt = this.#clock.monotonic();
    try {
      return await work();
    } finally {
      if (this.#clock.monotonic() - begunAt > hold) {
        this.#log.warn({ turn: name }, 'Work took longer than its turn; another gateway may have done it as well');
      }
      await this.#leave(key, token, begunAt + hold);
    }
  }

  /** Resolves after one try; where that failed it goes on trying as long as the turn may last, for a few turns at a time. */
  async #leave(key: string, token: string, until: number): Promise<void> {
    const left = await this.#commands.eval(leave, key, [token]).then(
      () => true,
      () => false,
    );
    if (left || this.#leaving >= mostLeaving || this.#clock.monotonic() > until) return;
    this.#leaving += 1;
    setTimeout(() => {
      this.#leaving -= 1;
      void this.#leave(key, token, until);
    }, leaveAgainMilliseconds).unref();
  }

  async #take(key: string, token: string, { until, hold }: { readonly until: number; readonly hold: number }): Promise<void> {
    let failingSince: number | null = null;
    for (;;) {
      const answer = await this.#commands.eval(take, key, [token, hold]).catch((cause: unknown) => new Asked(cause));
      if (answer === 1) return;
      const now = this.#clock.monotonic();
      failingSince = answer instanceof Asked ? (failingSince ?? now) : null;
      if (answer instanceof Asked && now - (failingSince ?? now) >= failingMilliseconds) throw answer.cause;
      if (now >= until) throw answer instanceof Asked ? answer.cause : unavailable('Another gateway has the turn and keeps it');
      // Apart from each other by chance, so that gateways that wait do not ask at the same moments.
      await new Promise((resolve) => setTimeout(resolve, againMilliseconds * (1 + Math.random())));
    }
  }
}

/** A question that Redis did not answer. */
class Asked {
  readonly cause: unknown;
  constructor(cause: unknown) {
    this.cause = cause;
  }
}

function unavailable(detail: string): Fault {
  return new Fault('session-store-unavailable', { detail });
}
