// Each request is counted once, with why it did not go through, or not whole; a download that was turned away is none.

import { expect, test } from 'vitest';
import type { Gathered, Outcome } from '../../src/facts.ts';
import { countRequest } from '../../src/settle/count-request.ts';

const refusal = { kind: 'refusal', reason: 'budget-exhausted' } as const;
const fault = { kind: 'fault', code: 'upstream-timeout' } as const;

test.each<readonly [what: string, given: Partial<Outcome>, download: string | null, counted: readonly string[]]>([
  ['what went through', {}, null, []],
  ['a download', { bytesOut: 900 }, 'disposition', ['downloaded 900']],
  ['a refusal', { answer: refusal, endedBy: 'admit-download', status: 429 }, null, ['refusal budget-exhausted']],
  ['a download that was turned away', { answer: refusal, status: 429 }, 'size', ['refusal budget-exhausted']],
  ['a fault', { answer: fault, status: 504 }, null, ['fault upstream-timeout']],
  ['a fault because the client left', { answer: fault, transfer: 'client-abort' }, null, ['cut client-abort']],
  ['a download that was cut', { transfer: 'budget-cut', bytesOut: 7 }, 'size', ['cut budget-cut', 'downloaded 7']],
  ['one of our own pages', { answer: { kind: 'handled', status: 200 }, endedBy: 'serve-console' }, null, []],
])('%s', (_what, given, download, counted) => {
  const told: string[] = [];
  const outcome: Outcome = {
    endedBy: 'forward',
    answer: null,
    status: 200,
    bytesIn: 0,
    bytesOut: 5,
    transfer: 'complete',
    ...given,
  };
  const metrics = {
    finished: (endedBy: string, status: number, seconds: number) => void told.push(`${endedBy} ${status} ${seconds}`),
    failed: (kind: string, reason: string) => void told.push(`${kind} ${reason}`),
    downloaded: (bytes: number) => void told.push(`downloaded ${bytes}`),
    count: () => undefined,
  };
  const facts = { startedAt: 1000, admission: { download } } as unknown as Gathered;
  void countRequest({ metrics, clock: { now: () => 0, monotonic: () => 3000 } })(facts, outcome);
  expect(told).toEqual([`${outcome.endedBy} ${outcome.status} 2`, ...counted]);
});
