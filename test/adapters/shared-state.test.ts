// The state of gateways that share a PostgreSQL: what is shared, what stays beside each, and who is not let in.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabaseFile } from '../../src/adapters/database-file.ts';
import { openEmbeddedState } from '../../src/adapters/embedded-state.ts';
import { moveState } from '../../src/adapters/move-state.ts';
import { openPostgresBeside } from '../../src/adapters/open-postgres-beside.ts';
import { openPatientFile } from '../../src/adapters/patient-file.ts';
import { sharedKeyUse } from '../../src/adapters/reseal-shared.ts';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { storedCredential } from '../../src/adapters/stored-credential.ts';
import { openVaultShared } from '../../src/adapters/vault-shared.ts';
import type { StoreSettings } from '../../src/core/store/store-settings.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { fillData, filled } from '../support/state-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { requirement } from '../support/requirements.ts';

const postgres = requirement('postgres');

postgres.describe('state in PostgreSQL', () => {
  let server: PostgresServer;
  let root: string;
  let schemaNumber = 0;
  let store: StoreSettings;
  let log: FakeLog;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    server = await startPostgres(dirname(postgres.path ?? ''));
  });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wardgate-shared-'));
    createMasterKey(join(root, 'master.key'));
    const durable = { url: server.url, password: null, trust: null, plain: true, schema: `s${(schemaNumber += 1)}` };
    store = { durable, redis: null };
    log = new FakeLog();
  });

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    rmSync(root, { recursive: true, force: true });
  });

  afterAll(() => server.close());

  async function open(name: string, given: StoreSettings | null = store, keyFile = join(root, 'master.key')) {
    const state = await openEmbeddedState({
      directory: join(root, name),
      sealer: new FileSealer(keyFile),
      clock: new FakeClock(),
      log,
      touchStepMilliseconds: 1000,
      store: given,
      judge: () => ({ standing: 'active' }) as never,
    });
    opened.push(state);
    return state;
  }

  async function closeAll(): Promise<void> {
    for (const one of opened.splice(0)) await one.close();
  }

  it('has one key of patient tokens for all gateways, and keeps it where each of them imports', async () => {
    const token = (await open('one')).patientTokens.tokenOf('4711');
    await closeAll();
    expect((await open('two')).patientTokens.tokenOf('4711')).toBe(token);
    const beside = await openPatientFile(join(root, 'two'), join(root, 'master.key'));
    expect(beside.tokens.tokenOf('4711')).toBe(token);
    await beside.close();
  });

  it('a directory that was imported under another key is used no more, and the log says so', async () => {
    await open('one', null);
    await closeAll();
    const file = openDatabaseFile(join(root, 'one'), 'identity');
    file.exec(`INSERT INTO patient_imports VALUES (1, 'current', 0, 'key', 'digest', 1, 5, 0, 1, 'it')`);
    file.close();
    expect(await (await open('one')).patientDirectory.state()).toBeNull();
    expect(log.said.filter(({ message }) => message.includes('import it again'))).toHaveLength(1);
    await closeAll();
    await open('one');
    expect(log.said.filter(({ message }) => message.includes('import it again'))).toHaveLength(1);
  });

  it('a gateway with another master key than the one that sealed the rows does not start', async () => {
    await open('one');
    await closeAll();
    const other = join(root, 'other.key');
    createMasterKey(other);
    await expect(open('two', store, other)).rejects.toThrow(
      'PostgreSQL holds what was sealed with another master key, give every gateway the same masterKeyFile',
    );
    // And holds nothing: the right one starts at once.
    await open('two');
  });

  it('a server that cannot be reached keeps the gateway from starting, and leaves its directory free', async () => {
    const durable = { ...store.durable, url: 'postgres://wardgate@127.0.0.1:1/none' };
    await expect(open('one', { durable, redis: null })).rejects.toThrow('ECONNREFUSED');
    await open('one', null);
  });

  it('what one gateway kept moves into PostgreSQL whole, and is not used beside it any more', async () => {
    const directory = join(root, 'one');
    mkdirSync(directory);
    await fillData(directory, 1);
    const key = join(directory, 'master.key');
    await expect(open('one', store, key)).rejects.toThrow('knows people and PostgreSQL knows none');
    const moved = await moveState(directory, store.durable, '2026-11-30');
    expect(Object.fromEntries(moved.map(({ table, rows }) => [table, rows]))).toMatchObject({
      totp: 1,
      recovery_codes: 2,
      credentials: 1,
      imported_credentials: 1,
      grants: 1,
      sessions: 1,
      ehr_standings: 1,
      patient_key: 1,
    });
    const state = await open('two', store, key);
    expect(state.sessions.size).toBe(1);
    expect(await state.vault.get(filled.ada, 'ehr')).toMatchObject({ credential: filled.credential });
    await closeAll();
    await expect(open('one', null, key)).rejects.toThrow('The state was moved to PostgreSQL (2026-11-30)');
    await open('one', store, key);
  });

  it('nothing moves while a gateway runs on either side, or where PostgreSQL holds something', async () => {
    const directory = join(root, 'one');
    mkdirSync(directory);
    await fillData(directory, 1);
    const key = join(directory, 'master.key');
    await open('one', null, key);
    await expect(moveState(directory, store.durable, 'now')).rejects.toThrow('is in use by process');
    await closeAll();
    const other = await open('two', store, key);
    await expect(moveState(directory, store.durable, 'now')).rejects.toThrow('The database is in use by a gateway');
    await other.grants.open({ ...filled.grant, id: 'of two' });
    await closeAll();
    await expect(moveState(directory, store.durable, 'now')).rejects.toThrow('PostgreSQL is not empty: table "');
    expect((await open('one', null, key)).sessions.size).toBe(1);
  });

  it('commands beside the gateways read and write what they share', async () => {
    const [directory, key] = [join(root, 'one'), join(root, 'master.key')];
    const state = await open('one');
    const sealer = new FileSealer(key);
    const { ada, credential, imported } = filled;
    await state.vault.put(ada, 'ehr', credential);
    await state.patientTokens.remember('4711');
    const vault = await openVaultShared(store, directory, sealer);
    opened.push(vault);
    expect(await vault.importRows([imported])).toBe(1);
    const listed = await vault.list();
    expect(listed.map(({ name, sub }) => [name, sub])).toEqual([
      ['ada', 'ada'],
      ['bob', null],
    ]);
    const place = { dataDirectory: directory, store };
    for (const one of listed) expect((await storedCredential(place, sealer, one))?.password).toBeTypeOf('string');
    expect(await vault.remove(imported.issuer, { name: 'bob' }, 'ehr')).toBe(1);
    expect(await vault.remove(imported.issuer, { name: 'bob' }, 'ehr')).toBe(0);
    const patients = await openPatientFile(directory, key, store);
    opened.push(patients);
    const token = state.patientTokens.tokenOf('4711');
    expect((await patients.names.show([token])).get(token)?.id).toBe('4711');
    rotateMasterKey(key);
    const newer = await openVaultShared(store, directory, new FileSealer(key));
    opened.push(newer);
    const resealed = (await newer.reseal()).filter(({ resealed: count }) => count > 0);
    expect(resealed.map(({ what, resealed: count }) => [what, count])).toEqual([
      ['EHR passwords', 1],
      // The one that is shared, and its copy beside this gateway.
      ['the key of patient tokens', 2],
      ['ids behind patient tokens', 1],
    ]);
    const beside = await openPostgresBeside(store.durable);
    opened.push(beside);
    expect([...(await sharedKeyUse(beside)).values()]).toEqual([3]);
  });

  it('a command says what to do where no gateway has started on the PostgreSQL yet', async () => {
    await expect(openPostgresBeside(store.durable)).rejects.toThrow('holds no tables of a gateway yet; start the gateway once');
  });
});
