// Tokens of patients and the ids behind them: made with one key that outlives every master key, kept sealed, found again by
// the gateway and by a command beside it.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPatientFile } from '../../src/adapters/patient-file.ts';
import { SqlitePatientNames } from '../../src/adapters/patient-names-sqlite.ts';
import type { PatientDirectory } from '../../src/adapters/patient-names-sqlite.ts';
import { SqlitePatientTokens } from '../../src/adapters/patient-tokens-sqlite.ts';
import { reseal } from '../../src/adapters/reseal.ts';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import { base32 } from '../../src/core/second-factor/base32.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';

const id = 'MRN-90817263';
let directory: string;
let keyFile: string;
let sealer: FileSealer;
let db: StateDb;
let log: FakeLog;
let clock: FakeClock;

beforeEach(async () => {
  directory = temporaryDirectory();
  keyFile = join(directory, 'key');
  createMasterKey(keyFile);
  sealer = new FileSealer(keyFile);
  log = new FakeLog();
  clock = new FakeClock();
  db = await openStateDb(directory);
});
afterEach(async () => db.close());

const open = (over: Pick<StateDb, 'run'> = db) => SqlitePatientTokens.open({ db: over, sealer, clock, log });
const namesOf = (tokens: SqlitePatientTokens, directoryOf?: PatientDirectory) =>
  new SqlitePatientNames(db, sealer, tokens, directoryOf);
const look = () => new DatabaseSync(join(directory, 'identity.db'));

/** Counts what goes to the worker. */
function counting() {
  const counted = { runs: 0 };
  const run: StateDb['run'] = async (name, statements) => {
    counted.runs += 1;
    return db.run(name, statements);
  };
  return Object.assign(counted, { run });
}

onEachEngine((onFile) => {
  test('a token is a keyed hash of the id, the same one again and after a new start, another one in another clinic', async () => {
    const tokens = await open();
    const token = tokens.tokenOf(id);
    expect(token).toMatch(/^~[a-z2-7]{26}$/);
    expect(tokens.tokenOf(id)).toBe(token);
    expect((await open()).tokenOf(id)).toBe(token);
    expect(tokens.tokenOf('MRN-90817264')).not.toBe(token);
    const other = await openStateDb(temporaryDirectory());
    expect((await SqlitePatientTokens.open({ db: other, sealer, clock, log })).tokenOf(id)).not.toBe(token);
    await other.close();
  });

  onFile('what is hashed, and how', async () => {
    const tokens = await open();
    const database = look();
    const key = sealer.open('patient-key', '', String(database.prepare('SELECT sealed FROM patient_key').get()?.['sealed']));
    database.close();
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    const hash = createHmac('sha256', Buffer.from(key, 'base64')).update(`wardgate patient\0${id}`).digest();
    expect(tokens.tokenOf(id)).toBe(`~${base32(hash.subarray(0, 16)).toLowerCase()}`);
  });

  test('an id is kept sealed before anybody goes on, once, and shown again', async () => {
    const counted = counting();
    const tokens = await open(counted);
    const before = counted.runs;
    const [first, second] = [tokens.remember(id), tokens.remember(id)];
    expect(second).toBe(first);
    await first;
    expect(tokens.remember(id)).toBeUndefined();
    expect(counted.runs).toBe(before + 1);
    const again = await open();
    await again.remember(id);
    const token = tokens.tokenOf(id);
    expect(await namesOf(again).show([token, again.tokenOf('nobody')])).toEqual(new Map([[token, { id, name: null }]]));
    expect(await namesOf(again).show([])).toEqual(new Map());
    for (const file of ['identity.db', 'identity.db-wal']) expect(readFileSync(join(directory, file)).includes(id)).toBe(false);
  });

  test('what cannot be kept is a fault each time, until it can', async () => {
    let down = true;
    const tokens = await open({
      run: async (name, statements) => {
        if (down && statements[0]?.sql.includes('INTO patients') === true) throw new Fault('session-store-unavailable');
        return db.run(name, statements);
      },
    });
    await expect(tokens.remember(id)).rejects.toThrow(Fault);
    await expect(tokens.remember(id)).rejects.toThrow(Fault);
    down = false;
    await tokens.remember(id);
    expect(tokens.remember(id)).toBeUndefined();
  });

  test('a text of a length that no id has is a token and takes no room', async () => {
    const counted = counting();
    const tokens = await open(counted);
    const before = counted.runs;
    expect(tokens.tokenOf('9'.repeat(257))).toMatch(/^~/);
    expect(tokens.remember('9'.repeat(257))).toBeUndefined();
    await tokens.remember('9'.repeat(256));
    expect(counted.runs).toBe(before + 1);
  });

  test('for a record that may not wait an id is kept soon, many in one transaction, and no more than a few hundred a minute', async () => {
    const counted = counting();
    const tokens = await open(counted);
    const before = counted.runs;
    const all = Array.from({ length: 301 }, (_none, n) => `p-${n}`);
    const given = all.map((one) => tokens.recordedToken(one));
    expect(given).toEqual(all.map((one) => tokens.tokenOf(one)));
    const shown = async () => (await namesOf(tokens).show(given)).size;
    await expect.poll(shown).toBe(300);
    expect(counted.runs).toBe(before + 1);
    // A patient is kept whatever the minute holds, and a known one takes no room.
    await tokens.remember('p-300');
    expect(tokens.recordedToken('p-7')).toBe(given[7]);
    clock.advance(60_000);
    tokens.recordedToken('q');
    await expect.poll(async () => (await namesOf(tokens).show([tokens.tokenOf('q')])).size).toBe(1);
    expect(tokens.recordedToken('9'.repeat(300))).toMatch(/^~/);
    expect(log.said).toEqual([]);
  });

  test('where ids cannot be kept for records, the log says so once, without an id, until they can again', async () => {
    let down = true;
    const tokens = await open({
      run: async (name, statements) => {
        if (down && statements[0]?.sql.includes('INTO patients') === true) throw new Fault('session-store-unavailable');
        return db.run(name, statements);
      },
    });
    for (const one of [id, `${id}0`]) tokens.recordedToken(one);
    await expect.poll(() => log.said.length).toBe(1);
    await expect(tokens.remember(id)).rejects.toThrow(Fault);
    expect(JSON.stringify(log.said)).not.toContain(id);
    down = false;
    await tokens.remember(id);
    down = true;
    tokens.recordedToken(`${id}1`);
    await expect.poll(() => log.said.length).toBe(2);
  });

  test('no more wait for the disk than there is room for', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const tokens = await open({
      run: async (name, statements) => {
        if (statements[0]?.sql.includes('INTO patients') === true) await held;
        return db.run(name, statements);
      },
    });
    const first = tokens.remember('first');
    await Promise.resolve();
    const waiting = Array.from({ length: 5000 }, (_none, n) => tokens.remember(`w-${n}`));
    await expect(tokens.remember('one more')).rejects.toThrow('5000 ids of patients wait for the disk');
    release();
    await Promise.all([first, ...waiting]);
    await tokens.remember('one more');
  });

  onFile('an id is bound to its token: moved to another one it is not shown', async () => {
    const tokens = await open();
    await tokens.remember(id);
    const other = tokens.tokenOf('other');
    const database = look();
    database.prepare('UPDATE patients SET token = ?').run(other);
    database.close();
    expect(await namesOf(tokens).show([tokens.tokenOf(id), other])).toEqual(new Map());
  });

  test('an id and its own token ask for the same patient, with what a directory joins to it', async () => {
    const tokens = await open();
    const token = tokens.tokenOf(id);
    expect(await namesOf(tokens).tokensOf(id)).toEqual([token]);
    expect(await namesOf(tokens).tokensOf(token)).toEqual([token]);
    const joined = tokens.tokenOf('uuid-of-the-same');
    const imported: PatientDirectory = {
      joined: async (asked) => (asked === token ? [joined, token] : []),
      names: async () => new Map([[token, { id, name: 'Jane Roe' }]]),
    };
    expect(await namesOf(tokens, imported).tokensOf(id)).toEqual([token, joined]);
    await tokens.remember(id);
    expect(await namesOf(tokens, imported).show([token])).toEqual(new Map([[token, { id, name: 'Jane Roe' }]]));
  });

  onFile('a command beside the gateway gives the same tokens and ids', async () => {
    const tokens = await open();
    await tokens.remember(id);
    const file = await openPatientFile(directory, keyFile);
    const token = tokens.tokenOf(id);
    expect(file.tokens.tokenOf(id)).toBe(token);
    expect(await file.names.tokensOf(id)).toEqual([token]);
    expect(await file.names.show([token])).toEqual(new Map([[token, { id, name: null }]]));
    await file.close();
  });

  onFile('where no gateway has made a key, the command says what to do', async () => {
    await expect(openPatientFile(directory, keyFile)).rejects.toThrow('start the gateway of this version once');
  });

  onFile('a new master key changes no token and loses no id, also once the old one has gone', async () => {
    const tokens = await open();
    await tokens.remember(id);
    const token = tokens.tokenOf(id);
    rotateMasterKey(keyFile);
    const resealed = reseal(directory, new FileSealer(keyFile));
    const places = ['the key of patient tokens', 'ids behind patient tokens'];
    expect(resealed.filter(({ what }) => places.includes(what)).map((one) => one.resealed)).toEqual([1, 1]);
    const newest = join(directory, 'newest');
    createMasterKey(newest);
    await expect(openPatientFile(directory, newest)).rejects.toThrow('is not in the master key file');
    const file = await openPatientFile(directory, keyFile);
    expect(file.tokens.tokenOf(id)).toBe(token);
    expect((await file.names.show([token])).get(token)?.id).toBe(id);
    await file.close();
  });

  test('a key that was sealed with a master key that is gone stops the gateway, and is not replaced', async () => {
    const tokens = await open();
    const other = join(directory, 'other');
    createMasterKey(other);
    await expect(SqlitePatientTokens.open({ db, sealer: new FileSealer(other), clock, log })).rejects.toThrow('its key');
    expect((await open()).tokenOf(id)).toBe(tokens.tokenOf(id));
  });
});
