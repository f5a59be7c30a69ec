// The vault beside a running gateway: listed without secrets, imported, removed, and everything sealed anew.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { SessionData } from 'express-session';
import { openEmbeddedState } from '../../src/adapters/embedded-state.ts';
import { openPatientImport } from '../../src/adapters/patient-import.ts';
import { stageRelations } from '../../src/adapters/relation-import.ts';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { openVaultFile } from '../../src/adapters/vault-file.ts';
import type { Resealed } from '../../src/adapters/reseal.ts';
import { personKey } from '../../src/sign-in/person-key.ts';
import { openTokens, sealTokens } from '../../src/sign-in/session-tokens.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { sessionOf } from '../support/session-of.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
const ada = { issuer, sub: 'ada', name: 'ada' };
const credential = { username: 'alovelace', password: 'correct horse', more: {} };

/** A running gateway's state, and the command line's own look at the same files. */
async function setUp() {
  const directory = temporaryDirectory();
  const keyFile = `${directory}/key`;
  createMasterKey(keyFile);
  const sealer = new FileSealer(keyFile);
  const options = {
    directory,
    clock: new FakeClock(),
    log: new FakeLog(),
    touchStepMilliseconds: 60_000,
    judge: () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 }),
  };
  const open = () => openEmbeddedState({ ...options, sealer: new FileSealer(keyFile) });
  return { directory, keyFile, sealer, open, state: await open() };
}

test('whose passwords are kept is listed, and no password', async () => {
  const { directory, sealer, state } = await setUp();
  await state.vault.put(ada, 'ehr', credential);
  await state.vault.put(ada, 'pacs', credential);
  await state.vault.markRefused(ada, 'pacs');
  const file = openVaultFile(directory, sealer);
  expect(file.importRows([{ issuer, name: 'bob', application: 'ehr', credential }])).toBe(1);
  const list = file.list();
  expect(list).toEqual([
    { issuer, sub: 'ada', name: 'ada', application: 'ehr', refused: false },
    { issuer, sub: 'ada', name: 'ada', application: 'pacs', refused: true },
    { issuer, sub: null, name: 'bob', application: 'ehr', refused: false },
  ]);
  expect(JSON.stringify(list)).not.toMatch(/horse|alovelace|v1\./);
  file.close();
  await state.close();
});

test('rows are removed by sub, or by login name with what was imported, and nobody else loses one', async () => {
  const { directory, sealer, state } = await setUp();
  const file = openVaultFile(directory, sealer);
  for (const name of ['ada', 'bob']) await state.vault.put({ issuer, sub: `sub-${name}`, name }, 'ehr', credential);
  file.importRows(['ada', 'bob'].map((name) => ({ issuer, name, application: 'ehr', credential })));
  expect(file.remove(issuer, { name: 'ada' }, 'pacs')).toBe(0);
  expect(file.remove('https://other.example', { name: 'ada' }, 'ehr')).toBe(0);
  expect(file.remove(issuer, { name: 'ada' }, 'ehr')).toBe(2);
  expect(file.remove(issuer, { sub: 'sub-bob' }, 'ehr')).toBe(1);
  expect(file.list()).toEqual([{ issuer, sub: null, name: 'bob', application: 'ehr', refused: false }]);
  expect(await state.vault.get({ issuer, sub: 'sub-ada', name: 'ada' }, 'ehr')).toBeNull();
  file.close();
  await state.close();
});

test('an import replaces the one before for the same login name; too large a one is refused whole', async () => {
  const { directory, sealer, state } = await setUp();
  const file = openVaultFile(directory, sealer);
  const row = { issuer, name: 'ada', application: 'ehr', credential };
  file.importRows([row]);
  file.importRows([{ ...row, credential: { ...credential, password: 'newer' } }]);
  expect(() => file.importRows(Array.from({ length: 10_001 }, () => row))).toThrow(
    'An import holds at most 10000 rows, and this one 10001',
  );
  const damaged = { ...row, name: null as unknown as string };
  const sound = { ...row, name: 'bob' };
  expect(() => file.importRows([sound, damaged])).toThrow('NOT NULL');
  expect(file.list()).toHaveLength(1);
  expect(await state.vault.get(ada, 'ehr')).toMatchObject({ credential: { password: 'newer' } });
  file.close();
  await state.close();
});

test('another process does all that while the gateway runs and writes', async () => {
  const { directory, state } = await setUp();
  const script = `import('./src/adapters/vault-file.ts').then(async ({ openVaultFile }) => {
    const { FileSealer } = await import('./src/adapters/sealer-file.ts');
    const file = openVaultFile(${JSON.stringify(directory)}, new FileSealer(${JSON.stringify(`${directory}/key`)}));
    const credential = { username: 'u', password: 'p', more: {} };
    for (let n = 0; n < 50; n += 1) file.importRows([{ issuer: 'i', name: 'n' + n, application: 'ehr', credential }]);
    file.reseal();
    console.log(file.list().filter(({ sub }) => sub === null).length);
    file.close();
  })`;
  const at = { done: false, writes: 0 };
  const writing = (async () => {
    for (; !at.done; at.writes += 1) await state.vault.put({ ...ada, sub: `sub-${at.writes % 20}` }, 'ehr', credential);
  })();
  const child = await promisify(execFile)(process.execPath, ['-e', script]).finally(() => (at.done = true));
  await writing;
  expect([child.stderr, child.stdout]).toEqual(['', '50\n']);
  expect(at.writes).toBeGreaterThan(0);
  expect(await state.vault.get({ issuer: 'i', sub: 's', name: 'n49' }, 'ehr')).toMatchObject({ credential: { username: 'u' } });
  await state.close();
});

const disclosed = {
  recipient: 'R',
  address: null,
  description: 'D',
  purpose: 'P',
  basis: 'research',
  count: null,
  madeAt: 1,
} as const;
const heldBack = { patient: '7', agency: 'A', because: 'B', oral: true, from: 1, until: 2, liftedAt: null };

const said = { kind: 'finding', at: 1, by: ada, text: 'Looked' } as const;

const noted = { note: 'Asked why', disposition: 'question', by: ada, at: 2 } as const;
const reviewed = {
  id: 'r',
  kind: 'emergency',
  period: '1',
  since: 1,
  until: 1,
  preparedAt: 1,
  dueAt: 1,
  population: { records: 1, people: 1, patients: 0, chartsOpened: 0, isCut: false },
  gaps: [],
  unwatchedMilliseconds: 0,
  sample: null,
} as const;

/** One of each kind of sealed value, as the gateway makes them. */
async function fill({ directory, sealer, state }: Awaited<ReturnType<typeof setUp>>) {
  await state.vault.put(ada, 'ehr', credential);
  await state.factors.enrolTotp(issuer, 'ada', sealer.seal('totp', personKey(ada), 'TOTPSECRET'), 1, 1, []);
  const times = { registeredAt: Date.now(), seenAt: Date.now() };
  const device = { id: 'd', kind: 'own', name: 'desk', application: 'ehr', owner: { issuer, sub: 'ada' }, ...times } as const;
  await state.devices.register('hash of its cookie', device);
  await state.pins.set({ ...ada, device: 'd' }, '739182', Date.now());
  await state.patientTokens.remember('MRN-90817263');
  const entry = auditEntry('disclosure-owed', 1, { subject: ada, rule: 'reports' });
  const told = await state.disclosures.keep(disclosed, ada);
  await state.disclosures.owe({ id: 'o', at: 1, patient: '7', entry }, ada);
  await state.disclosures.suspend('s', heldBack);
  await state.cases.prepare({ id: 'f', of: 'c', step: said, alerts: [], opens: { person: null, patient: null } });
  await state.reviews.begin(reviewed, [{ number: 1, record: 1, time: 1, person: ada, roles: 'it', kind: 'chart', patient: null, words: '' }]); // prettier-ignore
  await state.reviews.dispose('r', [1], noted);
  await state.reviews.keepStatement('r', 'What was signed');
  importPatient(directory, sealer, (id) => state.patientTokens.tokenOf(id));
  const relations = { dataDirectory: directory, sealer, kind: 'confidential', fileDigest: 'digest', now: 1 } as const;
  stageRelations(relations, [{ patient: state.patientTokens.tokenOf('MRN-90817263') }]);
  const subject = { ...ada, displayName: 'Ada' };
  const sealedTokens = sealTokens(sealer, subject, { idToken: 'id', refreshToken: 'refresh' });
  const session = sessionOf('a', { subject, sealedTokens });
  await state.sessions.create(session);
  await state.sessions.create(sessionOf('b'));
  const standing = { generation: 1, standing: 'signed-on', jar: [{ name: 's', value: '1', path: '/', expiresAt: null }], signedOnAt: 1 } as const; // prettier-ignore
  await state.standings.put(session, 'ehr', standing);
  await state.standings.flush();
  const interaction = { cookie: { originalMaxAge: 1 }, note: 'n' } as unknown as SessionData;
  await new Promise<void>((resolve, reject) => state.interactions.set('id', interaction, (error) => (error ? reject(error) : resolve()))); // prettier-ignore
  return { session, standing, interaction, told };
}

/** A directory of one patient; not in force, which makes no difference to what is sealed. */
function importPatient(dataDirectory: string, sealer: FileSealer, tokenOf: (id: string) => string): void {
  const patients = openPatientImport({ dataDirectory, sealer, tokenOf, now: 1 });
  patients.add(2, { name: 'Jane Roe', birthDate: null, ids: [{ kind: 'mrn', id: 'MRN-90817263' }] });
  patients.copy('digest');
  patients.close();
}

/** One number for each place; nobody has a held post or has applied rules here, so theirs is 0. */
/** Everything that stands sealed. */
const places = [
  'EHR passwords',
  'imported EHR passwords',
  'second factors',
  'held posts',
  'device PINs',
  'the key of patient tokens',
  'ids behind patient tokens',
  'words of disclosures',
  'owed answers about downloads',
  'disclosures held back',
  'texts of cases',
  'notes of reviewers',
  'certificates of reviews',
  'patients by name',
  'keys of the index of names',
  'schedule, roster and demographics',
  'tokens of sessions',
  'sessions at EHRs',
  'sign-ins under way',
  'questions and answers of the last minutes',
  'notes of applied rules',
];
/** In which `fill` puts nothing. */
const empty = ['imported EHR passwords', 'held posts', 'questions and answers of the last minutes', 'notes of applied rules'];

type Count = 'resealed' | 'already' | 'changed' | 'unopened';

/** One value in every place that `fill` fills, and in these. */
function oneIn(...more: readonly string[]): Readonly<Record<string, number>> {
  const filled = places.filter((what) => more.includes(what) || !empty.includes(what));
  return Object.fromEntries(filled.map((what) => [what, 1]));
}

/** The places, by what they are called, in which that holds of so many values; every place else has none of them. */
function counts(all: readonly Resealed[], count: Count): Readonly<Record<string, number>> {
  return Object.fromEntries(all.filter((one) => one[count] > 0).map((one) => [one.what, one[count]]));
}

test('everything is sealed anew with the newest key, and the old one may then go', async () => {
  const all = await setUp();
  const { directory, keyFile, sealer, state, open } = all;
  const { session, standing, interaction, told } = await fill(all);
  const file = openVaultFile(directory, sealer);
  file.importRows([{ issuer, name: 'bob', application: 'ehr', credential }]);
  expect(counts(file.reseal(), 'already')).toEqual(oneIn('imported EHR passwords'));
  rotateMasterKey(keyFile);
  const newer = openVaultFile(directory, new FileSealer(keyFile));
  const first = newer.reseal();
  expect(first.map(({ what }) => what)).toEqual(places);
  expect(counts(first, 'resealed')).toEqual(oneIn('imported EHR passwords'));
  expect(counts(newer.reseal(), 'already')).toEqual(oneIn('imported EHR passwords'));
  for (const one of [file, newer]) one.close();
  await state.close();
  const [newest = ''] = readFileSync(keyFile, 'utf8').split('\n');
  writeFileSync(keyFile, `${newest}\n`);
  const only = new FileSealer(keyFile);
  const again = await open();
  expect(await again.vault.get(ada, 'ehr')).toEqual({ credential, refused: false });
  expect(await again.vault.get({ issuer, sub: 'b', name: 'bob' }, 'ehr')).toEqual({ credential, refused: false });
  const enrolment = await again.factors.totp(issuer, 'ada');
  expect(only.open('totp', personKey(ada), enrolment?.sealedSecret ?? '')).toBe('TOTPSECRET');
  const tokens = again.sessions.byReference(session.reference)?.sealedTokens ?? null;
  expect(openTokens(only, session.subject, tokens)).toEqual({ idToken: 'id', refreshToken: 'refresh' });
  expect(await again.pins.try({ ...ada, device: 'd' }, '739182', 0)).toEqual({ outcome: 'right' });
  const token = state.patientTokens.tokenOf('MRN-90817263');
  expect(again.patientTokens.tokenOf('MRN-90817263')).toBe(token);
  expect((await again.patientNames.show([token])).get(token)?.id).toBe('MRN-90817263');
  expect(await again.disclosures.open(told.id, told.commitment)).toEqual(disclosed);
  expect((await again.disclosures.owed(ada)).map(({ id, patient }) => [id, patient])).toEqual([['o', '7']]);
  await again.cases.count('f', 1);
  expect((await again.cases.find('c'))?.steps).toMatchObject([said]);
  expect(await again.reviews.find('r')).toMatchObject({ statement: 'What was signed', items: [{ disposed: noted }] });
  expect(await again.disclosures.suspensions()).toEqual([{ id: 's', ...heldBack }]);
  expect(await again.patientImports.takeEffect(1, 1, 'it')).toBe(true);
  expect((await again.patientNames.show([token])).get(token)?.name).toBe('Jane Roe');
  expect((await again.patientDirectory.named('roe', 1)).patients).toHaveLength(1);
  expect(again.standings.get(session, 'ehr')).toEqual(standing);
  const kept = await new Promise((resolve) => again.interactions.get('id', (_error, value) => resolve(value)));
  expect(kept).toEqual(interaction);
  await again.close();
});

test('what no key opens is counted and left as it is', async () => {
  const all = await setUp();
  const { directory, keyFile, state } = all;
  await fill(all);
  const other = `${directory}/other`;
  createMasterKey(other);
  const file = openVaultFile(directory, new FileSealer(other));
  expect(counts(file.reseal(), 'unopened')).toEqual(oneIn());
  file.close();
  const same = openVaultFile(directory, new FileSealer(keyFile));
  expect(counts(same.reseal(), 'already')).toEqual(oneIn());
  same.close();
  await state.close();
});

test('a value that the gateway replaces meanwhile is not put back', async () => {
  const { directory, keyFile, state } = await setUp();
  await state.vault.put(ada, 'ehr', credential);
  rotateMasterKey(keyFile);
  const real = new FileSealer(keyFile);
  const second = new DatabaseSync(join(directory, 'identity.db'));
  const racing = {
    isNewest: (sealed: string) => real.isNewest(sealed),
    open: (purpose: string, owner: string, sealed: string) => real.open(purpose, owner, sealed),
    // Between the reading and the writing of the row.
    seal(purpose: string, owner: string, text: string) {
      second.exec(`UPDATE credentials SET sealed = 'theirs'`);
      return real.seal(purpose, owner, text);
    },
  };
  const file = openVaultFile(directory, racing);
  expect(counts(file.reseal(), 'changed')).toEqual({ 'EHR passwords': 1 });
  expect(second.prepare('SELECT sealed FROM credentials').get()).toEqual({ sealed: 'theirs' });
  second.close();
  file.close();
  await state.close();
});

test('more rows than are read at once are all sealed anew', async () => {
  const { directory, keyFile, sealer, state } = await setUp();
  const file = openVaultFile(directory, sealer);
  file.importRows(Array.from({ length: 450 }, (_none, n) => ({ issuer, name: `n${n}`, application: 'ehr', credential })));
  rotateMasterKey(keyFile);
  const newer = openVaultFile(directory, new FileSealer(keyFile));
  expect(newer.reseal()[1]).toMatchObject({ resealed: 450 });
  expect(newer.reseal()[1]).toMatchObject({ already: 450 });
  for (const one of [file, newer]) one.close();
  await state.close();
});

test.each([
  [1, 'start the gateway of this version once'],
  [99, 'use the newer program'],
])('a file of schema version %i is refused with the fix', async (version, fix) => {
  const { directory, sealer, state } = await setUp();
  await state.close();
  const raw = new DatabaseSync(join(directory, 'identity.db'));
  raw.exec(`UPDATE schema_version SET version = ${version}`);
  raw.close();
  expect(() => openVaultFile(directory, sealer)).toThrow(new RegExp(`identity\\.db": its schema version is ${version} and this program knows \\d+; ${fix}`)); // prettier-ignore
});

test('where there is no file none is made', () => {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  expect(() => openVaultFile(directory, new FileSealer(`${directory}/key`))).toThrow(
    'there is no such file; start the gateway once',
  );
  expect(existsSync(join(directory, 'identity.db'))).toBe(false);
});

test('something else under that name is named', () => {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  writeFileSync(join(directory, 'identity.db'), 'this is no database'.repeat(100));
  expect(() => openVaultFile(directory, new FileSealer(`${directory}/key`))).toThrow(
    /^Cannot open ".*identity\.db": file is not a database/,
  );
});

test('the gateway keeps its lock: a second one is refused while the command line works', async () => {
  const { directory, sealer, state } = await setUp();
  const file = openVaultFile(directory, sealer);
  await expect(openStateDb(directory)).rejects.toThrow('is in use by process');
  file.close();
  await state.close();
});
