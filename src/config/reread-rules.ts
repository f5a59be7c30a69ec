// Reads an earlier text of the rules beside gateway.yaml as it is now, so that it can be asked what it would decide.

import { readFileSync } from 'node:fs';
import type { Policy } from '../core/policy/policy.ts';
import { loadConfiguration } from './load.ts';
import type { Settings } from './settings.ts';

/** Null where the two do not fit each other any more. */
export async function rereadRules({ file }: Pick<Settings, 'file'>, rules: Uint8Array): Promise<Policy | null> {
  const texts = { gateway: readFileSync(file, 'utf8'), rules: Buffer.from(rules).toString('utf8') };
  const loaded = await loadConfiguration(file, { secrets: 'optional', texts });
  return loaded.ok ? loaded.configuration.policy : null;
}
