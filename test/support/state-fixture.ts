// The data directory of a gateway that has been in use: filled through the stores themselves, packed into one compressed file,
// and unpacked by the tests that later versions must still pass. The packed ones under test/fixtures are never made anew.

import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { openEmbeddedState } from '../../src/adapters/embedded-state.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { openVaultFile } from '../../src/adapters/vault-file.ts';
import { attempt, openTestLog } from './audit-log.ts';
import { silentLog } from './silent-log.ts';
import { sessionOf } from './session-of.ts';

const issuer = 'https://op.example';

/** What the filled stores hold, for whoever asks for it afterwards. */
export const filled = {
  ada: { issuer, sub: 'ada', name: 'ada' },
  totpSecret: 'JBSWY3DPEHPK3PXP',
  recoveryHashes: ['first-hash', 'second-hash'],
  credential: { username: 'alovelace', password: 'correct horse', more: { pin: '1234' } },
  imported: { issuer, name: 'bob', application: 'ehr', credential: { username: 'bob', password: 'battery staple', more: {} } },
  grant: {
    id: 'grant-1',
    issuer,
    sub: 'ada',
    reason: 'Chest pain in the waiting room',
    openedAt: 1000,
    expiresAt: 4_000_000_000_000,
  },
  /** Strings of which none may be found in a backup. */
  sessionTraces: ['ref-a', 'session-key-a', 'standing-cookie'],
} as const;

/** `records`: how many the access record holds. The directory must be there and empty. */
export async function fillData(directory: string, records: number): Promise<void> {
  const keyFile = join(directory, 'master.key');
  createMasterKey(keyFile);
  const sealer = new FileSealer(keyFile);
  const judge = () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 });
  const state = await openEmbeddedState({
    directory,
    sealer,
    clock: systemClock,
    log: silentLog,
    touchStepMilliseconds: 60_000,
    judge,
  });
  const session = {
    ...sessionOf('session-key-a', { reference: 'ref-a' }),
    sealedTokens: sealer.seal('tokens', JSON.stringify([issuer, 'ada']), 'token'),
  };
  await state.sessions.create(session);
  const jar = [{ name: 's', value: 'standing-cookie', path: '/', expiresAt: null }];
  await state.standings.put(session, 'ehr', { generation: 1, standing: 'signed-on', jar, signedOnAt: 5 });
  const { ada, totpSecret, recoveryHashes, credential, imported, grant } = filled;
  const sealed = sealer.seal('totp', JSON.stringify([issuer, 'ada']), totpSecret);
  await state.factors.enrolTotp(issuer, 'ada', sealed, 41, 1000, recoveryHashes);
  await state.vault.put(ada, 'ehr', credential);
  await state.grants.open(grant);
  await state.logouts.keep({ id: 'logout-1', sub: 'eve', providerSession: null }, 1000);
  await state.attempts.fail('totp ada');
  const account = await state.budgets.account('ada');
  account.changeNow((unused) => ({ state: { ...unused }, result: undefined }));
  await state.close();
  const vault = openVaultFile(directory, sealer);
  vault.importRows([imported]);
  vault.close();
  await fillAudit(join(directory, 'audit'), records);
}

async function fillAudit(directory: string, records: number): Promise<void> {
  const log = await openTestLog(directory);
  for (let index = 0; index < records; index += 1000) {
    const count = Math.min(1000, records - index);
    const receipts = await Promise.all(Array.from({ length: count }, (_none, at) => log.append(attempt(String(index + at)))));
    await receipts.at(-1)?.durable;
  }
  await log.close();
}

/** All files below a directory as one compressed text. */
export function packData(directory: string): Buffer {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(directory, name)).isFile(),
  );
  const files = names.sort().map((name) => [name, readFileSync(join(directory, name)).toString('base64')]);
  return gzipSync(JSON.stringify(Object.fromEntries(files)), { level: 9 });
}

/** Puts a packed directory back; `name` is a folder of test/fixtures. */
export function unpackFixture(name: string, directory: string): void {
  const packed = readFileSync(fileURLToPath(new URL(`../fixtures/${name}/files.json.gz`, import.meta.url)));
  const files = JSON.parse(gunzipSync(packed).toString('utf8')) as Record<string, string>;
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, path), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
}
