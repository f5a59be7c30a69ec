// Each way in which signing on to the EHR may go, as the request sees it; and whose session the EHR then gets to see.

import { describe, expect, test } from 'vitest';
import type { ApplicationSettings } from '../../src/config/settings.ts';
import { End } from '../../src/core/answer.ts';
import { emptyJar } from '../../src/core/ehr/jar.ts';
import type { Jar } from '../../src/core/ehr/jar.ts';
import type { EhrEntered, EhrStanding } from '../../src/ehr-ports.ts';
import { readSubjectMatter } from '../../src/stages/read-subject-matter.ts';
import { signInToEhr } from '../../src/stages/sign-in-to-ehr.ts';
import { upstreamHeaders } from '../../src/stages/upstream-headers.ts';
import { applicationOf, exchangeOf, headersOf } from '../support/edge-facts.ts';
import { FakeStandings, targetOf } from '../support/fake-ehr.ts';
import { loginRecipe } from '../support/login-recipe.ts';
import { keepsNoForms } from '../support/no-held-posts.ts';
import { sessionOf } from '../support/session-of.ts';
import { staysSignedIn } from '../support/stays-signed-in.ts';
import { fakeToken } from '../support/fake-patients.ts';

const ada = sessionOf('a');
const cookies = { jar: ['SID'], passthrough: ['App'], seed: [] };
const recipe = loginRecipe();
const own = { by: 'recipe', recipe, values: new Map(), account: { of: 'own' } } as const;
const jarOf = (...values: readonly string[]): Jar => values.map((value) => ({ name: 'SID', value, path: '/', expiresAt: null }));
const standingOf = (jar: Jar, generation = 1): EhrStanding => ({ generation, standing: 'signed-on', jar, signedOnAt: 0 });

function enter(
  entered: EhrEntered,
  more: {
    application?: Partial<ApplicationSettings>;
    path?: string;
    method?: string;
    ehrSession?: string;
    held?: { id: string; carried: undefined };
  } = {},
) {
  const application = applicationOf({ signOn: own, cookies, sessionCookie: 'SID', ...more.application });
  const facts = { application, session: ada, target: targetOf(more.path ?? '/a?b=1'), method: more.method ?? 'GET', ehrSession: more.ehrSession ?? null, arrivedAt: 1000, held: more.held ?? null }; // prettier-ignore
  const stage = (soon: boolean) => signInToEhr({ ...keepsNoForms, ...staysSignedIn(ada), signOn: new Map([['ehr', { enter: () => (soon ? entered : Promise.resolve(entered)) }]]) }); // prettier-ignore
  return [stage(true)(facts as never), stage(false)(facts as never)] as const;
}

const back = '/.wardgate/credential?application=ehr&return=%2Fa%3Fb%3D1';

test.each<readonly [entered: EhrEntered, answer: object]>([
  [
    { entered: 'credential-needed', refused: false },
    { reason: 'ehr-credential-required', remedy: back },
  ],
  [
    { entered: 'credential-needed', refused: true },
    { reason: 'ehr-credential-refused', remedy: back },
  ],
  [
    { entered: 'password-change', page: '/change?a=1' },
    { reason: 'ehr-password-change', remedy: '/change?a=1' },
  ],
  [{ entered: 'ended' }, { reason: 'ehr-session-ended', remedy: '/' }],
  [
    { entered: 'paused', retryAfterSeconds: 17 },
    { reason: 'ehr-sign-on-paused', retryAfterSeconds: 17, remedy: '/a?b=1' },
  ],
  [{ entered: 'no-account' }, { reason: 'ehr-account-missing' }],
  [
    { entered: 'unrecognised', status: 200, told: 'Choose' },
    { reason: 'ehr-sign-on-unrecognised', told: 'Choose', remedy: back },
  ],
])('%j', async (entered, answer) => {
  for (const result of enter(entered)) {
    const ended = await result;
    expect(ended).toBeInstanceOf(End);
    expect(ended).toEqual({ answer: { kind: 'refusal', ...answer } });
  }
});

test('what was sent by a form is not repeated: its page is left for the start', async () => {
  const [result] = enter({ entered: 'credential-needed', refused: false }, { method: 'POST' });
  expect(await result).toMatchObject({ answer: { remedy: '/.wardgate/credential?application=ehr&return=%2F' } });
});

test.each([
  [{ of: 'everyone', account: 'a', password: 'b' } as const],
  [{ of: 'role', roles: new Map([['nurse', { account: 'a', password: 'b' }]]) } as const],
])('nobody is asked for a password of their own where %j signs on', async (account) => {
  const [result] = enter({ entered: 'unrecognised', status: 0, told: 'x' }, { application: { signOn: { ...own, account } } });
  expect(await result).toEqual({ answer: { kind: 'refusal', reason: 'ehr-sign-on-unrecognised', told: 'x' } });
});

test.each([
  [[], undefined],
  [['user=a; Path=/'], ['user=a; Path=/']],
])('the landing is a redirect with its cookies %j', async (set, sent) => {
  const [result] = enter({ entered: 'landing', location: '/home?once=1', cookies: set });
  expect(await result).toEqual({
    answer: {
      kind: 'plain',
      status: 303,
      headers: { location: '/home?once=1', 'cache-control': 'no-store', ...(sent && { 'set-cookie': sent }) },
      body: '',
    },
  });
});

test('a held post is not sent on the way to a landing: the person comes back to it', async () => {
  const [result] = enter(
    { entered: 'landing', location: '/home?once=1', cookies: [] },
    { method: 'POST', held: { id: 'h', carried: undefined } },
  );
  expect(await result).toMatchObject({ answer: { status: 303, headers: { location: '/.wardgate/held' } } });
});

test('an application that nobody wired is a fault', () => {
  const stage = signInToEhr({ ...keepsNoForms, ...staysSignedIn(ada), signOn: new Map() });
  expect(stage({ application: applicationOf() } as never)).toMatchObject({ answer: { kind: 'fault', code: 'internal' } });
});

test.each<readonly [name: string, standing: EhrStanding | null, before: string | null, after: string | null]>([
  ['the one in which the patient was read', standingOf(jarOf('one')), 'one', 'one'],
  ['a new one, which carries nobody', standingOf(jarOf('two')), 'one', 'two'],
  ['none', standingOf(emptyJar), 'one', null],
  ['the browser’s, where there is no jar', null, 'one', 'one'],
])('the request goes on in the session of now: %s', async (_name, standing, before, after) => {
  const [result] = enter({ entered: 'yes', headers: ['x', 'y'], standing }, { ehrSession: before ?? '' });
  expect(await result).toEqual({ ehrHeaders: ['x', 'y'], ehrStanding: standing, ehrSession: after });
});

describe('with a jar the browser’s cookie counts for nothing', () => {
  const application = applicationOf({ signOn: own, cookies, sessionCookie: 'SID' });

  /** What was asked about the EHR's session, and what was found. */
  async function read(cookie: string, jar: Jar | null, given: readonly string[]) {
    const standings = new FakeStandings();
    if (jar !== null) standings.put(ada, 'ehr', standingOf(jar));
    const asked: (readonly string[])[] = [];
    const stage = readSubjectMatter({
      recordedToken: fakeToken,
      standings,
      givenEhrSession: (_session, _application, values) => {
        asked.push(values);
        return values.find((value) => given.includes(value)) ?? null;
      },
      selectedPatient: ({ ehrSession }) => (ehrSession === null ? null : `patient of ${ehrSession}`),
    });
    const route = {
      patient: [{ in: 'session' }],
      category: 'chart',
      action: 'read',
      selects: null,
      clearsSelection: false,
    };
    const facts = { session: ada, application, headers: headersOf({ cookie }), arrivedAt: 1000, route, method: 'GET', rule: { name: 'r' } }; // prettier-ignore
    const empty = new Map<string, string>();
    const matter = await stage({ ...facts, captures: empty, query: empty, form: null } as never);
    return { asked, matter };
  }

  test.each<readonly [name: string, cookie: string, jar: Jar | null, ehrSession: string | null]>([
    ['the jar’s', 'SID=stolen', jarOf('mine'), 'mine'],
    ['none, before the sign-on', 'SID=stolen', null, null],
    ['none, after the end', 'SID=mine', emptyJar, null],
    ['none that was not given to this session', 'SID=mine', jarOf('strange'), null],
  ])('the session is %s', async (_name, cookie, jar, ehrSession) => {
    const { asked, matter } = await read(cookie, jar, ['mine', 'stolen']);
    expect(asked).toEqual([jar?.map(({ value }) => value) ?? []]);
    expect(matter).toMatchObject({
      ehrSession,
      patient: ehrSession === null ? null : 'patient of mine',
      patientSource: ehrSession === null ? 'unresolved' : 'session',
    });
  });

  test.each<readonly [sent: string, jar: Jar, goes: string[]]>([
    ['SID=stolen', jarOf('mine'), ['SID=mine']],
    ['SID=stolen', emptyJar, []],
    ['SID=stolen; App=blue; theme=dark; wardgate=x', jarOf('mine'), ['SID=mine; App=blue; theme=dark']],
    ['sid=stolen; S%49D=stolen; SID[=stolen', jarOf('mine'), ['SID=mine']],
    ['theme=dark', [{ name: 'SID', value: 'elsewhere', path: '/other', expiresAt: null }], ['theme=dark']],
    ['theme=dark', [{ name: 'SID', value: 'over', path: '/', expiresAt: 999 }], ['theme=dark']],
  ])('the EHR gets of "%s" and the jar %j: %j', (cookie, jar, goes) => {
    const facts = { application, headers: headersOf({ cookie }), exchange: exchangeOf(), method: 'GET', shape: 'page', address: '10.1.1.1', id: 'r', session: ada, ehrHeaders: [], ehrSession: null, ehrStanding: standingOf(jar), target: targetOf('/chart/7'), arrivedAt: 1000 }; // prettier-ignore
    const flat = upstreamHeaders({ identityToken: () => null }, facts as never);
    expect(flat.flatMap((name, at) => (name === 'cookie' && at % 2 === 0 ? [flat[at + 1]] : []))).toEqual(goes);
  });

  test.each<readonly [loggedOut: 'text' | 'place', destination: string | undefined, coding: string]>([
    ['text', 'document', 'identity'],
    ['text', undefined, 'identity'],
    ['text', 'script', 'gzip, br'],
    ['text', 'image', 'gzip, br'],
    ['place', undefined, 'gzip, br'],
    // The page script is put into documents.
    ['place', 'document', 'identity'],
    ['place', 'iframe', 'identity'],
  ])('what is looked at comes uncompressed: %s for %s is asked for as %s', (by, destination, coding) => {
    const [place] = loginRecipe().loggedOut;
    const told = place && { ...place, body: by === 'text' ? ['over'] : [] };
    const signOn = { ...own, recipe: loginRecipe({ loggedOut: told ? [told] : [] }) };
    const headers = headersOf({ 'accept-encoding': 'gzip, br', ...(destination && { 'sec-fetch-dest': destination }) });
    const facts = { application: { ...application, signOn }, headers, exchange: exchangeOf(), method: 'GET', shape: 'page', address: '10.1.1.1', id: 'r', session: ada, ehrHeaders: [], ehrSession: null, ehrStanding: null, target: targetOf('/'), arrivedAt: 0 }; // prettier-ignore
    const flat = upstreamHeaders({ identityToken: () => null }, facts as never);
    expect(flat[flat.indexOf('accept-encoding') + 1]).toBe(coding);
  });
});

describe('while an EHR takes its time over a sign-on', () => {
  const application = applicationOf({ signOn: own, cookies, sessionCookie: 'SID' });
  const facts = {
    application,
    session: ada,
    target: targetOf('/a'),
    method: 'GET',
    ehrSession: null,
    arrivedAt: 1000,
    held: null,
  };
  const slowly = () => new Promise<EhrEntered>(() => undefined);

  test('a session that ends is told at once, and nothing is left under way', async () => {
    const there = staysSignedIn(ada);
    const stage = signInToEhr({ ...keepsNoForms, ...there, signOn: new Map([['ehr', { enter: slowly }]]) });
    const answer = stage(facts as never);
    expect(there.live.count(ada.key)).toBe(1);
    there.live.endSession(ada.key);
    expect(await answer).toMatchObject({ answer: { reason: 'session-expired' } });
    expect(there.live.count(ada.key)).toBe(0);
  });

  test('a session that has ended before it begins to wait is told so', async () => {
    const gone = { find: () => ({ found: 'no' }) as const, ofSubject: () => Promise.resolve([]) };
    const there = { ...staysSignedIn(ada), sessions: gone };
    const stage = signInToEhr({ ...keepsNoForms, ...there, signOn: new Map([['ehr', { enter: slowly }]]) });
    expect(await stage(facts as never)).toMatchObject({ answer: { reason: 'session-expired' } });
    expect(there.live.count(ada.key)).toBe(0);
  });
});
