// The recipes of the presets, against programs that are here: they sign on with the right password, are refused with a wrong
// one, and know an ended session by what the program answers. The others are played against what their source says.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EhrReply } from '../../src/core/ehr/ehr-reply.ts';
import { cookiesFor } from '../../src/core/ehr/jar.ts';
import type { Jar } from '../../src/core/ehr/jar.ts';
import { judgeReply } from '../../src/core/ehr/judge-reply.ts';
import type { Recipe } from '../../src/core/ehr/recipe.ts';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import { startOpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import { startOpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import type { OpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import type { EhrClient, EhrRequest } from '../../src/ehr-ports.ts';
import { runRecipe } from '../../src/ehr/run-recipe.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { requirement } from '../support/requirements.ts';
import { startTomcat, tomcatAccount } from '../support/tomcat.ts';
import type { Tomcat } from '../support/tomcat.ts';
import { environment, soundGateway, writeConfiguration } from './write-configuration.ts';

interface Signing {
  readonly recipe: Recipe;
  readonly values: ReadonlyMap<string, string>;
}

/** What gateway.yaml and the preset come to. */
async function signing(preset: string, lines = ''): Promise<Signing> {
  const application = `preset: ${preset}\n${lines}`;
  const gateway = soundGateway.replace('preset: small\n', application).replace('signOn: none', 'signOn: own-password');
  const written = await writeConfiguration(gateway, 'roles: {}\nrules: []\n');
  const loaded = await loadConfiguration(written.gateway, { environment });
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  const signOn = loaded.configuration.settings.applications.get('ehr')?.signOn;
  if (signOn?.by !== 'recipe') throw new Error(`Preset "${preset}" has no recipe`);
  return signOn;
}

/** Asks a program on this machine, as the port does. */
function clientOf(origin: string): EhrClient {
  return {
    send: async (_, { method, target, headers, body }: EhrRequest): Promise<EhrReply> => {
      const pairs = headers.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []));
      const reply = await fetch(origin + target, { method, headers: pairs, body, redirect: 'manual' });
      return { target, status: reply.status, headers: [...reply.headers].flat(), body: await reply.text() };
    },
  };
}

async function play({ recipe, values }: Signing, client: EhrClient, username: string, password: string, origins: string[] = []) {
  const needs = { client, clock: { now: () => 0 }, encode: (text: string) => Buffer.from(text).toString('base64') };
  const credential = { username, password, more: { pin: '1234' } };
  const target = { application: 'ehr', origins, recipe, values };
  const { verdict } = await runRecipe(needs, target, credential, { name: username, address: '127.0.0.1' });
  return verdict;
}

function page(client: EhrClient, target: string, jar: Jar): Promise<EhrReply> {
  const cookie = cookiesFor(jar, target, 0);
  const headers = cookie === null ? [] : ['cookie', cookie];
  return client.send('ehr', { method: 'GET', target, headers, body: null, address: '127.0.0.1' });
}

interface Program {
  readonly preset: string;
  readonly start: () => Promise<{ readonly origin: string; close(): Promise<void> }>;
  /** Where the sign-on leads, and a page that is open after it. */
  readonly leads: string | RegExp;
  readonly opens: string;
  /** Where the end of a session is told. */
  readonly tells: readonly string[];
}

const fragment = '/openemr/interface/patient_file/summary/vitals_fragment.php';
const stylesheet = '/openemr/interface/themes/themeBuilder.php';
const programs: readonly Program[] = [
  {
    preset: 'legacy-demo',
    start: () => startDemoEhr({ signOn: 'form' }),
    leads: '/main',
    opens: '/chart?set_pid=7',
    tells: ['/chart?set_pid=7', '/poll/reminders'],
  },
  {
    preset: 'openemr',
    start: () => startOpenEmr({ version: 7 }),
    leads: /^\/openemr\/interface\/main\/tabs\/main\.php\?token_main=\w+/,
    opens: '/openemr/interface/main/main_info.php',
    tells: [fragment, stylesheet, '/openemr/interface/main/tabs/main.php', '/openemr/interface/login/login.php'],
  },
  {
    preset: 'openemr-5',
    start: () => startOpenEmr({ version: 5 }),
    leads: '/openemr/interface/main/tabs/main.php',
    opens: '/openemr/interface/main/main_info.php',
    tells: [fragment, stylesheet, '/openemr/interface/main/tabs/main.php'],
  },
  {
    preset: 'openmrs-legacy',
    start: () => startOpenMrs(),
    leads: '/openmrs/index.htm',
    opens: '/openmrs/admin/index.htm',
    tells: ['/openmrs/admin/index.htm', '/openmrs/ws/rest/v1/patient?q=x'],
  },
];

describe.each(programs)('the recipe of $preset, against the stand-in for its EHR', ({ preset, start, leads, opens, tells }) => {
  let program: Awaited<ReturnType<Program['start']>>;
  beforeAll(async () => {
    program = await start();
  });
  afterAll(() => program.close());

  test('signs on, and its jar opens a page', async () => {
    const recipe = await signing(preset);
    const client = clientOf(program.origin);
    const verdict = await play(recipe, client, 'nurse', 'meadow-nurse', [program.origin]);
    if (verdict.kind !== 'signed-on') throw new Error(JSON.stringify(verdict));
    expect(verdict.location).toMatch(leads);
    const opened = await page(client, opens, verdict.jar);
    expect(opened.status).toBeLessThan(400);
    expect(judgeReply(recipe.recipe.loggedOut, opened, [program.origin])).toBe(null);
  });

  test('is refused with a wrong password', async () => {
    const verdict = await play(await signing(preset), clientOf(program.origin), 'nurse', 'wrong', [program.origin]);
    expect(verdict).toMatchObject({ kind: 'refused' });
  });

  test.each(tells)('knows an ended session by %s', async (target) => {
    const { recipe } = await signing(preset);
    const reply = await page(clientOf(program.origin), target, []);
    expect(judgeReply(recipe.loggedOut, reply, [program.origin])).not.toBe(null);
  });
});

describe('the recipe of openmrs-3, against the stand-in for its EHR', () => {
  const place = 'signOnValues: { location: 44c3efb0-2583-4c80-a79e-1f756a03c0a1 }';
  let mrs: OpenMrs;
  beforeAll(async () => {
    mrs = await startOpenMrs();
  });
  afterAll(() => mrs.close());

  test.each(['', `    ${place}\n`])('signs on through REST, and its jar is known there (%s)', async (lines) => {
    const recipe = await signing('openmrs-3', lines);
    const client = clientOf(mrs.origin);
    const verdict = await play(recipe, client, 'nurse', 'meadow-nurse', [mrs.origin]);
    if (verdict.kind !== 'signed-on') throw new Error(JSON.stringify(verdict));
    const session = await page(client, '/openmrs/ws/rest/v1/session', verdict.jar);
    expect(JSON.parse(session.body)).toMatchObject({ authenticated: true });
    expect(mrs.requests().at(-2)?.method).toBe(lines === '' ? 'GET' : 'POST');
  });

  test('is refused with a wrong password', async () => {
    const verdict = await play(await signing('openmrs-3'), clientOf(mrs.origin), 'nurse', 'wrong', [mrs.origin]);
    expect(verdict).toMatchObject({ kind: 'refused' });
  });

  test.each(['/openmrs/ws/rest/v1/session', '/openmrs/ws/rest/v1/patient?q=x', '/openmrs/ws/fhir2/R4/Patient'])(
    'knows an ended session by %s',
    async (target) => {
      const { recipe } = await signing('openmrs-3');
      const reply = await page(clientOf(mrs.origin), target, []);
      expect(judgeReply(recipe.loggedOut, reply, [mrs.origin])).not.toBe(null);
    },
  );
});

const needed = requirement('tomcat');

needed.describe('the recipe of tomcat-form, against Tomcat', () => {
  const entry = '/examples/jsp/security/protected/index.jsp';
  const lines = `    root: /examples\n    signOnValues: { entry: ${entry} }\n`;
  let tomcat: Tomcat;
  beforeAll(async () => {
    tomcat = await startTomcat(needed.path ?? '');
  });
  afterAll(() => tomcat.close());

  test('signs on, and its jar opens the page', async () => {
    const recipe = await signing('tomcat-form', lines);
    const client = clientOf(tomcat.origin);
    const verdict = await play(recipe, client, tomcatAccount.name, tomcatAccount.password, [tomcat.origin]);
    if (verdict.kind !== 'signed-on') throw new Error(JSON.stringify(verdict));
    const opened = await page(client, entry, verdict.jar);
    expect(opened.body).toContain(`You are logged in as remote user`);
    expect(judgeReply(recipe.recipe.loggedOut, opened, [tomcat.origin])).toBe(null);
  });

  test('is refused with a wrong password', async () => {
    const recipe = await signing('tomcat-form', lines);
    const verdict = await play(recipe, clientOf(tomcat.origin), tomcatAccount.name, 'wrong', [tomcat.origin]);
    expect(verdict).toMatchObject({ kind: 'refused' });
  });

  test('knows an ended session by the form in the place of a page', async () => {
    const { recipe } = await signing('tomcat-form', lines);
    const reply = await page(clientOf(tomcat.origin), entry, []);
    expect(judgeReply(recipe.loggedOut, reply, [tomcat.origin])).not.toBe(null);
  });
});

type Said = Pick<EhrReply, 'status'> & { readonly location?: string; readonly body?: string };

const openemrFailed = "<script>w.top.location.href='/openemr/interface/login_screen.php?error=1&site=';</script>";
const tokenPage = '/openemr/interface/main/tabs/main.php?token_main=x';

describe('recipes against what the source of their EHR says', () => {
  test.each<[preset: string, lines: string, said: Said, kind: string, location: string | null]>([
    ['openemr', '', { status: 302, location: tokenPage }, 'signed-on', tokenPage],
    ['openemr', '', { status: 200, body: openemrFailed }, 'refused', null],
    ['openemr', '', { status: 200, body: '<h2>TOTP Verification</h2>' }, 'unrecognised', null],
    ['openemr-5', '', { status: 302, location: '/openemr/interface/main/tabs/main.php' }, 'signed-on', null],
    ['openemr-5', '', { status: 200, body: openemrFailed }, 'refused', null],
    ['libreehr', '', { status: 302, location: '/libreehr/interface/main/tabs/main.php?url=main_info.php' }, 'signed-on', null],
    ['libreehr', '', { status: 200, body: openemrFailed }, 'refused', null],
    ['openmrs-legacy', '', { status: 302, location: '/openmrs/index.htm' }, 'signed-on', null],
    ['openmrs-legacy', '', { status: 302, location: '/openmrs/login.htm' }, 'refused', null],
    ['openmrs-legacy', '', { status: 302, location: '/openmrs/changePassword.form' }, 'password-change', null],
    ['openmrs-legacy', '', { status: 302, location: '/openmrs/error.html' }, 'unrecognised', null],
    ['openmrs-2', 'location: 6', { status: 302, location: '/openmrs/referenceapplication/home.page' }, 'signed-on', null],
    ['openmrs-2', 'location: 6', { status: 302, location: '/openmrs/referenceapplication/login.page' }, 'refused', null],
    ['openmrs-3', '', { status: 200, body: '{"authenticated":true}' }, 'signed-on', null],
    ['openmrs-3', '', { status: 200, body: '{"authenticated":false}' }, 'refused', null],
    ['openmrs-3', '', { status: 503, body: 'OpenMRS is starting' }, 'unrecognised', null],
    ['oscar', '', { status: 200, body: '{"success":true,"providerNo":"1"}' }, 'signed-on', null],
    ['oscar', '', { status: 200, body: '{"success":false}' }, 'refused', null],
    ['oscar', '', { status: 200, body: '<form action="forcepasswordreset.jsp">' }, 'unrecognised', null],
  ])('%s %s: %j is %s', async (preset, values, said, kind, location) => {
    const recipe = await signing(preset, values === '' ? '' : `    signOnValues: { ${values} }\n`);
    const client: EhrClient = {
      send: (_, { target }) =>
        Promise.resolve({
          target,
          status: said.status,
          headers: said.location === undefined ? [] : ['location', said.location],
          body: said.body ?? '',
        }),
    };
    const verdict = await play(recipe, client, 'nora', 'secret');
    expect(verdict.kind).toBe(kind);
    if (location !== null) expect(verdict).toMatchObject({ location });
  });
});
