// People at work at both of two gateways, one request after another, and what each of them is told while what the gateways share
// fails: served or 503, as it should be told, and never anything that sounds like an end.

import { expect } from 'vitest';
import { expectAccounted } from './accounted.ts';
import { AtWork, isOut } from './at-work.ts';
import type { Told } from './at-work.ts';
import type { CookieClient } from './cookie-client.ts';
import { eventually } from './demo-story.ts';
import type { OneOfTwo, TwoGateways } from './two-gateways.ts';

/** Far more than the half second that a refusal and the two that a recovery may take: the machine may be busy. */
export const soon = 10_000;

/** What each was told, once. */
export const statuses = (told: readonly Told[]): readonly number[] => [...new Set(told.map(({ status }) => status))];

/** One browser of the same person at that gateway: cookies are the same, as with a balancer. */
export function sameAt(two: TwoGateways, gateway: OneOfTwo, client: CookieClient): CookieClient {
  const other = two.browser(gateway);
  for (const [host, cookies] of client.jar) other.jar.set(host, cookies);
  return other;
}

/** The same with the cookies of this moment, so that no sign-out takes them away. */
export function keptAt(two: TwoGateways, gateway: OneOfTwo, client: CookieClient): CookieClient {
  const other = two.browser(gateway);
  for (const [host, cookies] of client.jar) other.jar.set(host, new Map(cookies));
  return other;
}

export class BothAtWork {
  readonly #two: TwoGateways;
  readonly atA: readonly AtWork[];
  readonly atB: readonly AtWork[];
  /** Who is stopped with them. */
  readonly others: AtWork[] = [];

  /** All of these people at both gateways. */
  constructor(two: TwoGateways, people: readonly CookieClient[], url: string) {
    this.#two = two;
    const begin = (gateway: OneOfTwo) => people.map((one) => new AtWork(sameAt(two, gateway, one), url));
    [this.atA, this.atB] = [begin(two.a), begin(two.b)];
  }

  get all(): readonly AtWork[] {
    return [...this.atA, ...this.atB];
  }

  async stop(): Promise<void> {
    for (const one of [...this.all, ...this.others]) await one.stop();
  }

  /** From now on all of these are told 503, as it should be told. Resolves to how many requests the EHR had seen when they were. */
  async areRefused(people = this.all): Promise<number> {
    for (const one of people) {
      await eventually(() => one.told.length > 2 && one.told.slice(-3).every(({ status }) => status === 503), 'refusals', soon);
      onlyServedOrRefused(one.take());
    }
    const before = this.#two.ehr.requests().length;
    for (const one of people) {
      await eventually(() => one.told.length > 2, 'more refusals', soon);
      const told = one.take();
      expect(statuses(told)).toEqual([503]);
      const wrong = told.filter(({ retryAfter, reason }) => retryAfter === undefined || reason !== 'session-store-unavailable');
      expect(wrong).toEqual([]);
      expect(told.filter(({ clearsCookie, milliseconds }) => clearsCookie || milliseconds > soon)).toEqual([]);
    }
    return before;
  }

  /** They work again, as who they were, and were told nothing but 503 in between. */
  async workAgain(people = this.all): Promise<void> {
    for (const one of people) {
      await eventually(() => one.told.at(-1)?.status === 200, 'work to go on', 2 * soon);
      onlyServedOrRefused(one.take());
    }
  }

  /** They work, for a while without anybody hearing 503, which a machine that is too busy for a second makes them hear. */
  async goOn(people = this.all): Promise<void> {
    for (const one of people) {
      const served = (): boolean => one.told.length > 9 && one.told.slice(-10).every(({ status }) => status === 200);
      await eventually(served, 'ten pages in a row', 4 * soon);
      onlyServedOrRefused(one.take());
    }
  }
}

export function onlyServedOrRefused(told: readonly Told[]): void {
  expect(statuses(told).filter((status) => status !== 200 && status !== 503)).toEqual([]);
}

/** After everything: who had ended is still out at both, and what the EHR saw is on record. */
export async function allIsAccounted(two: TwoGateways, gone: CookieClient, url: string): Promise<void> {
  for (const gateway of [two.a, two.b]) await isOut(two.send(gone, gateway), url);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
}
