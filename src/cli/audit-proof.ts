// `wardgate audit prove` and `wardgate audit verify-proof`: one record, and the proof that it stands in the log. The second
// needs the proof and the public key, and no log.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkProof, proveRecord } from '../adapters/audit-prove.ts';
import { keyFingerprint } from '../adapters/audit-signing.ts';
import { directoriesOf, parse, UsageError } from './audit-arguments.ts';
import { plainText } from './plain-text.ts';
import type { Printer } from './printer.ts';

const yes = 0;
const no = 1;
/** A proof names who opened which chart, as the log does. */
const ownerOnly = 0o600;

/** Writes the proof to `--out`, which must not be there yet, or prints it. */
export async function prove(args: string[], print: Printer): Promise<number> {
  const { values } = parse(args, { record: { type: 'string' }, key: { type: 'string' }, out: { type: 'string' } });
  const directories = directoriesOf(values);
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
  const publicKey = keyIn(key);
  const proven = checkProof(readFileSync(file, 'utf8'), publicKey);
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

function keyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (cause) {
    throw new UsageError(`"${file}" is not a public key in PEM form`, { cause });
  }
}
