// The form of one application in gateway.yaml: where an EHR stands and what it is like.

import { z } from 'zod';
import { hostHeader, rootPath } from './preset-schema.ts';
import { cookieClasses } from './recipe-schema.ts';
import { cookieName, headerName, oneOrMany, ownName, variableName, words } from './schema-parts.ts';

const passwordKeys = { passwordFile: words.optional(), passwordEnv: variableName.optional() };

/** One mapping for the three ways, of which one is right: so a mistake within it is told as what it is. */
const signOn = z.union([
  z.enum(['none', 'own-password']),
  z.strictObject({
    header: headerName.optional(),
    account: words.optional(),
    ...passwordKeys,
    roles: z.record(ownName, z.strictObject({ account: words, ...passwordKeys })).optional(),
  }),
]);

export const identityHeadersSchema = z.strictObject({
  name: headerName.optional(),
  subject: headerName.optional(),
  roles: headerName.optional(),
  session: headerName.optional(),
  jwt: headerName.optional(),
});

export const patientIdForm = z.enum(['exact', 'digits']);
export const targetProfile = z.enum(['generic', 'java', 'php', 'windows']);
export const parameterDialect = z.enum(['strict', 'php', 'java']);

export const application = z.strictObject({
  address: words,
  upstream: words,
  plainHttpBecause: words.optional(),
  trust: words.optional(),
  preset: words.optional(),
  root: rootPath.optional(),
  signOn: signOn.optional(),
  signOnValues: z
    .record(z.string(), z.union([z.string().max(500, 'is longer than 500 characters'), z.number(), z.boolean()]))
    .optional(),
  cookies: cookieClasses.optional(),
  profile: targetProfile.optional(),
  parameters: parameterDialect.optional(),
  hostHeader: hostHeader.optional(),
  identityHeaders: identityHeadersSchema.optional(),
  methodOverrideParameters: oneOrMany(words).optional(),
  sessionCookie: cookieName.optional(),
  patientId: patientIdForm.optional(),
  passHeaders: oneOrMany(headerName).optional(),
  webSocketProtocols: oneOrMany(words).optional(),
  pageScript: z.enum(['on', 'off']).optional(),
  console: z.enum(['on', 'off']).optional(),
});

export type ApplicationEntry = z.output<typeof application>;
