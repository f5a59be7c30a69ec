// `wardgate audit verify`: checks logs on the machine where their files are, of one gateway or of several. It changes nothing and
// works while the gateway is running. Proofs of single records are in `audit-proof.ts`.

import { verifyAuditLog } from '../adapters/audit-verify.ts';
import type { AuditVerification } from '../adapters/audit-verify.ts';
import { numberLogs } from '../adapters/logs-together.ts';
import { named, parse, someLogs, UsageError } from './audit-arguments.ts';
import type { GivenLog } from './audit-arguments.ts';
import { plainText } from './plain-text.ts';
import type { Printer } from './printer.ts';

const several = { type: 'string', multiple: true } as const;

interface Verified {
  readonly gateway: number;
  readonly directory: string;
  readonly result: AuditVerification;
}

/** Exit code: 0 every log is sound, 1 one is not. */
export async function verify(args: string[], print: Printer): Promise<number> {
  const { values, logs } = parse(args, { key: several, from: several, anchor: several });
  const given = someLogs({ logs });
  const numbers = numberLogs(given.map(({ directories }) => directories));
  // What is missing is said before minutes are spent.
  const options = given.map(optionsOf);
  const verified: Verified[] = [];
  for (const [at, option] of options.entries())
    verified.push({
      gateway: numbers[at]?.gateway ?? 1,
      directory: option.directories[0] ?? '',
      result: await verifyAuditLog(option),
    });
  for (const line of values['json'] === true ? [asJson(verified)] : asText(verified)) print.out(line);
  return verified.every(({ result }) => result.sound) ? 0 : 1;
}

function optionsOf({ directories, more }: GivenLog) {
  const { key = [], from, anchor } = more;
  if (key.length > 1) throw new UsageError('--key stands once for each log');
  return {
    directories,
    publicKeyFile: key[0] ?? null,
    kept: { from: named(from, 'file'), anchors: named(anchor, 'directory') },
  };
}

function asJson(verified: readonly Verified[]): string {
  const [only] = verified;
  if (only !== undefined && verified.length === 1) return JSON.stringify(only.result);
  const sound = verified.every(({ result }) => result.sound);
  return JSON.stringify({ sound, logs: verified.map(({ result, ...log }) => ({ ...log, ...result })) });
}

function asText(verified: readonly Verified[]): string[] {
  const [only] = verified;
  if (only !== undefined && verified.length === 1) return describe(only.result);
  const unsound = verified.filter(({ result }) => !result.sound);
  const each = verified.flatMap(({ gateway, directory, result }) => [
    `Gateway ${gateway}, "${plainText(directory)}"`,
    ...describe(result).map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
  ]);
  const which = unsound.map(({ gateway }) => gateway).join(', ');
  const all = unsound.length === 0 ? `All ${verified.length} logs are sound` : `Not sound: the log of gateway ${which}`;
  return [...each, all];
}

function describe(result: AuditVerification): string[] {
  const lines = [
    ...result.restored.map(describeRestoration),
    ...result.pruned.map(describePruning),
    ...result.silences.map(({ after, until, what }) => `Silence: between record ${after} and record ${until}: ${what}`),
    ...result.notes.map((note) => `Note: ${note}`),
  ];
  if (result.silenceCount > result.silences.length) lines.push(`Note: There are ${result.silenceCount} silences in all`);
  const epoch = (result.epoch?.number ?? 1) === 1 ? '' : `, now in epoch ${result.epoch?.number} of ${result.epoch?.day}`;
  const key = result.key === null ? '' : `; signing key ${result.key}${epoch}`;
  if (result.flaw !== null) {
    const { file, line, sequence, what } = result.flaw;
    const place = [`"${plainText(file)}"`, line === null ? [] : `line ${line}`, sequence === null ? [] : `record ${sequence}`]
      .flat()
      .join(', ');
    return [`Not sound: ${place}: ${what}`, `${result.records} records before that are sound${key}`, ...lines];
  }
  const sound = result.restored.length === 0 ? 'Sound' : 'Sound, but restored from a backup and so not unbroken';
  const behind = result.afterHead === 0 ? '' : `, ${result.afterHead} of them behind the signed head`;
  const held =
    result.checkpoints === 0
      ? '\nNote: There is no checkpoint of this log to hold it against'
      : `; as ${counted(result.checkpoints)} it`;
  return [`${sound}: ${result.records} records, the last is number ${result.lastSequence}${behind}${key}${held}`, ...lines];
}

function counted(checkpoints: number): string {
  return checkpoints === 1 ? '1 checkpoint has' : `${checkpoints} checkpoints have`;
}

function describePruning({ first, last, keptDays, sequence, time }: AuditVerification['pruned'][number]): string {
  return `Let go: records ${first} to ${last} after ${keptDays} days, as record ${sequence} tells (${plainText(time)})`;
}

function describeRestoration({ sequence, time, backup, by }: AuditVerification['restored'][number]): string {
  const from = `record ${sequence} (${plainText(time)}, by ${plainText(by)}) follows the backup of ${plainText(backup)}`;
  return `Restored: ${from}; what was recorded between the two times is not in this log`;
}
