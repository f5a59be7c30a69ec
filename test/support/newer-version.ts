// A version of the program that does not exist yet: this one's source under another number, with further steps of the schema.

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemas } from '../../src/adapters/state-schema.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface NewerVersion {
  readonly version: string;
  /** Steps after those of the sessions that this version knows. */
  readonly sessionSteps: readonly string[];
  /** The same for the index over all records. */
  readonly auditSteps?: readonly string[];
  /** Only a version that knows all of the steps of the sessions can use them. */
  readonly breaks?: boolean;
}

/** Makes it in a directory that is not there yet. Returns its command. */
export function newerVersion(
  directory: string,
  { version, sessionSteps, auditSteps = [], breaks = false }: NewerVersion,
): string {
  mkdirSync(directory);
  cpSync(join(root, 'src'), join(directory, 'src'), { recursive: true });
  for (const shared of ['node_modules', 'config']) symlinkSync(join(root, shared), join(directory, shared));
  const change = (file: string, from: RegExp, to: string): void => {
    const text = readFileSync(join(root, file), 'utf8');
    // Where there is nothing to change, the newer version would be none.
    if (!from.test(text)) throw new Error(`"${file}" has nothing like ${String(from)}`);
    writeFileSync(join(directory, file), text.replace(from, to));
  };
  const listed = (steps: readonly string[]): string => steps.map((step) => ` ${JSON.stringify(step)},`).join('');
  change('package.json', /"version": "[^"]*"/, `"version": "${version}"`);
  const oldest = breaks ? sessionSteps.length + schemas.sessions.migrations.length : schemas.sessions.oldestUsable;
  change(
    'src/adapters/state-schema.ts',
    /(synchronous: 'NORMAL',\s+oldestUsable: )\d+(.*ehrSelections,)/s,
    `$1${oldest}$2${listed(sessionSteps)}`,
  );
  change('src/adapters/audit-shared-schema.ts', /(migrations: \[tables, lines)\]/, `$1,${listed(auditSteps)}]`);
  return join(directory, 'src/cli/main.ts');
}
