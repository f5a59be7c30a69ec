// What somebody writes who runs the clinic's Windows servers: their paths, ranges, time zones and the words of other products.

import { gateway, rules } from './broken-file.ts';
import type { BrokenFile } from './broken-file.ts';

const issuer = 'https://login.northside.example/realms/clinic';
const tenant = '11111111-2222-3333-4444-555555555555';
const entra = (name: string, written: string, told: string): BrokenFile =>
  gateway(name, issuer, written, `gateway.yaml:13:11: Issuer "${written}" ${told}`);

export const brokenWindows: readonly BrokenFile[] = [
  gateway(
    'a share in place of a server',
    'http://127.0.0.1:8081',
    '\\\\ehrserver\\openemr',
    'is a share of Windows, and a web server is wanted',
  ),
  gateway(
    'an address without its scheme',
    'http://127.0.0.1:8081',
    '10.20.0.5',
    'does not say https:// or http://, write https://10.20.0.5',
  ),
  gateway(
    'a host and a port',
    'http://127.0.0.1:8081',
    'ehrserver:8080',
    'does not say https:// or http://, write https://ehrserver:8080',
  ),
  gateway('a range with a mask', '10.20.5.0/24', '10.20.5.0/255.255.255.0', 'is written with a mask, write 10.20.5.0/24'),
  gateway('a mask with a hole', '10.20.5.0/24', '10.20.5.0/255.0.255.0', 'must end in a number from 0 to 32 after the "/"'),
  gateway('a range with stars', '[10.20.5.0/24]', '10.20.*.*', 'is written with stars, write 10.20.0.0/16'),
  gateway('a star that is no part', '[10.20.5.0/24]', '10.20.*', 'is not an address range, write for example 10.20.0.0/16'),
  gateway(
    'a range from one to another',
    '[10.20.5.0/24]',
    '10.20.5.1-10.20.5.99',
    'goes from one address to another; write a range with its prefix',
  ),
  gateway(
    'the name of a computer as a range',
    '[10.20.5.0/24]',
    'desk1.clinic.local',
    'is a name, which is not looked up; write its address',
  ),
  gateway(
    'a time zone of Windows',
    'America/Chicago',
    'Mountain Standard Time',
    'is not known, write one such as America/Chicago, did you mean "America/Denver"?',
  ),
  gateway('its name in summer', 'America/Chicago', 'Eastern Daylight Time', 'did you mean "America/New_York"?'),
  entra(
    'the issuer of every tenant',
    'https://login.microsoftonline.com/common/v2.0',
    'is that of everybody, write https://login.microsoftonline.com/<tenant id>/v2.0',
  ),
  entra(
    'the issuer of version 1.0',
    `https://sts.windows.net/${tenant}/`,
    `is that of version 1.0 of Entra ID's tokens, write https://login.microsoftonline.com/${tenant}/v2.0`,
  ),
  entra(
    'an issuer without its version',
    `https://login.microsoftonline.com/${tenant}`,
    `is not the issuer of version 2.0, write https://login.microsoftonline.com/${tenant}/v2.0`,
  ),
  entra(
    'the address people are sent to',
    `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
    `is not the issuer of version 2.0, write https://login.microsoftonline.com/${tenant}/v2.0`,
  ),
  entra(
    'a tenant by its name',
    'https://login.microsoftonline.com/clinic.example/v2.0',
    'names no tenant by its id, write https://login.microsoftonline.com/<tenant id>/v2.0',
  ),
  entra(
    'a place that was left open',
    'https://login.microsoftonline.com/<tenant id>/v2.0',
    'still holds "<tenant id>", put in its place what your provider says',
  ),
  entra(
    'a Keycloak without its realm',
    'https://login.northside.example/',
    'names no realm, as every issuer of Keycloak does, write for example https://login.northside.example/realms/clinic',
  ),
  entra(
    "the address of Keycloak's console",
    'https://login.northside.example/auth/admin/master/console',
    'names no realm, as every issuer of Keycloak does, write for example https://login.northside.example/auth/realms/clinic',
  ),
  entra('an endpoint of Keycloak', `${issuer}/protocol/openid-connect/token`, `goes on behind its realm, write ${issuer}`),
  gateway(
    'a provider by its old name',
    'provider: keycloak',
    'provider: AzureAD',
    'must be "keycloak", "entra" or "generic", did you mean "entra"?',
  ),
  gateway(
    'scopes in one text',
    '  clientId: wardgate\n',
    '  clientId: wardgate\n  scopes: openid profile\n',
    'Value "openid profile" holds several scopes, write them as a list: [openid, profile]',
  ),
  gateway(
    'a time without end',
    'longest: 12h',
    'longest: never',
    'has no end, and one is wanted; write the longest time you mean, such as 12h or 6y',
  ),
  gateway(
    'a time as a clock shows it',
    'after: 15m',
    'after: 00:15:00',
    'is a time of the day, and how long it lasts is wanted, write 15m',
  ),
  gateway('a method by the name of an app', '[totp]', '[Authenticator]', 'must be "passkey" or "totp", did you mean "totp"?'),
  gateway(
    'trust without its claim',
    'enrolFrom: clinic }',
    'enrolFrom: clinic, trust: mfa }',
    'must name the claim that says so: secondFactor: { methods: [totp], enrolFrom: clinic, trust: { amr: mfa } }',
  ),
  gateway(
    'contexts with a semicolon',
    'enrolFrom: clinic }',
    'enrolFrom: clinic, trust: { acrs: c1; c2 } }',
    'Context "c1; c2" is none of Entra ID\'s, which are called c1 to c99; several are a list, such as [c1, c2]',
  ),
  gateway('a context in capitals', 'enrolFrom: clinic }', 'enrolFrom: clinic, trust: { acrs: [C1] } }', 'did you mean "c1"?'),
  gateway(
    'a drive for the record',
    'audit: { keep',
    'audit: { directory: D:\\audit, keep',
    'Path "D:\\audit" leads nowhere: it is a path of Windows',
  ),
  gateway(
    'a share for the data',
    'audit: { keep',
    'data: \\\\nas\\wardgate\naudit: { keep',
    'Path "\\\\nas\\wardgate" leads nowhere: it is a path of Windows',
  ),
  gateway(
    'a preset with its ending',
    'preset: small',
    'preset: small.yaml',
    'the one that comes with the gateway is named without its ending, write small',
  ),
  gateway('a preset with its version', 'preset: small', 'preset: small 7.0', 'did you mean "small"?'),
  rules('everybody by another word', 'allow: everyone }', 'allow: all }', 'role "all" is not defined, did you mean "everyone"?'),
  rules(
    'roles with spaces between',
    'allow: [physician, nurse], em',
    'allow: physician nurse, em',
    '"physician nurse" is several roles, write them as a list: [physician, nurse]',
  ),
  rules(
    'the group in place of the role',
    'allow: physician\n',
    'allow: Clinic-Physicians\n',
    'role "Clinic-Physicians" is not defined, did you mean "physician"?',
  ),
  rules(
    'a rule that denies',
    'allow: physician\n',
    'allow: physician\n    deny: nurse\n',
    'Unknown key "deny" in rule "letters"; rules only say who may',
  ),
  rules(
    'yes for a time',
    'allow: physician\n',
    'allow: physician\n    freshFactor: true\n',
    'is true or false to YAML, and a time with its unit is wanted, such as 5m',
  ),
  rules(
    'a whole address for a path',
    '"/letters/{patient}/**"',
    '"https://ehr.northside.example/letters/{patient}/**"',
    'is a whole address, and a path is wanted; write "/letters/{patient}/**"',
  ),
  rules('methods that are no methods', '[GET, POST]', '[READ]', 'did you mean "GET"?'),
  rules(
    'another word for observing',
    'mode: enforce',
    'mode: monitor',
    'must be "enforce" or "observe", did you mean "observe"?',
  ),
];
