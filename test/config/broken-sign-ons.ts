// Mistakes in what gateway.yaml says to a preset that signs people on.

import { application } from './broken-preset.ts';
import type { BrokenPreset } from './broken-preset.ts';

const roles = '{ roles: { nurse: { account: wards, ';

export const brokenSignOns: readonly BrokenPreset[] = [
  application(
    'a value that the preset does not take',
    'signOn: own',
    'signOnValues: { sit: x }\n    signOn: own',
    '10:21: Value "sit" is not one that the preset takes, there is "site" and "room", did you mean "site"?',
  ),
  application(
    'a value that is a list',
    'signOn: own',
    'signOnValues: { site: [x] }\n    signOn: own',
    '10:27: Value […] of applications.ehr.signOnValues.site is a list, and one value is wanted; write it without the brackets',
  ),
  application(
    'an account where people are asked for more',
    'own-password',
    '{ account: ward, passwordEnv: OIDC_SECRET }',
    '10:13: Preset asks for "pin" at every sign-on (full.yaml:17), which no account has; write own-password',
  ),
  application(
    'a role with a literal password',
    'own-password',
    `${roles}password: hunter2 } } }`,
    '10:13: Preset asks for "pin"',
    '10:49: Secret password of applications.ehr.signOn.roles.nurse must not stand in this file; write passwordFile',
  ),
  application(
    'a role without a password',
    'own-password',
    '{ roles: { nurse: { account: wards } } }',
    '10:13: Preset asks for "pin"',
    '10:31: Account "wards" has no password, write passwordFile: /run/secrets/… or passwordEnv: NAME',
  ),
  application(
    'a role without an account',
    'own-password',
    '{ roles: { nurse: { passwordEnv: OIDC_SECRET } } }',
    '10:13: Preset asks for "pin"',
    '10:31: Key "account" is missing in applications.ehr.signOn.roles.nurse',
  ),
  application(
    'roles beside an account',
    'own-password',
    '{ account: a, roles: { nurse: { account: wards, passwordEnv: OIDC_SECRET } } }',
    '10:13: Preset asks for "pin"',
    '10:15: Keys roles and account stand together, keep one way to sign on',
  ),
  application(
    'no roles',
    'own-password',
    '{ roles: {} }',
    '10:13: Preset asks for "pin"',
    '10:22: No role is named, so nobody would be signed on',
  ),
  application(
    'a header beside an account',
    'own-password',
    '{ header: X-User, account: a }',
    '10:31: Keys header and account stand together, keep one way to sign on',
  ),
  application(
    'a sign-on of nothing',
    'own-password',
    '{}',
    '10:13: Sign-on says nothing, write header:, account: or roles:',
    '10:13: Preset asks for "pin"',
  ),
  application(
    'a preset file that is not there',
    'preset: full',
    'preset: ./other.yaml',
    '9:13: Preset file "./other.yaml" cannot be read, looked for ',
  ),
  {
    name: 'a root without a preset',
    file: 'gateway',
    change: [['preset: full', 'root: /emr']],
    answers: [
      'gateway.yaml:9:5: Key root stands before the paths of a preset, and none is named here',
      'rules.yaml:3:28: Area "ehr.shell" is not defined, application "ehr" has no preset',
      'rules.yaml:3:39: Area "ehr.chart" is not defined, application "ehr" has no preset',
    ],
  },
  {
    name: 'a value that nobody set',
    file: 'preset',
    change: [['site: default', 'site: null']],
    answers: [
      'gateway.yaml:7:5: Preset needs the value "site" for every sign-on (full.yaml:12), and has none itself; write signOnValues: { site: … }',
    ],
  },
  {
    name: 'a value that is no path where one begins',
    file: 'preset',
    change: [['get: /login.jsp?site={site}', "get: '{site}/login.jsp'"]],
    answers: ['gateway.yaml:7:5: Value "default" of site is a path, and must begin with "/", write /default'],
  },
  application(
    'a root with a dot segment',
    'preset: full',
    'preset: full\n    root: /../x',
    '10:11: Value "/../x" of applications.ehr.root is no path: Pattern "/../x" can never match',
  ),
  application(
    'the session among the cookies that pass',
    'signOn: own',
    'cookies: { passthrough: [SID] }\n    signOn: own',
    '10:14: Cookie "SID" names the session that the gateway opens, so it cannot stand under passthrough',
  ),
  application(
    'a limit of no failures at all',
    'audit: { keep: 6y }',
    'limits: { signOnFailuresPerMinute: 0 }',
    '21:36: Value "0" of limits.signOnFailuresPerMinute must be a whole number from 1 to 100',
  ),
];
