// `wardgate keys`: makes tokens for machines, makes the master key that seals what the gateway keeps, puts a new one before it, and takes out those
// that nothing is sealed with any more. Never overwrites a file of keys, and shows
// no key but a new token, once.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock-system.ts';
import { readMasterKeys } from '../adapters/master-keys.ts';
import { openPostgresBeside } from '../adapters/open-postgres-beside.ts';
import { pruneMasterKeys } from '../adapters/prune-master-keys.ts';
import { sharedKeyUse } from '../adapters/reseal-shared.ts';
import { rotateMasterKey } from '../adapters/rotate-master-key.ts';
import { sealedKeyUse } from '../adapters/sealed-key-use.ts';
import { createMasterKey } from '../adapters/sealer-file.ts';
import { schemas } from '../adapters/state-schema.ts';
import type { Settings } from '../config/settings.ts';
import type { StoreSettings } from '../core/store/store-settings.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';
import { inWords, judged, UsageProblem } from './usage-problem.ts';
import { describeResealed, lostIn } from './vault/describe-resealed.ts';
import { withVault } from './vault/with-vault.ts';

const usage = `wardgate keys init --file /etc/wardgate/master.key
wardgate keys token --hash-file /etc/wardgate/billing.hash
wardgate keys rotate [--config config/gateway.yaml]
wardgate keys prune [--dry-run] [--now] [--config config/gateway.yaml]

--now  does not wait until every session has ended that began before the last rotation`;

/** A running gateway looks at the file once a second; what it seals after that has the new key. */
const gatewayLooksMilliseconds = 1200;

const options = {
  init: { file: { type: 'string' } },
  token: { 'hash-file': { type: 'string' } },
  rotate: { config: { type: 'string', default: 'config/gateway.yaml' } },
  prune: {
    config: { type: 'string', default: 'config/gateway.yaml' },
    'dry-run': { type: 'boolean', default: false },
    now: { type: 'boolean', default: false },
  },
} as const;

/** Exit code: 0 done, 1 not (or not all), 2 wrong usage or a configuration that cannot be used. */
export function keys(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const [verb = '', ...rest] = args;
    switch (verb) {
      case 'init':
        return init(parseArgs({ args: rest, options: options.init }).values.file, print);
      case 'token':
        return machineToken(parseArgs({ args: rest, options: options.token }).values['hash-file'], print);
      case 'rotate': {
        const { config } = parseArgs({ args: rest, options: options.rotate }).values;
        const configuration = await soundConfiguration(config, print);
        return configuration === null ? 2 : rotate(configuration.settings, print);
      }
      case 'prune': {
        const given = parseArgs({ args: rest, options: options.prune }).values;
        const configuration = await soundConfiguration(given.config, print);
        return configuration === null ? 2 : prune(configuration.settings, given, print);
      }
      default:
        throw new UsageProblem(verb === '' ? 'A command is missing' : `There is no command "keys ${verb}"`);
    }
  });
}

function init(file: string | undefined, print: Printer): number {
  if (file === undefined) throw new UsageProblem('Option --file is missing');
  try {
    createMasterKey(file);
  } catch (cause) {
    print.err(`Cannot make the master key "${file}": ${inWords(cause)}`);
    return 1;
  }
  print.out(
    `The master key is in ${file}. Keep a copy where the backups are not: without it, second factors must be enrolled again.`,
  );
  return 0;
}

/** The token is shown here and nowhere else: the gateway needs only its hash. */
function machineToken(file: string | undefined, print: Printer): number {
  if (file === undefined) throw new UsageProblem('Option --hash-file is missing');
  const token = `wgm_${randomBytes(32).toString('base64url')}`;
  try {
    writeFileSync(file, `${createHash('sha256').update(token).digest('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    print.err(`Cannot write the hash "${file}": ${inWords(cause)}`);
    return 1;
  }
  print.out(token);
  print.out(`Give this token to the machine now, it is not shown again. Its hash is in ${file}: write tokenHashFile: ${file}`);
  return 0;
}

async function rotate(settings: Settings, print: Printer): Promise<number> {
  const { masterKeyFile, dataDirectory, store } = settings;
  if (store !== null && store.redis !== null) {
    const how =
      'put a new key into the file of each as its last line, make it the first one everywhere, and run "wardgate vault reseal"';
    print.err(
      `Several gateways open what one of them seals, so a key is never new to one alone: ${how} (docs/several-gateways.md)`,
    );
    return 1;
  }
  const count = rotateMasterKey(masterKeyFile);
  print.out(`A new first key is in ${masterKeyFile}, which holds ${count} keys now; keep a copy where the backups are not`);
  if (!existsSync(join(dataDirectory, schemas.identity.file))) {
    print.out('Nothing is sealed yet, because the gateway was never started');
    return 0;
  }
  await wait(gatewayLooksMilliseconds);
  let lost;
  try {
    const kinds = await withVault(settings, (vault) => vault.reseal());
    for (const line of describeResealed(kinds)) print.out(line);
    lost = lostIn(kinds);
  } catch (cause) {
    print.err(`The new key is in use, but not everything is sealed with it: ${inWords(cause)}; run "wardgate vault reseal"`);
    return 1;
  }
  const from = new Date(systemClock.now() + longestSession(settings)).toISOString();
  print.out('A running gateway seals with the new key already, and may write back tokens of sessions that began before it.');
  print.out(`Older keys may go once those have ended: run "wardgate vault reseal" and "wardgate keys prune" after ${from}.`);
  return lost > 0 ? 1 : 0;
}

interface PruneGiven {
  readonly 'dry-run': boolean;
  readonly now: boolean;
}

async function prune(settings: Settings, given: PruneGiven, print: Printer): Promise<number> {
  const { masterKeyFile, dataDirectory } = settings;
  const [newest, ...older] = readMasterKeys(masterKeyFile).keys;
  const uses = await usesOf(dataDirectory, settings.store);
  const used = (id = ''): number => uses.get(id) ?? 0;
  print.out(`Key ${newest?.id ?? ''}: the newest, ${valuesOf(used(newest?.id))}; stays`);
  for (const { id } of older) print.out(`Key ${id}: ${valuesOf(used(id))}; ${used(id) > 0 ? 'stays' : 'may go'}`);
  const idle = older.filter(({ id }) => used(id) === 0);
  const kept = older.length - idle.length;
  if (kept > 0) print.out('Run "wardgate vault reseal" first, which seals with the newest key what an older one has sealed');
  if (idle.length === 0) return kept > 0 ? 1 : 0;
  const from = statSync(masterKeyFile).mtimeMs + longestSession(settings);
  if (!given.now && systemClock.now() < from) {
    print.err(
      `The file was changed less than the longest session ago, so a running gateway may still hold what an older key has sealed; try again after ${new Date(from).toISOString()}, or stop the gateway and use --now`,
    );
    return 1;
  }
  if (given['dry-run']) {
    print.out('Nothing was changed');
    return kept > 0 ? 1 : 0;
  }
  const left = pruneMasterKeys(masterKeyFile, new Set(idle.map(({ id }) => id)));
  print.out(`${idle.length} ${idle.length === 1 ? 'key is' : 'keys are'} gone, the file holds ${left} now`);
  print.out('Backups of the data made before the last reseal open with the removed keys only: keep those as long as the backups');
  return kept > 0 ? 1 : 0;
}

/** Key id → values sealed with it, wherever they stand. */
async function usesOf(dataDirectory: string, store: StoreSettings | null): Promise<ReadonlyMap<string, number>> {
  const beside = sealedKeyUse(dataDirectory);
  if (store === null) return beside;
  const db = await openPostgresBeside(store.durable);
  try {
    const shared = await sharedKeyUse(db);
    return new Map([...beside.keys(), ...shared.keys()].map((id) => [id, (beside.get(id) ?? 0) + (shared.get(id) ?? 0)]));
  } finally {
    await db.close();
  }
}

function valuesOf(count: number): string {
  return count === 0 ? 'nothing is sealed with it' : `${count} ${count === 1 ? 'value is' : 'values are'} sealed with it`;
}

/** Milliseconds; zones and roles only ever shorten it. */
function longestSession({ lock }: Settings): number {
  return lock.everywhere.absoluteSeconds * 1000;
}
