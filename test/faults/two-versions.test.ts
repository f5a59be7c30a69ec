// Gateways of two versions over one PostgreSQL and one Redis, as processes: a newer one takes the place of one of two, changes the
// tables while the older one is at work, and both go on; then one that the older cannot work beside.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programVersion } from '../../src/adapters/program-version.ts';
import { schemas } from '../../src/adapters/state-schema.ts';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce, AtWork, isOut } from '../support/at-work.ts';
import { keptAt, sameAt } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, linesOf } from '../support/demo-story.ts';
import { newerVersion } from '../support/newer-version.ts';
import { requirement } from '../support/requirements.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { OneOfTwo, TwoGateways } from '../support/two-gateways.ts';

const available = requirement('postgres').available && requirement('redis').available;
const timeout = 240_000;
const patience = 30_000;
const known = schemas.sessions.migrations.length;
const wards = 'ALTER TABLE sessions ADD COLUMN ward TEXT; CREATE TABLE wards (name TEXT PRIMARY KEY) STRICT;';

let two: TwoGateways;
let postgres: Client;
let main = '';
let compatible = '';
let breaking = '';
let nurse: CookieClient;
let physician: CookieClient;

beforeAll(async () => {
  if (!available) return;
  const shipped = readFileSync(new URL('../../config/rules.yaml', import.meta.url), 'utf8');
  const rules = shipped
    .replace('allow: [physician, nurse, records, it] }', 'allow: everyone }')
    .replace('billing: { files: 20/hour', 'billing: { files: 4/hour');
  two = await twoGateways({ rules });
  main = `${two.origin}/main`;
  const auditSteps = ['ALTER TABLE audit_requests ADD COLUMN ward TEXT'];
  compatible = newerVersion(join(two.directory, 'compatible'), { version: '0.2.0', sessionSteps: [wards], auditSteps });
  const renamed = 'ALTER TABLE sessions RENAME COLUMN ward TO unit;';
  breaking = newerVersion(join(two.directory, 'breaking'), {
    version: '0.3.0',
    sessionSteps: [wards, renamed],
    auditSteps,
    breaks: true,
  });
  postgres = new Client({ connectionString: two.postgres.url });
  await postgres.connect();
  nurse = await two.signIn(two.a, 'nurse');
  physician = await two.signIn(two.b, 'physician');
}, timeout);
afterAll(async () => {
  await endCommands();
  if (!available) return;
  await postgres.end();
  await two.close();
});

const at = (gateway: OneOfTwo, client: CookieClient): CookieClient => sameAt(two, gateway, client);

async function areIn(gateway: OneOfTwo, ...people: readonly CookieClient[]): Promise<void> {
  for (const one of people) {
    await eventually(async () => (await askOnce(at(gateway, one), main)).status === 200, 'their session', patience);
  }
}

/** Somebody who works at that gateway while the other is replaced; they hear nothing but what they asked for, or 503. */
async function whileTheyWork(gateway: OneOfTwo, client: CookieClient, work: () => Promise<void>): Promise<void> {
  const busy = new AtWork(at(gateway, client), main);
  await eventually(() => busy.told.length > 2, 'them to be at work');
  try {
    await work();
  } finally {
    await busy.stop();
  }
  expect(busy.told.map(({ status }) => status).filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(busy.told.some(({ clearsCookie }) => clearsCookie)).toBe(false);
  await areIn(gateway, client);
}

async function tables(): Promise<readonly unknown[]> {
  const { rows } = await postgres.query(
    "SELECT steps, oldest_usable, program FROM wardgate.schema_version WHERE database = 'sessions'",
  );
  return rows;
}

const drained = async (gateway: OneOfTwo): Promise<void> =>
  expect(await gateway.process.end('SIGTERM')).toEqual({ code: 0, signal: null });

/** Everything that the EHR saw is in both logs, and the last of both is in the index that they share. */
async function allIsRecorded(): Promise<void> {
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
  for (const { directory, auditDirectory } of [two.a, two.b]) {
    const written = readFileSync(join(directory, 'data', 'gateway-number.json'), 'utf8');
    const { number } = JSON.parse(written) as { number: number };
    const last = linesOf({ auditDirectory }).length;
    const indexed = async (): Promise<boolean> => {
      const asked = 'SELECT sequence FROM wardgate.audit_gateways WHERE number = $1';
      return Number((await postgres.query<{ sequence: string }>(asked, [number])).rows[0]?.sequence) >= last;
    };
    await eventually(indexed, `the records of gateway ${number} in the index`, patience);
  }
}

test.skipIf(!available)(
  'a newer version changes the tables beside an older one: both go on, and all that one does counts at the other',
  { timeout },
  async () => {
    await whileTheyWork(two.a, nurse, async () => {
      await drained(two.b);
      await areIn(two.a, physician);
      await two.b.start(compatible);
    });
    expect(await tables()).toEqual([{ steps: known + 1, oldest_usable: schemas.sessions.oldestUsable, program: '0.2.0' }]);
    await areIn(two.b, nurse, physician);
    for (const [here, there, name] of [
      [two.a, two.b, 'records'],
      [two.b, two.a, 'it'],
    ] as const) {
      const person = await two.signIn(here, name);
      await areIn(there, person);
      const left = [keptAt(two, here, person), keptAt(two, there, person)];
      const signOut = async (): Promise<boolean> =>
        (await at(here, person).form(`${two.origin}/.wardgate/sign-out`, {})).status !== 503;
      await eventually(signOut, 'an answer about the sign-out', patience);
      for (const one of left) await isOut(one, main);
    }
    const billing = await two.signIn(two.b, 'billing');
    await areIn(two.a, billing);
    const fetched: number[] = [];
    for (const gateway of [two.a, two.b, two.a, two.b, two.a, two.b]) {
      const file = `${two.origin}/files/large?megabytes=1&number=${fetched.length}`;
      const ask = async (): Promise<boolean> =>
        (fetched[fetched.length] = (await askOnce(at(gateway, billing), file)).status) !== 503;
      await eventually(ask, 'an answer about a download', patience);
    }
    expect(fetched.filter((status) => status !== 503)).toEqual([200, 200, 200, 200, 429, 429]);
    await allIsRecorded();
  },
);

test.skipIf(!available)(
  'an older version stops beside a newer one and starts again: it is let in, and nothing is lost',
  { timeout },
  async () => {
    await whileTheyWork(two.b, nurse, async () => {
      await drained(two.a);
      await areIn(two.b, physician);
      await two.a.start();
    });
    await areIn(two.a, nurse, physician);
    expect(await tables()).toMatchObject([{ steps: known + 1, program: '0.2.0' }]);
    await allIsRecorded();
  },
);

test.skipIf(!available)(
  'a version that an older one cannot work beside waits until it has gone, and lets it in no more',
  { timeout },
  async () => {
    await drained(two.b);
    await whileTheyWork(two.a, nurse, async () => {
      const change = `the tables are changed by 0.3.0 (from ${known + 1} to ${known + 2})`;
      await expect(two.b.start(breaking)).rejects.toThrow(
        `Gateways of an older version are at work (wardgate ${programVersion()}), and could not go on once ${change}; stop them first`,
      );
    });
    expect(await tables()).toMatchObject([{ steps: known + 1, program: '0.2.0' }]);
    await drained(two.a);
    await two.b.start(breaking);
    await areIn(two.b, nurse, physician);
    await whileTheyWork(two.b, physician, async () => {
      const forms = `its tables are at ${known + 2}, which a version that knows ${known + 2} can use`;
      const why = `The database was used by Wardgate 0.3.0 (${forms}, and this one, ${programVersion()}, knows ${known})`;
      await expect(two.a.start()).rejects.toThrow(`${why}; start the newer version`);
    });
    await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
  },
);
