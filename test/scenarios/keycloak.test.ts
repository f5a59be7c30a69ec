// A real Keycloak with a realm as docs/identity-providers.md has it made: signing in by its own pages, roles from its groups,
// what an administrator changes there, its second factor, and signing out from either side.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecret } from 'otplib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { problemOf, roleLines, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { codeOf, eventually, records } from '../support/demo-story.ts';
import { startKeycloak } from '../support/keycloak.ts';
import type { Keycloak } from '../support/keycloak.ts';
import { makeTwoLevels } from '../support/keycloak-levels.ts';
import { clinicRealm } from '../support/keycloak-realm.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { silentLog } from '../support/silent-log.ts';

const needed = requirement('keycloak');
// Java at its first requests, on a machine that has other things to do.
vi.setConfig({ testTimeout: 90_000 });
const password = 'a long sentence for tests';
const otpSecret = generateSecret();
const rules = `${roleLines}
rules:
  - { name: finder, paths: [/finder], allow: it }
  - { name: all, paths: [/main, /chart], allow: everyone }
`;
const people = [
  { name: 'nurse', password, groups: ['Clinic-Nurses', 'Clinic-IT', 'Choir'], totpSecret: otpSecret },
  { name: 'physician', password, groups: ['Clinic-Physicians'], totpSecret: otpSecret },
  { name: 'front-desk', password, groups: ['Clinic-FrontDesk'], totpSecret: otpSecret },
  { name: 'olga', password, groups: ['Choir'], totpSecret: null },
  { name: 'piet', password, groups: ['Clinic-Physicians'], totpSecret: null },
];

let keycloak: Keycloak;
let place: Clinic;
let gateway: Gateway;
const clock = new ShiftingClock();

/** Sends one of Keycloak's own forms as its page would. */
function answer(client: CookieClient, page: Reply, fields: Readonly<Record<string, string>>): Promise<Reply> {
  const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
  if (action === undefined) throw new Error(`No form at ${page.url}: ${page.text}`);
  return client.form(new URL(action, page.url).href, fields);
}

/** Name and password at Keycloak, and its code where it asks for one; the page after that. */
async function signIn(name: string, client = new CookieClient(), path = '/main', query = ''): Promise<Reply> {
  const address = `${place.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}${query}`;
  const page = await client.page(address);
  expect(page.text).toContain(`value="${name}"`);
  const next = await answer(client, page, { username: name, password });
  return /name="otp"/.test(next.text) ? answer(client, next, { otp: codeOf(otpSecret) }) : next;
}

/** In, up to the page that was asked for. */
async function arrive(name: string, client = new CookieClient()): Promise<CookieClient> {
  const page = await signIn(name, client);
  if (page.url !== `${place.origin}/main`) throw new Error(`Signing in as ${name} ended at ${page.url}: ${page.text}`);
  return client;
}

const me = async (client: CookieClient): Promise<Record<string, unknown>> =>
  problemOf(await script(client, `${place.origin}/.wardgate/me`));
const recordsOf = (event: string): Record<string, unknown>[] => records(place).filter((one) => one['event'] === event);

async function inRealm(method: string, path: string, body?: unknown): Promise<unknown> {
  return keycloak.admin(method, `/realms/clinic${path}`, body);
}

async function idOf(kind: 'users' | 'groups', name: string): Promise<string> {
  const query = kind === 'users' ? `username=${name}&exact=true` : `search=${name}&exact=true`;
  const [found] = (await inRealm('GET', `/${kind}?${query}`)) as { readonly id: string }[];
  if (found === undefined) throw new Error(`Keycloak knows no ${name} among its ${kind}`);
  return found.id;
}

/** What the page tells to click: the browser flow's form for codes gets a reference, which then stands in `amr`. */
async function nameTheCode(): Promise<void> {
  const executions = (await inRealm('GET', '/authentication/flows/browser/executions')) as Record<string, string>[];
  const id = executions.find((one) => one['providerId'] === 'auth-otp-form')?.['id'] ?? '';
  const config = { 'default.reference.value': 'otp', 'default.reference.maxAge': '43200' };
  await inRealm('POST', `/authentication/executions/${id}/config`, { alias: 'code', config });
}

/** Takes a person out of a group, as an administrator does. */
async function takeOut(name: string, group: string): Promise<void> {
  await inRealm('DELETE', `/users/${await idOf('users', name)}/groups/${await idOf('groups', group)}`);
}

async function open(): Promise<void> {
  keycloak = await startKeycloak(needed.path ?? '');
  const signInLines = [
    `signIn: { provider: keycloak, issuer: "${keycloak.issuer}", clientId: wardgate, clientSecretFile: client-secret, recheckEvery: 1m, takeOver: never }`,
    'secondFactor: { methods: totp, trust: { amr: otp } }',
  ];
  place = await clinic({ rules, signInLines });
  const clientSecret = readFileSync(join(place.directory, 'client-secret'), 'utf8');
  const groups = ['Clinic-Nurses', 'Clinic-IT', 'Clinic-Physicians', 'Clinic-FrontDesk', 'Choir'];
  await keycloak.admin('POST', '/realms', clinicRealm({ gateway: place.origin, clientSecret, groups, people }));
  await nameTheCode();
  gateway = await start();
}

async function start(): Promise<Gateway> {
  const loaded = await loadConfiguration(place.file);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return startGateway(loaded.configuration, silentLog, clock);
}

/** With another line for the second factor. */
async function startAgain(secondFactor: string): Promise<void> {
  await gateway.close();
  writeFileSync(place.file, readFileSync(place.file, 'utf8').replace(/^secondFactor: .*$/m, secondFactor));
  gateway = await start();
}

needed.describe('Keycloak', () => {
  beforeAll(open, 200_000);
  afterAll(async () => {
    await gateway?.close();
    await place?.close();
    await keycloak?.close();
  });

  test('whoever has its code is in at once, with the roles of the groups', async () => {
    const client = new CookieClient();
    const page = await signIn('nurse', client);
    expect(page).toMatchObject({ status: 200, url: `${place.origin}/main` });
    expect(await me(client)).toMatchObject({ name: 'nurse', issuer: keycloak.issuer, roles: ['nurse', 'it'] });
    expect(recordsOf('sign-in').at(-1)).toMatchObject({ factor: 'provider', detail: 'amr otp', subject: { name: 'nurse' } });
  });

  test('whoever has no code there is asked for one here', async () => {
    const page = await signIn('piet');
    expect(page.url).toContain('/.wardgate/enrol');
  });

  test('whoever has no role reads which claim was read, what it held and whom to ask', async () => {
    const client = new CookieClient();
    const page = await signIn('olga', client);
    expect(page.status).toBe(403);
    for (const words of ['claim &quot;groups&quot; held &quot;Choir&quot;', 'You signed in as &quot;olga&quot;', 'ext. 4357'])
      expect(page.text.replaceAll('&#34;', '&quot;')).toContain(words);
    // Keycloak would bring her again without asking; it ends her session there first, after asking once.
    const asked = await client.form(`${place.origin}/.wardgate/sign-out`, {});
    expect(asked.url).toContain(keycloak.issuer);
    const left = await answer(client, asked, { session_code: /name="session_code" value="([^"]+)"/.exec(asked.text)?.[1] ?? '' });
    expect(left.text).toMatch(/logged out|signed out/);
    expect((await signIn('piet', client)).url).toContain('/.wardgate/enrol');
  });

  test('a group that is taken away there is gone here at the next check, and with the last one the session', async () => {
    const client = await arrive('nurse');
    const ask = (path: string): Promise<Reply> => script(client, place.origin + path);
    expect((await ask('/finder')).status).toBe(200);
    await takeOut('nurse', 'Clinic-IT');
    clock.forward({ minutes: 2 });
    expect(problemOf(await ask('/finder'))).toMatchObject({ status: 403, reason: 'role-not-permitted' });
    expect(recordsOf('roles-refreshed').at(-1)).toMatchObject({ roles: ['nurse'], detail: 'before: nurse, it' });
    await takeOut('nurse', 'Clinic-Nurses');
    clock.forward({ minutes: 2 });
    expect(problemOf(await ask('/main'))).toMatchObject({ status: 401 });
    expect(recordsOf('session-ended').at(-1)).toMatchObject({ reason: 'provider-refused', subject: { name: 'nurse' } });
  });

  describe('signing out', () => {
    test('here ends the session there too, and comes back here', async () => {
      const client = await arrive('physician');
      const left = await client.form(`${place.origin}/.wardgate/sign-out`, {});
      expect(left).toMatchObject({ status: 200, url: `${place.origin}/.wardgate/signed-out` });
      expect(await inRealm('GET', `/users/${await idOf('users', 'physician')}/sessions`)).toEqual([]);
      expect((await script(client, `${place.origin}/main`)).status).toBe(401);
      // The next one is asked for a password again.
      await arrive('physician', client);
    });

    test('there ends the session here, by the back channel', async () => {
      const client = await arrive('front-desk');
      expect((await script(client, `${place.origin}/chart?pid=7`)).status).toBe(200);
      const before = recordsOf('session-ended').length;
      await inRealm('POST', `/users/${await idOf('users', 'front-desk')}/logout`);
      await eventually(() => recordsOf('session-ended').length > before, 'the logout of Keycloak', 20_000);
      expect(recordsOf('session-ended').at(-1)).toMatchObject({ reason: 'provider-logout', subject: { name: 'front-desk' } });
      expect((await script(client, `${place.origin}/chart?pid=7`)).status).toBe(401);
      expect(recordsOf('refusal').filter((one) => one['reason'] === 'logout-token-refused')).toEqual([]);
    });
  });

  test('a level that is trusted is asked for, and what Keycloak then says of it counts', async () => {
    await makeTwoLevels(inRealm, 'wardgate', { password: 1, code: 2 });
    await startAgain('secondFactor: { methods: totp, trust: { acr: code } }');
    const sent = await new CookieClient().ask(`${place.origin}/.wardgate/sign-in?return=/main`);
    expect(new URL(sent.headers.location ?? '').searchParams.get('acr_values')).toBe('code');
    expect((await signIn('physician')).url).toBe(`${place.origin}/main`);
    expect(recordsOf('sign-in').at(-1)).toMatchObject({ factor: 'provider', detail: 'acr code' });
  });
});
