// Tells whether what was read differs from what is in force: the rules by their bytes, the machines by what they mean.

import { createHash } from 'node:crypto';
import type { Policy } from '../core/policy/policy.ts';
import type { Settings } from './settings.ts';

export function rulesMark(policy: Pick<Policy, 'version'>, machines: Settings['machines']): string {
  if (machines.size === 0) return policy.version;
  // Hashed, because it holds accounts of machines.
  const text = JSON.stringify([...machines]);
  return `${policy.version} ${createHash('sha256').update(text).digest('hex')}`;
}
