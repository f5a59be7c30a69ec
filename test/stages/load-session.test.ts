import { expect, test } from 'vitest';
import type { Arrived, Identified, Presented, Targeted } from '../../src/facts.ts';
import type { FactorEvidence, Session } from '../../src/core/session/session.ts';
import type { Lookup, SessionStore, Soon } from '../../src/ports.ts';
import { loadSession } from '../../src/stages/load-session.ts';
import { reasonOf } from '../support/edge-facts.ts';

const session = { key: 'k', subject: { issuer: 'https://i', sub: 's', name: 'n' } } as Session;
const former = new Map<string, { key: string; factor: FactorEvidence }>();
let asked: string[] = [];
let belongs: unknown[] = [];
let names = ['ehr.example'];
let counted: string[] = [];

async function run(sessionKey: string | null, find: (key: string) => Soon<Lookup<Session>>): Promise<unknown> {
  asked = [];
  belongs = [];
  const sessions = { find: (key: string) => (asked.push(key), find(key)) } as unknown as SessionStore;
  const turns = { of: () => '', take: () => undefined, belongs: (...all: unknown[]) => void belongs.push(all) };
  const applications = new Map(names.map((name) => [name, name]));
  const metrics = { count: (name: string) => void counted.push(name) };
  const stage = loadSession({ sessions, turns, applications, metrics, formerIds: { find: (key) => former.get(key) ?? null } });
  const application = { name: 'ehr' };
  return reasonOf(await stage({ sessionKey, application } as unknown as Arrived & Identified & Presented & Targeted));
}

test('nothing presented is nobody, and the store is not asked', async () => {
  expect(await run(null, () => ({ found: 'yes', value: session }))).toEqual({ session: null });
  expect(asked).toEqual([]);
});

test('what is presented is looked up, at once or later, and shares with its person from then on', async () => {
  expect(await run('k', () => ({ found: 'yes', value: session }))).toEqual({ session });
  expect(await run('k', () => Promise.resolve({ found: 'yes', value: session }))).toEqual({ session });
  expect(asked).toEqual(['k']);
  expect(belongs).toEqual([['k', session.subject]]);
});

test('a session that is not there is nobody; a store that cannot say is a 503, at once or later', async () => {
  expect(await run('k', () => ({ found: 'no' }))).toEqual({ session: null });
  expect(await run('k', () => ({ found: 'unavailable', cause: 'x' }))).toBe('session-store-unavailable');
  expect(await run('k', () => Promise.resolve({ found: 'unavailable', cause: 'x' }))).toBe('session-store-unavailable');
});

test('a session that is not there shares with nobody', async () => {
  await run('k', () => ({ found: 'no' }));
  expect(belongs).toEqual([]);
});

test('one that was opened at another address is nobody, and counted', async () => {
  names = ['ehr.example', 'pacs.example'];
  const found = (application: string): Lookup<Session> => ({
    found: 'yes',
    value: { ...session, place: { application, link: 'l' } },
  });
  expect(await run('k', () => found('pacs'))).toEqual({ session: null });
  expect(belongs).toEqual([]);
  expect(await run('k', () => found('ehr'))).toMatchObject({ session: { key: 'k' } });
  expect(counted).toEqual(['session-cookie-of-another-application']);
  names = ['ehr.example'];
});

test('the id it had a moment ago finds it, at once or later, with the proof it had then', async () => {
  const before: FactorEvidence = { method: 'totp', at: 1 };
  const now = { ...session, factor: { method: 'passkey', at: 2 } } as Session;
  former.set('old', { key: 'k', factor: before });
  const found: Lookup<Session> = { found: 'yes', value: now };
  const stored = (key: string): Lookup<Session> => (key === 'k' ? found : { found: 'no' });
  const expected = { session: { ...now, factor: before } };
  expect(await run('old', stored)).toEqual(expected);
  expect(await run('old', (key) => Promise.resolve(stored(key)))).toEqual(expected);
  expect(await run('old', () => ({ found: 'no' }))).toEqual({ session: null });
  former.clear();
});
