// The form of `store` in gateway.yaml. Which keys go together is judged where the settings are put together.

import { z } from 'zod';
import { count, oneOrMany, variableName, words } from './schema-parts.ts';

const durable = z.strictObject({
  url: words,
  passwordFile: words.optional(),
  passwordEnv: variableName.optional(),
  trust: words.optional(),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a plain name in small letters')
    .optional(),
});

const redis = z.strictObject({
  server: words.optional(),
  sentinels: oneOrMany(words).optional(),
  cluster: oneOrMany(words).optional(),
  name: words.optional(),
  user: words.optional(),
  passwordFile: words.optional(),
  passwordEnv: variableName.optional(),
  sentinelPasswordFile: words.optional(),
  sentinelPasswordEnv: variableName.optional(),
  trust: words.optional(),
  replicas: count(0, 5).optional(),
  prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/, 'must be small letters, digits, ".", "_" and "-", at most 40 of them')
    .optional(),
});

/** A text stands for the address alone. */
export const storeSchema = z.strictObject({
  durable: z.union([words, durable]).optional(),
  redis: z.union([words, redis]).optional(),
});

export type DurableEntry = z.output<typeof durable>;
export type RedisEntry = z.output<typeof redis>;
