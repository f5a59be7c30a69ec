// The form of one entry of `audit.feeds`. Which keys go together is judged where the settings are put together.

import { z } from 'zod';
import { variableName, words } from './schema-parts.ts';

/** One entry of `audit.feeds`. */
export const feedSchema = z.strictObject({
  syslog: words.optional(),
  dialect: z.enum(['ihe', 'dicom']).optional(),
  confirm: z.enum(['close-notify', 'close']).optional(),
  window: z.int().min(1).max(1000).optional(),
  fhir: words.optional(),
  authorizationFile: words.optional(),
  authorizationEnv: variableName.optional(),
  trust: words.optional(),
  certificate: words.optional(),
  keyFile: words.optional(),
  patients: z.enum(['token', 'resolved']).optional(),
  from: z.enum(['beginning', 'now']).optional(),
});

export type FeedEntry = z.output<typeof feedSchema>;
