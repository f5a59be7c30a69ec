// What every fault is measured by: nothing reaches the EHR without a session, a second factor, a rule and a record of all three,
// and what was recorded is whole afterwards.

import { expect } from 'vitest';
import { verify } from './audit-log.ts';
import { records } from './demo-story.ts';

interface Seen {
  readonly headers: readonly string[];
  readonly target: string;
}

/** The id that the gateway gave a request, as it stands in its record; '' where the EHR was told none. */
export function requestId({ headers }: Pick<Seen, 'headers'>): string {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-request-id');
  return at === -1 ? '' : (headers[at + 1] ?? '');
}

/** Targets of what the EHR saw that no record of these logs allows; there must be none. */
export function unaccounted(seen: readonly Seen[], ...auditDirectories: readonly string[]): readonly string[] {
  const allowed = new Set(
    auditDirectories
      .flatMap((auditDirectory) => records({ auditDirectory }))
      .filter(({ event, decision }) => event === 'attempt' && decision === 'allowed')
      .filter(({ session, factor, rule, subject }) => session && factor && rule && subject)
      .map(({ request }) => request),
  );
  return seen.filter((one) => !allowed.has(requestId(one))).map(({ target }) => target);
}

/** Each log by itself is one chain without a gap, and together they allow all that the EHR saw, which is something. */
export async function expectAccounted(seen: readonly Seen[], ...auditDirectories: readonly string[]): Promise<void> {
  expect(seen.length).toBeGreaterThan(0);
  expect(unaccounted(seen, ...auditDirectories)).toEqual([]);
  for (const directory of auditDirectories) expect(await verify(directory)).toMatchObject({ sound: true, flaw: null });
}
