// The form of gateway.yaml. It says which keys there are and what their values look like; what depends on more than one
// of them is judged where the settings are put together.

import { z } from 'zod';
import { languages } from '../core/language/language.ts';
import { acknowledgeSchema } from './acknowledge-settings.ts';
import { anchorSchema } from './anchor-schema.ts';
import { feedSchema } from './feed-schema.ts';
import { application } from './application-schema.ts';
import { limitsSchema } from './limits.ts';
import { machineSchema } from './machine-schema.ts';
import { readRetention } from './quantity.ts';
import { cidr, count, duration, hours, oneOrMany, ownName, readText, variableName, words } from './schema-parts.ts';
import { storeSchema } from './store-schema.ts';
import { readSwitchKey } from './switch-key.ts';

const clinic = z.strictObject({
  name: words,
  timezone: words,
  hours: hours.optional(),
  help: words,
  language: z.enum(languages).optional(),
  logo: words.optional(),
});

const listen = z.strictObject({
  host: words.optional(),
  port: count(0, 65_535).optional(),
  certificate: words.optional(),
  keyFile: words.optional(),
  passphraseFile: words.optional(),
  tlsEndedBy: oneOrMany(cidr).optional(),
  machines: z.strictObject({ port: count(0, 65_535) }).optional(),
  health: z.strictObject({ host: words.optional(), port: count(0, 65_535).optional() }).optional(),
});

const emergency = z.strictObject({
  people: oneOrMany(words),
  roles: oneOrMany(ownName).optional(),
  from: ownName.optional(),
  lasts: duration('15m', '12h').optional(),
});

const signIn = z.strictObject({
  provider: z.enum(['keycloak', 'entra', 'generic']).optional(),
  issuer: words,
  clientId: words,
  clientSecretFile: words.optional(),
  clientSecretEnv: variableName.optional(),
  clientKeyFile: words.optional(),
  trust: words.optional(),
  rolesClaim: words.optional(),
  nameClaim: words.optional(),
  scopes: oneOrMany(words).optional(),
  recheckEvery: duration('1m', '24h').optional(),
  recheckGrace: duration('1m', '24h').optional(),
  emergency: emergency.optional(),
  takeOver: z.enum(['ask', 'always', 'never']).optional(),
});

const secondFactor = z.strictObject({
  methods: oneOrMany(z.enum(['passkey', 'totp'])).optional(),
  enrolFrom: ownName.optional(),
  trust: z
    .strictObject({
      amr: oneOrMany(words).optional(),
      acr: oneOrMany(words).optional(),
      acrs: oneOrMany(words).optional(),
      phishingResistant: oneOrMany(words).optional(),
    })
    .optional(),
  passkeyDomain: words.optional(),
  acrossApplications: z.enum(['on', 'off']).optional(),
  remember: z.strictObject({ from: ownName, lasts: duration('15m', '16h').optional() }).optional(),
});

const idle = duration('5s', '24h');
const longest = duration('1m', '7d');
const endAfterLock = duration('5s', '24h');
const narrower = z.strictObject({ after: idle.optional(), endAfterLock: endAfterLock.optional(), longest: longest.optional() });

const switchKey = readText(readSwitchKey);

const lock = z
  .object({
    everywhere: z
      .strictObject({
        after: idle.optional(),
        endAfterLock: endAfterLock.optional(),
        longest: longest.optional(),
      })
      .optional(),
    roles: z.record(ownName, narrower).optional(),
    switch: z.strictObject({ first: z.enum(['end', 'park']).optional(), drafts: duration('1m', '24h').optional() }).optional(),
    switchKey: switchKey.optional(),
    devices: z.strictObject({ shared: narrower.optional(), own: narrower.optional(), unknown: narrower.optional() }).optional(),
  })
  .catchall(narrower);

const devices = z.strictObject({
  registeredBy: oneOrMany(ownName).optional(),
  registeredFrom: ownName.optional(),
  own: z.enum(['on', 'off']).optional(),
  pin: z.enum(['on', 'off']).optional(),
  pinLasts: duration('1d', '90d').optional(),
});

/** Less than a year, and the record would be gone before the yearly review of it. */
const retention = readText(readRetention('1y', '100y'), '^([0-9]+(\\.[0-9]+)? ?[A-Za-z]+|unlimited)$');

const audit = z.strictObject({
  directory: words.optional(),
  fallback: words.optional(),
  keep: retention.optional(),
  anchor: words.optional(),
  anchors: oneOrMany(anchorSchema).optional(),
  feeds: oneOrMany(feedSchema).optional(),
  recertify: z.enum(['on', 'off']).optional(),
  recertifyEvery: duration('28d', '2y').optional(),
  removeWithin: duration('1d', '180d').optional(),
});

export const gatewaySchema = z.strictObject({
  clinic,
  listen: listen.optional(),
  zones: z.record(ownName, oneOrMany(cidr)).optional(),
  applications: z.record(ownName, application),
  machines: z.record(ownName, machineSchema).optional(),
  signIn,
  secondFactor: secondFactor.optional(),
  lock: lock.optional(),
  devices: devices.optional(),
  audit: audit.optional(),
  breakGlass: z.strictObject({ lasts: duration('1m', '24h').optional() }).optional(),
  acknowledge: acknowledgeSchema.optional(),
  store: storeSchema.optional(),
  data: words.optional(),
  masterKeyFile: words.optional(),
  limits: limitsSchema.partial().optional(),
});

/** The same with every section optional: a section that is wrong must not hide the mistakes in the others. */
export const gatewayParts = gatewaySchema.partial();

export type GatewayFile = z.output<typeof gatewayParts>;
