// Putting an answer on record: the words first, then one record for each patient, and nobody goes on before all of it is durable.

import { expect, test } from 'vitest';
import { disclosureRecorder } from '../../src/adapters/disclosure-recorder.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import type { ToldAnswer } from '../../src/disclosure-ports.ts';

const id = 'd'.repeat(43);
const words = { recipient: 'R', address: null, description: 'D', purpose: 'P', basis: 'court', count: null } as const;
const told = (patients: readonly string[]): ToldAnswer => ({
  entry: auditEntry('disclosure', 1, { rule: 'r' }),
  answer: { leaves: true, disclosure: words, patients },
  how: 'at the download',
  madeAt: 1,
  who: { issuer: 'i', sub: 's' },
});

/** What happened, in order. */
function place({ durable = Promise.resolve(), written = true }: { durable?: Promise<void>; written?: boolean } = {}) {
  const seen: string[] = [];
  const entries: AuditEntry[] = [];
  const recorder = disclosureRecorder({
    clock: { now: () => 5 },
    audit: {
      append: (entry) => {
        if (!written) return Promise.reject(new Error('full'));
        seen.push(`record ${entry.patient ?? ''}`);
        entries.push(entry);
        return Promise.resolve({ sequence: entries.length, durable });
      },
    },
    book: {
      keep: () => {
        seen.push('words');
        return Promise.resolve({ id, commitment: '0'.repeat(64) });
      },
    },
    patients: {
      remember: (patient) => void seen.push(`remember ${patient}`),
      tokenOf: (patient) => `~${patient}`,
    },
  });
  return { recorder, seen, entries };
}

test('words, then patients, then their records, and every record says the same', async () => {
  const { recorder, seen, entries } = place();
  expect(await recorder.record(told(['7', '8']))).toBe(id);
  expect(seen).toEqual(['words', 'remember 7', 'remember 8', 'record ~7', 'record ~8']);
  expect(new Set(entries.map(({ detail }) => detail)).size).toBe(1);
  expect(entries[0]).toMatchObject({ event: 'disclosure', time: 5, decision: 'allowed', rule: 'r' });
});

test('what stays inside keeps no words', async () => {
  const { recorder, seen, entries } = place();
  expect(await recorder.record({ ...told([]), answer: { leaves: false } })).toBeNull();
  expect([seen, entries[0]?.event]).toEqual([['record '], 'disclosure-not']);
});

test('nobody goes on before the record is durable, and not at all where it will not be', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const waiting = place({ durable: promise });
  let isDone = false;
  const recording = waiting.recorder.record(told([])).then(() => (isDone = true));
  await new Promise((settled) => void setImmediate(settled));
  expect([isDone, waiting.entries.length]).toEqual([false, 1]);
  resolve(undefined);
  await recording;
  const failing = Promise.reject(new Error('disk'));
  failing.catch(() => undefined);
  await expect(place({ durable: failing }).recorder.record(told([]))).rejects.toMatchObject({ code: 'audit-unavailable' });
  await expect(place({ written: false }).recorder.record(told(['7']))).rejects.toThrow('full');
});
