// A preset with every key there is, for an EHR that does not exist, and gateway.yaml for it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Loaded } from '../../src/config/load.ts';
import { environment, soundGateway, writeConfiguration } from './write-configuration.ts';
import type { WrittenConfiguration } from './write-configuration.ts';

export const fullPreset = `describes: An EHR with a login form
root: /emr
hostHeader: emr.internal:8443
webSocketProtocols: [stomp]
sessionCookie: SID
cookies: { jar: [SID], passthrough: [theme], seed: { last.user: '"{username}"' } }
signOn:
  by: recipe
  asks: pin
  values: { site: default, room: null }
  steps:
    - get: /login.jsp?site={site}
      headers: { Accept: text/html }
      take:
        action: { formAction: check }
        token: { field: csrf }
    - post: '{action}'
      form: { user: '{username}', word: '{password}', pin: '{pin}', token: '{token}', lang: 01, go: '' }
      decides: true
    - post: /room
      basic: true
      json: { room: '{room}', note: '{{}' }
      onlyWith: [room]
      take: { key: { between: ['k="', '"'] } }
    - delete: /tickets/{key}
      onlyWith: [room]
  success:
    - { status: [302, 303], location: /main/** }
  failure:
    - { status: 200, body: 'Wrong password' }
    - { paths: [/login.jsp], bodyWithout: [Welcome, Hello], json: { /user/ok: false, /user/code: 7, /user/why: null } }
  passwordChange: { tests: { location: /change }, page: '/change?first=1', open: [/change, /scripts/**] }
  landing: location
loggedOut:
  - { status: 302, location: /logout.jsp }
logout:
  paths: [/logout.jsp, { paths: /session, methods: DELETE }, { paths: /start.do, query: { logoff: present, n: 07 } }]
  request: { get: /logout.jsp?now=1 }
expired:
  - { paths: [/poll], json: { timeoutMessage: timeout, code: 1 } }
denyAlways: [/setup/**]
areas:
  shell: [/main]
  chart: { paths: [/chart], patient: query.pid }
`;

export const fullGateway = soundGateway.replace('preset: small', 'preset: full').replace('signOn: none', 'signOn: own-password');

export const fullRules = `roles: { physician: P, nurse: N }
rules:
  - { name: charts, area: [ehr.shell, ehr.chart], allow: [physician, nurse] }
`;

/** Writes the preset as "full" beside the two files, and loads them. */
export async function loadWithPreset(
  gateway: string,
  preset: string,
): Promise<{ readonly written: WrittenConfiguration; readonly loaded: Loaded }> {
  const written = await writeConfiguration(gateway, fullRules);
  await writeFile(join(written.presets, 'full.yaml'), preset);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  return { written, loaded };
}
