// The form of one entry of `audit.anchors`. Which keys go together is judged where the settings are put together.

import { z } from 'zod';
import { variableName, words } from './schema-parts.ts';

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header, letters, digits and "-"');
const headerValue = z.string().regex(/^[\x20-\x7e]{1,1000}$/, 'must be plain text in one line');

/** One entry of `audit.anchors`. */
export const anchorSchema = z.strictObject({
  path: words.optional(),
  put: words.optional(),
  authorizationFile: words.optional(),
  authorizationEnv: variableName.optional(),
  headers: z.record(headerName, headerValue).optional(),
  syslog: words.optional(),
  trust: words.optional(),
});

export type AnchorEntry = z.output<typeof anchorSchema>;
