// The files there are, so that a key of one that stands in another is told as what it is.

import type { z } from 'zod';
import { alertsSchema } from './alerts-schema.ts';
import { gatewayParts } from './gateway-schema.ts';
import { knownKeys } from './known-keys.ts';
import { presetSchema } from './preset-schema.ts';
import { rulesParts } from './rules-schema.ts';

const files: readonly (readonly [string, z.ZodType])[] = [
  ['gateway.yaml', gatewayParts],
  ['rules.yaml', rulesParts],
  ['alerts.yaml', alertsSchema],
  ['a preset', presetSchema],
];

/** The file that has this key at its top, other than the schema's own; null where none has. */
export function otherFileWith(schema: z.ZodType, key: string): string | null {
  return files.find(([, other]) => other !== schema && knownKeys(other, []).includes(key))?.[0] ?? null;
}
