// Two applications share the gateway's session cookie. A patient opened in one was recorded for pages of the other that
// lean on its own; and an application that named no session cookie carried one patient for all sessions of the EHR.

import { expect, test } from 'vitest';
import { SelectionBook } from '../../src/adapters/selection-book.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { EhrPlace } from '../../src/core/session/ehr-place.ts';
import type { HeldEhrSession, Session } from '../../src/core/session/session.ts';
import type { SessionStore } from '../../src/ports.ts';
import { environment, soundGateway, writeConfiguration } from '../config/write-configuration.ts';

function place(application: EhrPlace['application'], ehrSession: string | null, key = 'a', sub = 'ada'): EhrPlace {
  return { session: { key, subject: { issuer: 'i', sub } } as Session, application, ehrSession };
}

function setUp() {
  const rows = new Map<string, readonly HeldEhrSession[]>([['a', []], ['b', []], ['c', []]]); // prettier-ignore
  let ended: (session: Session) => void = () => undefined;
  const store = {
    find: (key: string) => (rows.has(key) ? { found: 'yes', value: { ehrSessions: rows.get(key) } } : { found: 'no' }),
    update: (key: string, { ehrSessions }: Partial<Session>) => {
      if (ehrSessions !== undefined) rows.set(key, ehrSessions);
      return Promise.resolve(true);
    },
    onEnd: (callback: typeof ended) => void (ended = callback),
    onRename: () => undefined,
    onEhrSessions: () => undefined,
  } as unknown as SessionStore;
  const end = (key: string): void => {
    rows.delete(key);
    ended({ key } as Session);
  };
  const open = () => new SelectionBook(store, (text) => `hash of ${text}`, 1);
  return { open, book: open(), rows, end };
}

function select(book: SelectionBook, at: EhrPlace, patient: string): void {
  book.begin(at, `select ${patient}`, patient);
  book.settle(at.session.key, `select ${patient}`, 'took-effect');
}

const uncertain = { ambiguous: expect.any(String) as unknown };
const ehr = { name: 'ehr', sessionCookie: 'SID' };
const wire = { name: 'wire', sessionCookie: 'SID' };

test('the same value in two applications is two sessions', () => {
  const { book } = setUp();
  for (const application of [ehr, wire]) book.learn(place(application, null), 'r', ['1'], null);
  select(book, place(ehr, '1'), '5');
  expect(book.selectedPatient(place(ehr, '1'))).toBe('5');
  expect(book.selectedPatient(place(wire, '1'))).toBeNull();
});

test('what was given in one application was not given in another, and to one session not to another', () => {
  const { book } = setUp();
  const { session } = place(ehr, null);
  book.learn(place(ehr, null), 'r', ['1', '2'], null);
  expect(book.given(session, 'ehr', ['0', '2', '1'])).toBe('2');
  expect(book.given(session, 'wire', ['1'])).toBeNull();
  expect(book.given(place(ehr, null, 'b').session, 'ehr', ['1'])).toBeNull();
  expect(book.given(place(ehr, null, 'nobody').session, 'ehr', ['1'])).toBeNull();
});

test('a value that the EHR gave to two sessions of ours is one session, with one patient', () => {
  const { book, end } = setUp();
  for (const key of ['a', 'b']) book.learn(place(ehr, null, key), 'r', ['1'], null);
  select(book, place(ehr, '1', 'a'), '5');
  select(book, place(ehr, '1', 'b'), '9');
  expect(book.selectedPatient(place(ehr, '1', 'a'))).toBe('9');
  end('b');
  expect(book.selectedPatient(place(ehr, '1', 'a'))).toBe('9');
  end('a');
  expect(book.selectedPatient(place(ehr, '1', 'a'))).toEqual(uncertain);
});

test('a session that the EHR opens in place of one with a patient may carry that patient, so nobody knows', () => {
  const { book } = setUp();
  book.learn(place(ehr, null), 'r1', ['1'], null);
  book.learn(place(ehr, '1'), 'r2', ['2'], null);
  expect(book.selectedPatient(place(ehr, '2'))).toBeNull();
  select(book, place(ehr, '2'), '5');
  book.learn(place(ehr, '2'), 'r3', ['3'], null);
  expect(book.selectedPatient(place(ehr, '3'))).toEqual(uncertain);
  book.begin(place(ehr, '2'), 'r4', '6');
  book.learn(place(ehr, '2'), 'r4', ['4'], { patient: '6' });
  book.settle('a', 'r4', 'took-effect');
  for (const value of ['2', '4']) expect(book.selectedPatient(place(ehr, value))).toBe('6');
});

test('what was given is known after a restart, and how certain it is', async () => {
  const { book, open, rows } = setUp();
  book.learn(place(ehr, null), 'r', ['1', '2', '3'], null);
  select(book, place(ehr, '1'), '5');
  book.begin(place(ehr, '2'), 'cut short', '6');
  await expect.poll(() => rows.get('a')?.map(({ certain }) => certain)).toEqual([true, true, false]);
  const again = open();
  const { session } = place(ehr, null);
  expect([['0'], ['1'], ['2'], ['3']].map((values) => again.given(session, 'ehr', values))).toEqual([null, '1', '2', '3']);
  expect(again.selectedPatient(place(ehr, '1'))).toBe('5');
  expect(again.selectedPatient(place(ehr, '2'))).toEqual(uncertain);
  expect(again.selectedPatient(place(ehr, '3'))).toBeNull();
});

test('of many sessions the one that was used longest ago is forgotten', async () => {
  const { book, rows } = setUp();
  const { session } = place(ehr, null);
  for (let n = 0; n <= 64; n += 1) {
    book.learn(place(ehr, null), `r${n}`, [String(n)], null);
    expect(book.selectedPatient(place(ehr, '0'))).toBeNull();
  }
  expect(book.given(session, 'ehr', ['1'])).toBeNull();
  expect(book.given(session, 'ehr', ['0'])).toBe('0');
  await expect.poll(() => rows.get('a')).toHaveLength(64);
});

test('an EHR without a session cookie carries the patient per person, in all their sessions and nobody else', () => {
  const { book, open, end } = setUp();
  const perPerson = { name: 'ehr', sessionCookie: null, patientPerPerson: true };
  expect(book.selectedPatient(place(perPerson, null))).toEqual(uncertain);
  select(book, place(perPerson, null, 'a'), '5');
  expect(book.selectedPatient(place(perPerson, null, 'b'))).toBe('5');
  expect(book.selectedPatient(place(perPerson, null, 'c', 'eve'))).toEqual(uncertain);
  end('a');
  expect(book.selectedPatient(place(perPerson, null, 'b'))).toBe('5');
  expect(open().selectedPatient(place(perPerson, null, 'b'))).toEqual(uncertain);
});

test('where nobody said what carries the patient, nobody is carried for certain', () => {
  const { book } = setUp();
  select(book, place({ name: 'ehr' }, null), '5');
  expect(book.selectedPatient(place({ name: 'ehr' }, null))).toEqual(uncertain);
});

const carried = 'Rule "chart" reads the patient who is carried in the EHR (/chart), and application "ehr"';
test.each([
  [['signOn: none'], 'patient: session', `${carried} does not say which cookie names its session`],
  [['signOn: none'], 'selectsPatient: query.pid', `${carried} does not say which cookie names its session`],
  [['sessionCookie: none', 'signOn: none'], 'patient: [query.pid, session]', `${carried} with sessionCookie: none cannot tell`],
  [['sessionCookie: none', 'signOn: own-password'], 'patient: session', null],
  [['sessionCookie: none', 'signOn: { header: X-Remote-User }'], 'patient: session', null],
  [['sessionCookie: SID', 'signOn: none'], 'patient: session', null],
  [['signOn: none'], 'patient: query.pid', null],
  [['signOn: none'], 'clearsPatient: true', null],
])('with %s a rule that says %s loads only where the patient has a place', async (application, keys, mistake) => {
  const gateway = soundGateway.replace(
    / {4}preset: small\n {4}signOn: none\n/,
    application.map((line) => `    ${line}\n`).join(''),
  );
  const rules = `roles: { nurse: Nurses }\nrules:\n  - { name: chart, paths: [/chart], ${keys}, allow: everyone }\n`;
  const written = await writeConfiguration(gateway, rules);
  const loaded = await loadConfiguration(written.gateway, { environment });
  const mistakes = loaded.ok ? [] : loaded.mistakes.map(({ message }) => message);
  expect(mistakes).toEqual(mistake === null ? [] : [expect.stringContaining(mistake)]);
});
