// The form of `machines:` in gateway.yaml.

import { z } from 'zod';
import { oneOrMany, ownName, variableName, words } from './schema-parts.ts';

export const machineSchema = z.strictObject({
  certificate: oneOrMany(words).optional(),
  from: oneOrMany(words).optional(),
  tokenFile: words.optional(),
  tokenEnv: variableName.optional(),
  tokenHashFile: words.optional(),
  applications: oneOrMany(ownName).optional(),
  signOn: z.strictObject({ account: words, passwordFile: words.optional(), passwordEnv: variableName.optional() }).optional(),
  passAuthorization: z.boolean().optional(),
});

export type MachineEntry = z.output<typeof machineSchema>;
