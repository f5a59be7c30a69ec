// The form of a preset: what one EHR product is like, whoever runs it.

import { z } from 'zod';
import { readHostHeader } from './host-header.ts';
import { readRoot } from './preset-root.ts';
import {
  cookieClasses,
  ehrLogout,
  expiredReplies,
  keepWarm,
  lockedReplies,
  loggedOutTests,
  signOnRecipe,
} from './recipe-schema.ts';
import { areaSchema, denySchema } from './route-schema.ts';
import { cookieName, oneOrMany, ownName, readText, words } from './schema-parts.ts';

export const rootPath = readText(readRoot, '^/');
export const hostHeader = readText(readHostHeader);

export const presetSchema = z.strictObject({
  describes: words,
  profile: z.enum(['generic', 'java', 'php', 'windows']).optional(),
  parameters: z.enum(['strict', 'php', 'java']).optional(),
  root: rootPath.optional(),
  hostHeader: hostHeader.optional(),
  webSocketProtocols: oneOrMany(words).optional(),
  methodOverrideParameters: oneOrMany(words).optional(),
  sessionCookie: cookieName.optional(),
  patientId: z.enum(['exact', 'digits']).optional(),
  cookies: cookieClasses.optional(),
  signOn: signOnRecipe.optional(),
  loggedOut: loggedOutTests.optional(),
  logout: ehrLogout.optional(),
  expired: expiredReplies.optional(),
  whileLocked: lockedReplies.optional(),
  keepWarm: keepWarm.optional(),
  denyAlways: oneOrMany(denySchema).optional(),
  areas: z.record(ownName, areaSchema),
});

export type PresetFile = z.output<typeof presetSchema>;
