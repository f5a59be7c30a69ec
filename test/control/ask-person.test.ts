// Asking after an alert, with a desk of the test's own: it waits for the search, asks once, and puts what belongs together together.

import { expect, test } from 'vitest';
import type { CaseSubject } from '../../src/case-ports.ts';
import type { Case, CaseAlert } from '../../src/core/cases/case.ts';
import { askPerson } from '../../src/control/ask-person.ts';
import type { AskPersonNeeds } from '../../src/control/ask-person.ts';
import { OpenQuestions } from '../../src/control/open-questions.ts';

const jane = { issuer: 'https://op.example', sub: 'j', name: 'jane', key: 'https://op.example j' };
const day = 86_400_000;

function alertAt(sequence: number, more: Partial<CaseAlert> = {}): CaseAlert {
  return { sequence, time: day, detector: 'colleague', person: jane, patient: '~p', words: '', ...more };
}

/** A desk that does what it is told and remembers it. */
function place(alerts: readonly CaseAlert[], { unseen = 0, refuses = false } = {}) {
  const kept: Case[] = [];
  const asked: string[] = [];
  let blind = unseen;
  const put = (id: string, step: object): void => {
    const at = kept.findIndex((one) => one.id === id);
    const one = kept[at];
    if (one !== undefined) kept[at] = { ...one, steps: [...one.steps, { by: 'gateway', at: 1, ...step } as never] };
  };
  const found = (sequence: number) => alerts.find((one) => one.sequence === sequence) ?? null;
  const cases: AskPersonNeeds['cases'] = {
    alertAt: async (sequence) => {
      blind -= 1;
      if (blind === 1) throw new Error('The search index is not there');
      return Promise.resolve(blind >= 0 ? null : found(sequence));
    },
    ofAlert: async (sequence) =>
      Promise.resolve(kept.find((one) => one.alerts.some((alert) => alert.sequence === sequence))?.id ?? null),
    find: async (id) => Promise.resolve(kept.find((one) => one.id === id) ?? null),
    list: async () => Promise.resolve(kept),
    open: async (_by, about) => {
      const sequences = numbersOf(about);
      if (refuses) return Promise.resolve({ refused: 'no-alerts' });
      const of = sequences.flatMap((one) => found(one) ?? []);
      const id = `c${kept.length + 1}`;
      kept.push({ id, openedAt: 1, person: jane, patient: of[0]?.patient ?? null, alerts: of, steps: [] });
      put(id, { kind: 'opened', alerts: sequences });
      return Promise.resolve({ opened: id });
    },
    addAlerts: async (_by, id, about) => {
      const sequences = numbersOf(about);
      const at = kept.findIndex((one) => one.id === id);
      const one = kept[at];
      if (one !== undefined) kept[at] = { ...one, alerts: [...one.alerts, ...sequences.flatMap((each) => found(each) ?? [])] };
      put(id, { kind: 'alert-added', alerts: sequences });
      return Promise.resolve(null);
    },
    putQuestion: async (_by, id) => {
      asked.push(id);
      put(id, { kind: 'question', text: 'Why?' });
      return Promise.resolve(refuses ? 'question-open' : null);
    },
  };
  const waits: number[] = [];
  const wait = async (milliseconds: number): Promise<void> => Promise.resolve(void waits.push(milliseconds));
  const ask = askPerson({ cases, localDay: (at) => String(Math.floor(at / day)), wait, question: 'Why?' });
  return { ask, asked, kept, waits, put };
}

test('waits for the search, opens a case, and asks once however often it is begun', async () => {
  const { ask, asked, kept, waits } = place([alertAt(7)], { unseen: 4 });
  expect(await ask({ sequence: 7, person: jane })).toBe('the person is asked, in case c1');
  expect(waits).toHaveLength(4);
  expect(await ask({ sequence: 7, person: jane })).toBe('in case c1, without a question of its own');
  expect([asked, kept.length]).toEqual([['c1'], 1]);
});

test('an alert of the same patient and day joins the open case, also when both come at once; others get their own', async () => {
  const all = [alertAt(1), alertAt(2), alertAt(3, { patient: '~q' }), alertAt(4, { time: 2 * day })];
  const { ask, asked, kept, put } = place(all);
  const said = await Promise.all(all.slice(0, 2).map(({ sequence }) => ask({ sequence, person: jane })));
  expect(said).toEqual(['the person is asked, in case c1', 'in case c1, without a question of its own']);
  await ask({ sequence: 3, person: jane });
  await ask({ sequence: 4, person: jane });
  expect(kept.map(({ alerts }) => alerts.map(({ sequence }) => sequence))).toEqual([[1, 2], [3], [4]]);
  expect(asked).toEqual(['c1', 'c2', 'c3']);
  put('c1', { kind: 'question-withheld' });
  expect(await ask({ sequence: 2, person: jane })).toContain('without a question');
});

test('what cannot be searched or is refused fails, and the next one is asked all the same', async () => {
  await expect(place([]).ask({ sequence: 7, person: jane })).rejects.toThrow('cannot be searched yet');
  const { ask } = place([alertAt(7)], { refuses: true });
  await expect(ask({ sequence: 7, person: jane })).rejects.toThrow('was refused: no-alerts');
  await expect(ask({ sequence: 7, person: jane })).rejects.toThrow('was refused: no-alerts');
});

test('who has something waiting is known without a store, and forgotten with its answer', () => {
  const open = new OpenQuestions((askedAt) => askedAt + day);
  const of = (id: string, ...steps: readonly object[]): Case =>
    ({
      id,
      openedAt: 0,
      person: jane,
      patient: null,
      alerts: [],
      steps: steps.map((step) => ({ by: 'gateway', at: 0, ...step })),
    }) as never;
  const rita = { issuer: jane.issuer, sub: 'r', name: 'rita' };
  open.hear({ ...of('a', { kind: 'question' }), person: null });
  expect(open.waiting(jane, 1)).toBeNull();
  open.hear(of('a', { kind: 'message', by: rita }));
  expect(open.waiting(jane, 1)).toBe('message');
  open.hear(of('b', { kind: 'question', at: 1 }));
  expect([open.waiting(jane, 1), open.waiting(rita, 1)]).toEqual(['question', null]);
  open.hear(of('c', { kind: 'message', by: rita, at: 7 }));
  expect([open.newest(jane, 1), open.newest(rita, 1)]).toEqual([7, 0]);
  open.hear(of('c'));
  open.hear(of('b', { kind: 'question' }, { kind: 'question-postponed', by: jane }));
  expect([open.waiting(jane, 1), open.waiting(jane, day)]).toEqual(['message', 'question']);
  open.hear(of('b', { kind: 'question' }, { kind: 'answer', by: jane }));
  open.hear(of('a', { kind: 'message', by: rita }, { kind: 'question-seen', by: jane }));
  expect(open.waiting(jane, day)).toBeNull();
});

function numbersOf(about: CaseSubject): readonly number[] {
  return 'origin' in about ? [] : about;
}
