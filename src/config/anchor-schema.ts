// The form of one entry of `audit.anchors`. Which keys go together is judged where the settings are put together.

import { z } from 'zod';
import { variableName, words } from './schema-parts.ts';

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header, letters, digits and "-"');
const headerValue = z.string().regex(/^[\x20-\x7e]{1,1000}$/, 'must be plain text in one line');

const s3Schema = z.strictObject({
  region: z.string().regex(/^[a-z0-9-]{1,50}$/, 'must be the name of a region, such as eu-central-1; of MinIO us-east-1'),
  accessKeyIdFile: words.optional(),
  accessKeyIdEnv: variableName.optional(),
  secretAccessKeyFile: words.optional(),
  secretAccessKeyEnv: variableName.optional(),
  sessionTokenFile: words.optional(),
  sessionTokenEnv: variableName.optional(),
  lock: z.enum(['compliance', 'governance']).optional(),
});

export type S3Entry = z.output<typeof s3Schema>;

/** One entry of `audit.anchors`. */
export const anchorSchema = z.strictObject({
  path: words.optional(),
  put: words.optional(),
  authorizationFile: words.optional(),
  authorizationEnv: variableName.optional(),
  headers: z.record(headerName, headerValue).optional(),
  s3: s3Schema.optional(),
  syslog: words.optional(),
  trust: words.optional(),
});

export type AnchorEntry = z.output<typeof anchorSchema>;
