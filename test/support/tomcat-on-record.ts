// Holds Tomcat's own access log against the audit: whatever came through the gateway was an attempt on record, under the
// same method and the very same address, once.

import { expect } from 'vitest';
import { eventually } from './demo-story.ts';
import type { ServedRequest } from './tomcat.ts';
import type { TomcatClinic } from './tomcat-clinic.ts';

/**
 * Looks at everything since the log had `from` records, once both are complete. Returns how many requests there were.
 * Signing on by Tomcat's form comes before that: Tomcat then answers the request it had put by, with the headers of that one.
 */
export async function expectOnRecord(house: Pick<TomcatClinic, 'tomcat' | 'records'>, from: number): Promise<number> {
  const of = (event: string): Record<string, unknown>[] =>
    house
      .records()
      .slice(from)
      .filter((one) => one['event'] === event);
  const before = new Set(
    house
      .records()
      .slice(0, from)
      .map((one) => one['request']),
  );
  const served = (): readonly ServedRequest[] =>
    house.tomcat.served().filter(({ requestId }) => requestId !== '-' && !before.has(requestId));
  await eventually(() => of('outcome').length >= of('attempt').length, 'every outcome');
  // What ended as it should was answered by Tomcat, which writes its own log a moment later. Of an address that it refuses
  // to read it knows no id.
  const whole = of('outcome').filter(
    (one) => one['reason'] === undefined && one['status'] !== 400 && !before.has(one['request']),
  );
  await eventually(() => {
    const known = new Set(served().map(({ requestId }) => requestId));
    return whole.every((one) => known.has(String(one['request'])));
  }, 'the access log to hold every request that ended whole');
  const attempts = new Map(of('attempt').map((one) => [one['request'], one]));
  const through = served();
  const unlike = through.filter(({ requestId, method, path }) => !isOf(attempts.get(requestId) ?? {}, `${method} ${path}`));
  expect(unlike).toEqual([]);
  expect(new Set(through.map(({ requestId }) => requestId)).size).toBe(through.length);
  return through.length;
}

/**
 * The record names the fields of a query and not what they say, and cuts a very long address off. What stands in it as a token is
 * shown as the id that it is of, which is decoded.
 */
function isOf(attempt: Record<string, unknown>, asked: string): boolean {
  const recorded = `${String(attempt['method'])} ${String(attempt['target']).replace(/\?.*$/, '')}`;
  return recorded.endsWith('...')
    ? asked.startsWith(recorded.slice(0, -3))
    : recorded === asked || recorded === decodeURIComponent(asked);
}
