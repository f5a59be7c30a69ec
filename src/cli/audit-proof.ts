// `wardgate audit prove`, `keys` and `verify-proof`: one record, and the proof that it stands in the log. The last needs the
// proof and the public keys, and no log.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { originOf } from '../adapters/audit-checkpoint.ts';
import { keyFromRaw, rawKey } from '../adapters/audit-epochs.ts';
import { checkProof, proveRecord } from '../adapters/audit-prove.ts';
import { keyFingerprint } from '../adapters/audit-signing.ts';
import { listPruned } from '../adapters/audit-pruned-file.ts';
import { verifyTree } from '../adapters/audit-verify-tree.ts';
import { directoriesOf, parse, UsageError } from './audit-arguments.ts';
import { plainText } from './plain-text.ts';
import type { Printer } from './printer.ts';

const yes = 0;
const no = 1;
/** A proof names who opened which chart, as the log does. */
const ownerOnly = 0o600;

/** Writes the proof to `--out`, which must not be there yet, or prints it. */
export async function prove(args: string[], print: Printer): Promise<number> {
  const { values, logs } = parse(args, { record: { type: 'string' }, key: { type: 'string' }, out: { type: 'string' } });
  const directories = directoriesOf({ logs });
  const sequence = recordOf(values['record']);
  const { key, out } = values;
  const publicKey = keyIn(typeof key === 'string' ? key : join(directories[0] ?? '', 'audit-signing.pub'));
  let proof: string;
  try {
    proof = await proveRecord(directories, publicKey, sequence);
  } catch (cause) {
    print.err(cause instanceof Error ? cause.message : String(cause));
    return no;
  }
  if (typeof out !== 'string') print.out(proof.trimEnd());
  else writeFileSync(out, proof, { flag: 'wx', mode: ownerOnly });
  return yes;
}

export function verifyProof(args: string[], print: Printer): number {
  const { values, positionals } = parse(args, { key: { type: 'string' } }, true);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Name one proof');
  const { key } = values;
  if (typeof key !== 'string') throw new UsageError('--key is missing: the public key of the log, from a source you trust');
  const keys = keysIn(key);
  const [publicKey] = keys;
  const proven = checkProof(readFileSync(file, 'utf8'), originOf(publicKey), keys);
  if (typeof proven === 'string') {
    print.out(values['json'] === true ? JSON.stringify({ proven: false, what: proven }) : `Not proved: ${plainText(proven)}`);
    return no;
  }
  const { sequence, checkpoint, text } = proven;
  if (values['json'] === true) print.out(JSON.stringify({ proven: true, sequence, size: checkpoint.size, record: text }));
  else print.out(`Proved: record ${sequence} of ${checkpoint.size}; signing key ${keyFingerprint(publicKey)}\n${text}`);
  return yes;
}

function recordOf(value: unknown): number {
  if (typeof value !== 'string') throw new UsageError('--record is missing');
  const sequence = Number(value);
  if (Number.isSafeInteger(sequence) && sequence >= 1) return sequence;
  throw new UsageError(`"${value}" is not the number of a record`);
}

/** `wardgate audit keys`: every public key of the log as PEM, the first one first, as the records name them. */
export async function listKeys(args: string[], print: Printer): Promise<number> {
  const { values, logs } = parse(args, { key: { type: 'string' } });
  const directories = directoriesOf({ logs });
  const { key } = values;
  const publicKey = keyIn(typeof key === 'string' ? key : join(directories[0] ?? '', 'audit-signing.pub'));
  const { flaw, epochs } = await verifyTree(
    directories,
    originOf(publicKey),
    rawKey(publicKey),
    [],
    await listPruned(directories),
  );
  if (flaw !== null) {
    print.err(`The keys of this log do not follow each other: record ${flaw.sequence}: ${plainText(flaw.what)}`);
    return no;
  }
  for (const epoch of epochs.epochs) {
    const pem = keyFromRaw(epoch.key).export({ type: 'spki', format: 'pem' }).toString();
    const day = epoch.day === null ? '' : ` of ${epoch.day}`;
    print.out(
      values['json'] === true
        ? JSON.stringify(epoch)
        : `epoch ${epoch.number}${day}, behind record ${epoch.after}\n${pem.trimEnd()}`,
    );
  }
  return yes;
}

function keyIn(file: string): KeyObject {
  return keysIn(file)[0];
}

/** One or more; the first names the log. */
function keysIn(file: string): [KeyObject, ...KeyObject[]] {
  try {
    const text = readFileSync(file, 'utf8');
    const [first = text, ...others] = text.match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g) ?? [];
    return [createPublicKey(first), ...others.map((pem) => createPublicKey(pem))];
  } catch (cause) {
    throw new UsageError(`"${file}" is not a public key in PEM form`, { cause });
  }
}
