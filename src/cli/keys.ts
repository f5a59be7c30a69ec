// `wardgate keys init`: makes the master key that seals what the gateway keeps. Never overwrites one.

import { parseArgs } from 'node:util';
import { createMasterKey } from '../adapters/sealer-file.ts';

export async function keys(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  const usage = 'Usage: wardgate keys init --file /etc/wardgate/master.key\n';
  let file: string | undefined;
  try {
    ({ file } = parseArgs({ args: rest, options: { file: { type: 'string' } } }).values);
  } catch {
    file = undefined;
  }
  if (verb !== 'init' || file === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    createMasterKey(file);
  } catch (cause) {
    process.stderr.write(`Cannot make the master key "${file}": ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return 1;
  }
  process.stdout.write(
    `The master key is in ${file}. Keep a copy where the backups are not: without it, second factors must be enrolled again.\n`,
  );
  return Promise.resolve(0);
}
