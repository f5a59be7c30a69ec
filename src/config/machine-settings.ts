// Puts the named machines together: what each proves itself with, where it may come from, and what it may ask of at all.
// Refuses what would make a guess enough, and credentials that two machines share.

import type { GatewayFile } from './gateway-schema.ts';
import { machineCredential } from './machine-credential.ts';
import type { MachineEntry } from './machine-schema.ts';
import { cidrProblem, trustProblem } from './network.ts';
import type { Reading } from './reading.ts';
import type { MachineSettings } from './settings.ts';
import { didYouMean, listed } from './did-you-mean.ts';
import type { KeyPath } from './yaml-source.ts';

type Gateway = Reading<GatewayFile>;

/** All machines that could be read; complete where the findings hold no mistake. */
export async function machineSettings(reading: Gateway): Promise<Map<string, MachineSettings>> {
  const machines = new Map<string, MachineSettings>();
  for (const [name, entry] of Object.entries(reading.value.machines ?? {})) {
    const at = ['machines', name];
    const credential = await machineCredential(reading, at, name, entry);
    const ranges = rangesOf(reading, at, name, entry);
    checkApplications(reading, at, entry);
    const account = await accountOf(reading, at, entry);
    checkAuthorization(reading, at, name, entry);
    if (credential === null) continue;
    const machine = {
      name,
      credential,
      ranges,
      applications: entry.applications ?? null,
      account,
      passAuthorization: entry.passAuthorization ?? false,
    };
    checkOverlap(reading, machine, [...machines.values()]);
    machines.set(name, machine);
  }
  return machines;
}

function rangesOf(reading: Gateway, at: KeyPath, name: string, entry: MachineEntry): readonly string[] | null {
  const isByToken = entry.certificate === undefined;
  if (entry.from === undefined) {
    if (isByToken) {
      const fix = 'write from: with its address or a zone, or give it a certificate';
      reading.mistake(at, `Machine "${name}" has a token and no address, so whoever copies the token is the machine; ${fix}`);
    }
    return null;
  }
  return entry.from.flatMap((text, index) => rangesNamed(reading, reading.entry([...at, 'from'], index), text, isByToken));
}

/** A zone's ranges, or the range itself. */
function rangesNamed(reading: Gateway, path: KeyPath, text: string, isByToken: boolean): readonly string[] {
  const zones = reading.namesIn('zones') ?? [];
  const isZone = zones.includes(text);
  const ranges = isZone ? (reading.value.zones?.[text] ?? []) : [text];
  if (!isZone && /^[a-z][a-z0-9-]*$/.test(text)) {
    const there = zones.length === 0 ? 'there is none' : `there is ${listed(zones, 'and')}`;
    reading.mistake(path, `Zone "${text}" is not defined under zones, ${there}`, didYouMean(text, zones));
    return [];
  }
  for (const range of ranges) {
    const problem = isZone ? null : cidrProblem(range);
    if (problem !== null) reading.mistake(path, `Address "${range}" ${problem}`);
    else if (isByToken && trustProblem(range) !== null)
      reading.mistake(
        path,
        `Range "${range}" is wider than /8, so the address proves nothing beside the token; name the machine`,
      );
  }
  return ranges;
}

function checkApplications(reading: Gateway, at: KeyPath, entry: MachineEntry): void {
  const known = reading.namesIn('applications');
  for (const [index, name] of (entry.applications ?? []).entries()) {
    if (known === null || known.includes(name)) continue;
    const path = reading.entry([...at, 'applications'], index);
    reading.mistake(path, `Application "${name}" is not defined, there is ${listed(known, 'and')}`, didYouMean(name, known));
  }
}

async function accountOf(reading: Gateway, at: KeyPath, { signOn }: MachineEntry): Promise<MachineSettings['account']> {
  if (signOn === undefined) return null;
  const path = [...at, 'signOn'];
  const password = await reading.secret(path, 'password', { file: signOn.passwordFile, env: signOn.passwordEnv });
  const isNamed = signOn.passwordFile !== undefined || signOn.passwordEnv !== undefined;
  if (!isNamed) {
    const fix = 'write passwordFile: /run/secrets/… or passwordEnv: NAME';
    reading.mistake(path, `Account "${signOn.account}" has no password, ${fix}`);
  }
  if (signOn.account.includes(':')) reading.mistake(path, `Account "${signOn.account}" must not contain ":" (RFC 7617)`);
  return { account: signOn.account, password: password ?? '' };
}

function checkAuthorization(reading: Gateway, at: KeyPath, name: string, entry: MachineEntry): void {
  if (entry.passAuthorization !== true) return;
  const path = [...at, 'passAuthorization'];
  if (entry.certificate === undefined) {
    const message = `Machine "${name}" sends its token in the Authorization header, which cannot go on to the EHR as well; give it a certificate`;
    reading.keyMistake(path, message);
  } else if (entry.signOn !== undefined) {
    reading.keyMistake(path, 'Keys passAuthorization and signOn stand together, keep one way to sign on');
  }
}

function checkOverlap(reading: Gateway, { name, credential }: MachineSettings, others: readonly MachineSettings[]): void {
  const proofs = proofsOf(credential);
  const other = others.find((one) => proofsOf(one.credential).some((proof) => proofs.includes(proof)));
  if (other === undefined) return;
  const what = credential.by === 'certificate' ? 'certificate' : 'token';
  const message = `Machine "${name}" has the same ${what} as machine "${other.name}", so nobody could tell them apart`;
  reading.keyMistake(['machines', name], message);
}

/** An absent secret is told of elsewhere. */
function proofsOf(credential: MachineSettings['credential']): readonly string[] {
  if (credential.by === 'certificate') return credential.fingerprints;
  return credential.tokenHash === '' ? [] : [credential.tokenHash];
}
