// What stands in the rows of held posts, and sealed in them.

import { z } from 'zod';

export const heldRow = z.object({
  id: z.string(),
  issuer: z.string(),
  sub: z.string(),
  application: z.string(),
  held_at: z.number(),
  bytes: z.number(),
  taken_at: z.number().nullable(),
  status: z.number().nullable(),
  draft: z.number(),
});
export const tombstoneRow = z.object({ key: z.string(), issuer: z.string(), sub: z.string(), ended_at: z.number() });
export const heldContent = z.object({
  target: z.string(),
  origin: z.string(),
  contentType: z.string().nullable(),
  carried: z.string().nullish(),
  body: z.base64().transform((text) => Buffer.from(text, 'base64')),
  confirming: z.string().exactOptional(),
});
