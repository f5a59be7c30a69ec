// The form of one entry of `notify` in alerts.yaml. Which keys go together is judged where the settings are put together.

import { z } from 'zod';
import { usualDetectors } from '../core/detect/detector-settings.ts';
import { count, oneOrMany, variableName, words } from './schema-parts.ts';

const detectorNames = Object.keys(usualDetectors) as (keyof typeof usualDetectors)[];

/** One entry of `notify`. */
export const notifySchema = z.strictObject({
  webhook: words.optional(),
  webhookFile: words.optional(),
  webhookEnv: variableName.optional(),
  as: z.enum(['json', 'slack', 'teams']).optional(),
  authorizationFile: words.optional(),
  authorizationEnv: variableName.optional(),
  mail: oneOrMany(words).optional(),
  server: words.optional(),
  sender: words.optional(),
  user: words.optional(),
  passwordFile: words.optional(),
  passwordEnv: variableName.optional(),
  syslog: words.optional(),
  certificate: words.optional(),
  keyFile: words.optional(),
  trust: words.optional(),
  detectors: oneOrMany(z.enum(detectorNames)).optional(),
  budget: count(1, 1000).optional(),
});

export type NotifyEntry = z.output<typeof notifySchema>;
