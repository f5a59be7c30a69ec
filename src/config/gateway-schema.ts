// The form of gateway.yaml. It says which keys there are and what their values look like; what depends on more than one
// of them is judged where the settings are put together.

import { z } from 'zod';
import { limitsSchema } from './limits.ts';
import { cidr, cookieName, count, duration, headerName, hours, oneOrMany, ownName, variableName, words } from './schema-parts.ts';

const clinic = z
  .strictObject({
    name: words.describe('Shown on every page of the gateway'),
    timezone: words.describe('Time zone of hours, reports and the audit, such as America/Chicago'),
    hours: hours.optional().describe('Working hours, such as Mon-Fri 07:00-19:00, Sat 08:00-12:00'),
    help: words.describe('Whom to ask, shown on every refusal'),
  })
  .describe('The clinic itself');

const listen = z
  .strictObject({
    host: words.optional().describe('Address of this machine to listen on; all of them for https, 127.0.0.1 for http'),
    port: count(0, 65_535).optional().describe('443 for https, 8080 otherwise; 0 takes any free port'),
    certificate: words.optional().describe('PEM file with the certificate and its intermediates'),
    keyFile: words.optional().describe('PEM file with the key of the certificate'),
    tlsEndedBy: oneOrMany(cidr).optional().describe('Proxies in front that end TLS; only their X-Forwarded-For is believed'),
    health: z
      .strictObject({ host: words.optional(), port: count(0, 65_535).optional() })
      .optional()
      .describe('Health and metrics, on a listener of their own'),
  })
  .describe('Where the gateway itself listens');

const signOn = z.union([
  z.enum(['none', 'own-password']),
  z.strictObject({ header: headerName }),
  z.strictObject({ account: words, passwordFile: words.optional(), passwordEnv: variableName.optional() }),
]);

export const identityHeadersSchema = z.strictObject({
  name: headerName.optional().describe('Login name'),
  subject: headerName.optional().describe('Issuer and subject'),
  roles: headerName.optional().describe('Roles, separated by commas'),
  session: headerName.optional().describe('Session reference, never its id'),
  jwt: headerName.optional().describe('A signed token with all of them'),
});

export const patientIdForm = z.enum(['exact', 'digits']);
export const targetProfile = z.enum(['generic', 'java', 'php', 'windows']);
export const parameterDialect = z.enum(['strict', 'php', 'java']);

const application = z.strictObject({
  address: words.describe('What people type, such as https://ehr.clinic.example'),
  upstream: words.describe('Where the EHR listens; never with a path'),
  plainHttpBecause: words
    .optional()
    .describe('Why an http: upstream beyond this machine is acceptable, in words for the auditor'),
  trust: words.optional().describe("PEM file of the authority that signed the EHR's certificate"),
  preset: ownName.optional().describe('Ready-made areas for this EHR'),
  signOn: signOn.optional().describe('How people are signed on to the EHR'),
  profile: targetProfile.optional().describe('How the EHR reads paths'),
  parameters: parameterDialect.optional().describe('How the EHR reads repeated parameters'),
  hostHeader: z.enum(['external', 'upstream']).optional().describe('Whether the EHR sees the public host name or its own'),
  identityHeaders: identityHeadersSchema.optional().describe('Headers that tell the EHR who it is'),
  methodOverrideParameters: oneOrMany(words).optional().describe('Parameters by which the EHR would take another method'),
  sessionCookie: cookieName
    .optional()
    .describe("Cookie that names the EHR's session, which carries the patient; none where the EHR carries one per person"),
  patientId: patientIdForm.optional().describe('How patient ids are written: digits refuses 007 and 7a, exact takes any text'),
  passHeaders: oneOrMany(headerName).optional().describe('Further request headers that pass to the EHR'),
  webSocketProtocols: oneOrMany(words).optional().describe('WebSocket subprotocols that may be asked for'),
});

const signIn = z
  .strictObject({
    provider: z.enum(['keycloak', 'entra', 'generic']).optional().describe('Kind of identity provider'),
    issuer: words.describe('Its issuer, exactly as its discovery document says'),
    clientId: words.describe('Name under which the gateway is registered there'),
    clientSecretFile: words.optional().describe('File with the client secret'),
    clientSecretEnv: variableName.optional().describe('Environment variable with the client secret'),
    clientKeyFile: words.optional().describe('PEM file of the key for private_key_jwt, instead of a secret'),
    trust: words.optional().describe("PEM file of the authority that signed the provider's certificate"),
    rolesClaim: words.optional().describe('Claim that holds groups or roles; nested ones with dots'),
    nameClaim: words.optional().describe('Claim that holds the login name people type'),
    scopes: oneOrMany(words).optional().describe('Scopes to ask for'),
    recheckEvery: duration('1m', '24h').optional().describe('How often the roles are read again: the worst-case cut-off'),
    recheckGrace: duration('1m', '24h').optional().describe('How long a session lasts while the provider cannot be reached'),
  })
  .describe('The identity provider');

const secondFactor = z
  .strictObject({
    methods: oneOrMany(z.enum(['passkey', 'totp']))
      .optional()
      .describe('What people may enrol'),
    enrolFrom: ownName.optional().describe('Zone one must be in to enrol'),
    trust: z
      .strictObject({ amr: oneOrMany(words).optional(), acr: oneOrMany(words).optional() })
      .optional()
      .describe("The provider's own second factor, where it counts instead"),
  })
  .describe('The second factor');

const idle = duration('5s', '24h').describe('Locks after this much inactivity');
const longest = duration('1m', '7d').describe('Ends after this time in any case');
const narrower = z.strictObject({ after: idle.optional(), longest: longest.optional() });

const lock = z
  .object({
    everywhere: z
      .strictObject({
        after: idle.optional(),
        endAfterLock: duration('5s', '24h').optional().describe('A locked session ends after this time'),
        longest: longest.optional(),
      })
      .optional()
      .describe('For everybody, everywhere'),
    roles: z.record(ownName, narrower).optional().describe('Narrower limits for a role'),
  })
  .catchall(narrower.describe('Narrower limits in a zone'))
  .describe('When an idle session locks and ends; the strictest limit counts');

const audit = z
  .strictObject({
    directory: words.optional().describe('Where the log is written'),
    fallback: words.optional().describe('A second place that takes over when the first cannot be written'),
    keep: duration('1d', '100y').optional().describe('How long records are kept'),
    anchor: words.optional().describe('A place on another machine for the signed heads'),
  })
  .describe('The audit log');

export const gatewaySchema = z.strictObject({
  clinic,
  listen: listen.optional(),
  zones: z.record(ownName, oneOrMany(cidr)).optional().describe('Named address ranges'),
  applications: z.record(ownName, application).describe('The EHRs behind the gateway'),
  signIn,
  secondFactor: secondFactor.optional(),
  lock: lock.optional(),
  audit: audit.optional(),
  breakGlass: z
    .strictObject({ lasts: duration('1m', '24h').optional() })
    .optional()
    .describe('Emergency access'),
  data: words.optional().describe("Directory of the gateway's own state"),
  masterKeyFile: words.optional().describe('Key that seals stored secrets'),
  limits: limitsSchema.partial().optional().describe('Limits of the edge'),
});

/** The same with every section optional: a section that is wrong must not hide the mistakes in the others. */
export const gatewayParts = gatewaySchema.partial();

export type GatewayFile = z.output<typeof gatewayParts>;
export type ApplicationEntry = z.output<typeof application>;
