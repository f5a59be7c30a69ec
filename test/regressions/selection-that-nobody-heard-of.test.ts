// Somebody opened a patient and cut the connection before the answer came. The EHR had taken the selection, the gateway
// counted it as failed, and every page behind it was recorded as the patient before. The same held for a reply that the
// gateway itself refused, for a selection under way during a step-up, and for the first one that failed after a restart.

import { expect, test } from 'vitest';
import { SelectionBook } from '../../src/adapters/selection-book.ts';
import type { EhrPlace } from '../../src/core/session/ehr-place.ts';
import type { EndReason, HeldEhrSession, Session } from '../../src/core/session/session.ts';
import type { Gathered, Outcome } from '../../src/facts.ts';
import type { SessionStore } from '../../src/ports.ts';
import { commitSelection } from '../../src/settle/commit-selection.ts';

/** A store of one session that has patient 7 selected from an earlier run. */
function oneSession() {
  const held: readonly HeldEhrSession[] = [{ id: 'ehr 1', patient: '7', certain: true }];
  const rows = new Map([['old', { key: 'old', ehrSessions: held }]]);
  let renamed: (from: string, to: string) => void = () => undefined;
  const store = {
    find: (key: string) => {
      const value = rows.get(key);
      return value === undefined ? { found: 'no' } : { found: 'yes', value };
    },
    update: async (key: string, fields: Partial<Session>) => {
      const row = rows.get(key);
      if (row !== undefined && fields.ehrSessions !== undefined) row.ehrSessions = fields.ehrSessions;
      return Promise.resolve(row !== undefined);
    },
    onEnd: (_callback: (session: Session, reason: EndReason) => void) => undefined,
    onRename: (callback: typeof renamed) => void (renamed = callback),
    onEhrSessions: () => undefined,
  };
  const rename = (from: string, to: string): void => {
    rows.set(to, { ...(rows.get(from) ?? { ehrSessions: [] }), key: to });
    rows.delete(from);
    renamed(from, to);
  };
  return { store: store as unknown as SessionStore, rename, rows };
}

/** The EHR session of before, seen from the session of ours under that key. */
function inEhr(key: string): EhrPlace {
  return { session: { key } as Session, application: { name: 'ehr', sessionCookie: 'SID' }, ehrSession: '1' };
}

const uncertain = { ambiguous: expect.any(String) as unknown };

test.each`
  what                          | reply              | answer                                             | selected
  ${'success'}                  | ${{ status: 200 }} | ${null}                                            | ${'9'}
  ${'a redirect'}               | ${{ status: 302 }} | ${null}                                            | ${'9'}
  ${'a reply that we refused'}  | ${{ status: 200 }} | ${{ kind: 'refusal', reason: 'budget-exhausted' }} | ${'9'}
  ${'a reply not made durable'} | ${{ status: 200 }} | ${{ kind: 'fault', code: 'audit-unavailable' }}    | ${'9'}
  ${'no such patient'}          | ${{ status: 404 }} | ${null}                                            | ${'7'}
  ${'an EHR that broke'}        | ${{ status: 500 }} | ${null}                                            | ${uncertain}
  ${'no reply'}                 | ${undefined}       | ${{ kind: 'fault', code: 'upstream-timeout' }}     | ${uncertain}
  ${'a client that left'}       | ${undefined}       | ${{ kind: 'fault', code: 'upstream-unreachable' }} | ${uncertain}
  ${'a full queue'}             | ${undefined}       | ${{ kind: 'fault', code: 'upstream-busy' }}        | ${'7'}
`('after $what', ({ reply, answer, selected }: { reply: object | undefined; answer: Outcome['answer']; selected: unknown }) => {
  const book = new SelectionBook(oneSession().store, (text) => text, 1);
  book.begin(inEhr('old'), 'r1', '9');
  const settle = commitSelection({ settleSelection: (key, id, how) => book.settle(key, id, how) });
  const facts = { session: { key: 'old' }, id: 'r1', admission: {}, selects: '9', route: {}, reply } as unknown as Gathered;
  void settle(facts, { answer, status: 200 } as Outcome);
  expect(book.selectedPatient(inEhr('old'))).toEqual(selected);
});

test("a selection that settles under the key of before a step-up is the session's all the same", async () => {
  const { store, rename, rows } = oneSession();
  const book = new SelectionBook(store, (text) => text, 1);
  book.begin(inEhr('old'), 'r1', '9');
  rename('old', 'new');
  book.settle('old', 'r1', 'took-effect');
  expect(book.selectedPatient(inEhr('new'))).toBe('9');
  await expect.poll(() => rows.get('new')?.ehrSessions).toEqual([{ id: 'ehr 1', patient: '9', certain: true }]);
  book.forget('new');
  expect(book.selectedPatient(inEhr('old'))).toEqual(uncertain);
});
