// The reply steps that keep the EHR's session: its cookies stay in the jar, its own logout ends ours, and its word that a
// session is over reaches nobody but in a shape that they can use.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ApplicationSettings } from '../../src/config/settings.ts';
import { end, End } from '../../src/core/answer.ts';
import type { CallerShape } from '../../src/core/caller-shape.ts';
import type { ReplyTest } from '../../src/core/ehr/recipe.ts';
import type { Method } from '../../src/core/policy/policy.ts';
import type { EhrStanding, SignOutPlace } from '../../src/ehr-ports.ts';
import type { UpstreamReply } from '../../src/ports.ts';
import { endWithEhr } from '../../src/reply/end-with-ehr.ts';
import { guardCookies } from '../../src/reply/guard-cookies.ts';
import { noticeEhrEnd } from '../../src/reply/notice-ehr-end.ts';
import type { ReplyFacts } from '../../src/reply/reply-step.ts';
import { replyTest } from '../core/ehr/build-recipe.ts';
import { applicationOf, exchangeOf, reasonOf, replyOf } from '../support/edge-facts.ts';
import { FakeStandings, targetOf } from '../support/fake-ehr.ts';
import { loginRecipe } from '../support/login-recipe.ts';
import { sessionOf } from '../support/session-of.ts';

const ada = sessionOf('a');
const open: EhrStanding = {
  generation: 3,
  standing: 'signed-on',
  jar: [{ name: 'SID', value: 'now', path: '/', expiresAt: null }],
  signedOnAt: 500,
};

function recipeApplication(loggedOut: readonly ReplyTest[], more: Partial<ApplicationSettings> = {}): ApplicationSettings {
  const signOn = { by: 'recipe', recipe: loginRecipe({ loggedOut }), values: new Map(), account: { of: 'own' } } as const;
  const cookies = { jar: ['SID'], passthrough: ['App'], seed: [] };
  return applicationOf({ signOn, cookies, sessionCookie: 'SID', ...more });
}

interface Scene {
  readonly application: ApplicationSettings;
  readonly standings: FakeStandings;
  readonly facts: ReplyFacts;
}

interface SceneOptions {
  readonly application?: ApplicationSettings;
  readonly path?: string;
  readonly shape?: CallerShape;
  readonly method?: Method;
  /** What the request went out with. */
  readonly wentWith?: EhrStanding | null;
  /** What holds now. */
  readonly now?: EhrStanding | null;
  /** Where the page of the form stood. */
  readonly origin?: string;
  readonly held?: ReplyFacts['held'];
}

function sceneOf({ path = '/chart/7?a=1', shape = 'page', method = 'GET', ...more }: SceneOptions): Scene {
  const { application = recipeApplication([]), wentWith = open, now = open } = more;
  const standings = new FakeStandings();
  if (now !== null) standings.put(ada, 'ehr', now);
  const facts = {
    application,
    session: ada,
    shape,
    method,
    target: targetOf(path),
    id: 'r-1',
    address: '10.1.1.1',
    agent: 'Browser',
    arrivedAt: 1000,
    ehrStanding: wentWith,
    selects: null,
    held: more.held ?? null,
    exchange: exchangeOf([], { bodyBytes: 5 }),
    headers: new Map(more.origin === undefined ? [] : [['origin', more.origin]]),
    route: { clearsSelection: false },
  };
  return { application, standings, facts: facts as unknown as ReplyFacts };
}

/** A reply with this body, and how much of it was looked at. */
function bodyReply(
  body: string | Buffer,
  headers: readonly string[] = ['Content-Type', 'text/html'],
  status = 200,
): UpstreamReply & { readonly looks: number[] } {
  const bytes = Buffer.from(body);
  const looks: number[] = [];
  const peek = (most: number): Promise<Buffer> => {
    looks.push(most);
    return Promise.resolve(bytes.subarray(0, most));
  };
  return { ...replyOf(headers, status), peek, looks };
}

const sized = (body: string | Buffer, type = 'text/html'): string[] => ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))]; // prettier-ignore

describe('notice-ehr-end', () => {
  const byText = replyTest({ body: ['Your session is over'] });
  const byJson = replyTest({ json: [{ pointer: '/authenticated', equals: false }], paths: ['/rest/session'] });
  const byPlace = replyTest({ status: [302], location: '/login' });
  const byLack = replyTest({ bodyWithout: ['Sign out'], paths: ['/main'] });
  const over = 'Sorry. Your session is over.';
  const pad = (bytes: number): string => over + ' '.repeat(bytes - over.length);

  async function notice(reply: UpstreamReply, tests: readonly ReplyTest[], options: SceneOptions = {}) {
    const scene = sceneOf({ application: recipeApplication(tests), ...options });
    const result = await noticeEhrEnd({ standings: scene.standings, logOutOfEhr: () => undefined })(scene.facts, reply);
    return { result, now: scene.standings.get(ada, 'ehr') };
  }

  test.each<readonly [name: string, reply: () => UpstreamReply & { looks: number[] }, isOver: boolean, isLookedAt: boolean]>([
    ['HTML', () => bodyReply(over, sized(over)), true, true],
    ['HTML of a length nobody says', () => bodyReply(over), true, true],
    ['a page without a type', () => bodyReply(over, []), true, true],
    ['XHTML', () => bodyReply(over, sized(over, 'application/xhtml+xml; charset=utf-8')), true, true],
    ['text', () => bodyReply(over, sized(over, 'text/plain')), true, true],
    ['16,384 bytes', () => bodyReply(pad(16_384), sized(pad(16_384))), true, true],
    ['a longer page that says so at its beginning', () => bodyReply(pad(40_000), sized(pad(40_000))), true, true],
    ['more than that in chunks', () => bodyReply(pad(40_000)), true, true],
    ['behind the first 16,384 bytes', () => bodyReply(' '.repeat(16_384) + over), false, true],
    ['a chart', () => bodyReply('Blood pressure'), false, true],
    ['a picture', () => bodyReply(over, sized(over, 'image/png')), false, false],
    ['a script', () => bodyReply(over, sized(over, 'text/javascript')), false, false],
    ['a document', () => bodyReply(over, sized(over, 'application/pdf')), false, false],
    ['compressed', () => bodyReply(gzipSync(over), ['Content-Type', 'text/html', 'Content-Encoding', 'gzip']), false, false],
    ['coded as identity', () => bodyReply(over, ['Content-Type', 'text/html', 'Content-Encoding', 'identity']), true, true],
    ['nothing at all', () => bodyReply('', [], 204), false, true],
  ])('%s', async (_name, make, isOver, isLookedAt) => {
    const reply = make();
    const { result, now } = await notice(reply, [byText]);
    expect([result instanceof End, now?.standing, reply.looks]).toEqual([
      isOver,
      isOver ? 'ended' : 'signed-on',
      isLookedAt ? [16_384] : [],
    ]);
    expect(now?.jar).toEqual(isOver ? [] : open.jar);
  });

  test.each<readonly [name: string, reply: () => UpstreamReply & { looks: number[] }, path: string, isOver: boolean, looks: number]>([
    ['its own JSON', () => bodyReply('{"authenticated":false}', ['Content-Type', 'application/json']), '/rest/session', true, 1],
    ['JSON that says yes', () => bodyReply('{"authenticated":true}', ['Content-Type', 'application/json']), '/rest/session', false, 1],
    ['JSON elsewhere', () => bodyReply('{"authenticated":false}', ['Content-Type', 'application/json']), '/rest/other', false, 1],
    ['JSON that is cut', () => bodyReply(`{"authenticated":false,"x":"${'y'.repeat(20_000)}"}`, ['Content-Type', 'application/json']), '/rest/session', false, 1],
    ['HTML that is JSON', () => bodyReply('{"authenticated":false}'), '/rest/session', true, 1],
  ])('%s', async (_name, make, path, isOver, looks) => {
    const reply = make();
    const { result } = await notice(reply, [byJson], { path, shape: 'script' });
    expect([reasonOf(result), reply.looks.length]).toEqual([isOver ? 'ehr-session-ended' : undefined, looks]);
  }); // prettier-ignore

  test.each([
    ['/login', true],
    ['http://10.0.0.5:8080/login?x=1', true],
    ['https://ehr.example/login', true],
    ['https://elsewhere.example/login', false],
    ['/home', false],
  ])('a redirect to %s is judged by its head alone: %s', async (location, isOver) => {
    const reply = bodyReply('', ['Location', location], 302);
    const { now } = await notice(reply, [byPlace]);
    expect([now?.standing, reply.looks]).toEqual([isOver ? 'ended' : 'signed-on', []]);
  });

  test.each<readonly [name: string, reply: () => UpstreamReply, path: string, isOver: boolean]>([
    ['the text is missing', () => bodyReply('Please log in'), '/main', true],
    ['the text is there', () => bodyReply('Sign out'), '/main', false],
    ['elsewhere', () => bodyReply('Please log in'), '/other', false],
    ['the page is cut before it', () => bodyReply(`${' '.repeat(5000)}Sign out`), '/main', false],
    [
      'the page was cut off',
      () => bodyReply('Half a pa', ['Content-Type', 'text/html', 'Content-Length', '900']),
      '/main',
      false,
    ],
    ['it is long', () => bodyReply(`${' '.repeat(5000)}Sign out`, sized(`${' '.repeat(5000)}Sign out`)), '/main', false],
    ['it is a picture', () => bodyReply('PNG', ['Content-Type', 'image/png']), '/main', false],
    ['it is compressed', () => bodyReply(gzipSync('Sign out'), ['Content-Encoding', 'gzip']), '/main', false],
    ['it is only a head', () => bodyReply(''), '/main', false],
  ])('what must stand in a page: %s', async (_name, make, path, isOver) => {
    expect((await notice(make(), [byLack], { path })).now?.standing).toBe(isOver ? 'ended' : 'signed-on');
  });

  test('a form that a person sent is sent by the browser once more, and one that was held before is not', async () => {
    const form = { shape: 'page', method: 'POST', origin: recipeApplication([byText]).origin } as const;
    const { result, now } = await notice(bodyReply(over), [byText], form);
    if (!(result instanceof End) || result.answer.kind !== 'plain') throw new Error('It is not sent again');
    expect([result.answer.status, result.answer.headers['location'], now?.standing]).toEqual([307, '/chart/7?a=1', 'ended']);
    const { result: held } = await notice(bodyReply(over), [byText], {
      ...form,
      held: { id: 'h', carried: null, direct: false },
    });
    expect(held instanceof End && held.answer.kind === 'refusal' && held.answer.reason).toBe('ehr-session-ended');
  });

  test('a page in the charset of its time is read as browsers read it', async () => {
    const latin = Buffer.from('Sitzung abgelaufen: zur\xfcck zum Anfang', 'latin1');
    const tests = [replyTest({ body: ['zurück'] })];
    expect((await notice(bodyReply(latin, sized(latin, 'text/html; charset=ISO-8859-1')), tests)).now?.standing).toBe('ended');
    expect((await notice(bodyReply(latin, sized(latin)), tests)).now?.standing).toBe('signed-on');
  });

  test.each<readonly [shape: CallerShape, method: Method, told: string]>([
    ['page', 'GET', '303 /chart/7?a=1'],
    ['page', 'POST', 'ehr-session-ended: What was sent was not taken by the EHR; copy it before you leave the page'],
    ['frame', 'GET', 'ehr-session-ended: -'],
    ['script', 'GET', 'ehr-session-ended: -'],
    ['script', 'HEAD', 'ehr-session-ended: -'],
    ['script', 'PUT', 'ehr-session-ended: What was sent was not taken by the EHR; copy it before you leave the page'],
    ['upgrade', 'GET', 'ehr-session-ended: -'],
  ])('a %s with %s is told: %s', async (shape, method, told) => {
    const { result, now } = await notice(bodyReply(over), [byText], { shape, method });
    if (!(result instanceof End)) throw new Error('Nothing was ended');
    const { answer } = result;
    if (answer.kind === 'plain') {
      expect(`${answer.status} ${String(answer.headers['location'])}`).toBe(told);
      expect([answer.headers['cache-control'], answer.body]).toEqual(['no-store', '']);
    } else if (answer.kind === 'refusal') expect(`${answer.reason}: ${answer.detail ?? '-'}`).toBe(told);
    else throw new Error(answer.kind);
    expect(now).toEqual({ ...open, standing: 'ended', jar: [] });
  });

  test.each<readonly [name: string, now: EhrStanding | null]>([
    ['a later sign-on', { ...open, generation: 4 }],
    ['a session that has ended', null],
  ])('a late reply is told and changes nothing in %s', async (_name, now) => {
    const found = await notice(bodyReply(over), [byText], { now, shape: 'script' });
    expect([reasonOf(found.result), found.now]).toEqual(['ehr-session-ended', now]);
  });

  test.each<readonly [name: string, options: SceneOptions]>([
    ['without a jar', { wentWith: null }],
    ['while the password is changed', { wentWith: { ...open, standing: 'changing-password' } }],
    ['of a logout after the end', { wentWith: { ...open, standing: 'ended' } }],
    ['of an EHR with another way of signing on', { application: applicationOf({ signOn: { by: 'header', name: 'X' } }) }],
    ['of an EHR that cannot be told', { application: recipeApplication([]) }],
  ])('a reply %s is not looked at', async (_name, options) => {
    const reply = bodyReply(over);
    const { result, now } = await notice(reply, [byText], options);
    expect([result, reply.looks, now]).toEqual([undefined, [], open]);
  });
});

describe('guard-cookies with a jar', () => {
  function guard(cookies: readonly string[], options: SceneOptions = {}) {
    const scene = sceneOf(options);
    const learned: (readonly string[])[] = [];
    const step = guardCookies({
      standings: scene.standings,
      learnEhrSessions: (_place, _request, values) => void learned.push(values),
    });
    const reply = replyOf(['X-A', '1', ...cookies.flatMap((cookie) => ['Set-Cookie', cookie])]);
    const result = step(scene.facts, reply);
    const now = scene.standings.get(ada, 'ehr');
    return { result, headers: reply.headers.slice(2), jar: now?.jar.map(({ name, value }) => `${name}=${value}`), learned };
  }

  test.each<readonly [cookies: string[], passed: string[], jar: string[], learned: string[][]]>([
    [['SID=new; Path=/; HttpOnly'], [], ['SID=new'], [['new']]],
    [['SID=first; Path=/', 'SID=last; Path=/'], [], ['SID=last'], [['first', 'last']]],
    [['other=1; Path=/'], [], ['SID=now', 'other=1'], []],
    [['App=blue; Path=/; Domain=.example'], ['App=blue; Path=/; Secure'], ['SID=now'], []],
    [['App=blue', 'SID=new; Path=/'], ['App=blue; Secure'], ['SID=new'], [['new']]],
    [['app=blue; Path=/'], [], ['SID=now', 'app=blue'], []],
    [['SID=deleted; Path=/; Max-Age=0'], [], [], []],
    [['SID=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], [], [], []],
    [['SID=x; Max-Age=0; Path=/', 'SID=new; Path=/'], [], ['SID=new'], [['new']]],
    [['wardgate=evil; Path=/', '__Host-wardgate=evil', '=wardgate=evil'], [], ['SID=now'], []],
    [['nameless'], [], ['SID=now'], []],
    [['SID=now; Path=/'], [], ['SID=now'], [['now']]],
  ])('%j: passes %j, keeps %j', (cookies, passed, jar, learned) => {
    expect(guard(cookies)).toEqual({ result: undefined, headers: passed.flatMap((one) => ['Set-Cookie', one]), jar, learned });
  });

  test.each<readonly [name: string, options: SceneOptions, jar: string[] | undefined]>([
    ['an earlier sign-on', { now: { ...open, generation: 4 } }, ['SID=now']],
    ['a sign-on that is over', { now: { ...open, standing: 'ended', jar: [] } }, []],
    ['a session of ours that is over', { now: null }, undefined],
    ['nobody who was signed on', { wentWith: null }, ['SID=now']],
  ])('a late reply to %s brings nothing back', (_name, options, jar) => {
    const found = guard(['SID=zombie; Path=/', 'other=1', 'App=1'], options);
    expect(found).toMatchObject({ headers: ['Set-Cookie', 'App=1; Secure'], learned: [] });
    expect(found.jar).toEqual(jar);
  });

  test('an EHR without a recipe opens its session with its first cookie', () => {
    const cookies = { jar: ['SID'], passthrough: [], seed: [] };
    const application = applicationOf({ signOn: { by: 'header', name: 'X' }, cookies, sessionCookie: 'SID' });
    expect(guard(['SID=new'], { application, wentWith: null, now: null })).toMatchObject({
      jar: ['SID=new'],
      learned: [['new']],
    });
  });

  test('the password page of the EHR keeps its session too', () => {
    const changing = { ...open, standing: 'changing-password' } as const;
    expect(guard(['SID=new; Path=/'], { wentWith: changing, now: changing })).toMatchObject({ headers: [], jar: ['SID=new'] });
  });
});

describe('end-with-ehr', () => {
  const logout = loginRecipe().logout;

  async function run(options: SceneOptions & { readonly status?: number }) {
    const scene = sceneOf({ application: recipeApplication([]), ...options });
    const asked: SignOutPlace[] = [];
    const step = endWithEhr({
      signOutByEhr: (_session, where) => {
        asked.push(where);
        return Promise.resolve({ kind: 'plain', status: 303, headers: {}, body: '' });
      },
    });
    const result = await step(scene.facts, replyOf([], options.status ?? 200));
    return { result, asked };
  }

  test.each<readonly [path: string, method: Method, shape: CallerShape, status: number]>([
    ['/logout', 'GET', 'page', 302],
    ['/logout?x=1', 'GET', 'frame', 200],
    ['/Logout', 'POST', 'script', 500],
    ['/logout', 'GET', 'upgrade', 401],
  ])('%s with %s of a %s ends the session, whatever the EHR says (%i)', async (path, method, shape, status) => {
    const { result, asked } = await run({ path, method, shape, status });
    expect(result).toEqual(end({ kind: 'plain', status: 303, headers: {}, body: '' }));
    expect(asked).toEqual([{ application: 'ehr', requestId: 'r-1', address: '10.1.1.1', agent: 'Browser', shape }]);
  });

  test.each<readonly [path: string, method: Method, application: ApplicationSettings]>([
    ['/logout', 'DELETE', recipeApplication([])],
    ['/logout/x', 'GET', recipeApplication([])],
    ['/chart/7', 'GET', recipeApplication([])],
    ['/logout', 'GET', applicationOf({ signOn: { by: 'none' } })],
    ['/logout', 'GET', applicationOf({ signOn: { by: 'header', name: 'X' } })],
  ])('%s with %s does not', async (path, method, application) => {
    expect(await run({ path, method, application })).toEqual({ result: undefined, asked: [] });
  });

  test('a method that the recipe names is the only one', async () => {
    const [route] = logout.routes;
    if (route === undefined) throw new Error('The recipe has no logout');
    const recipe = loginRecipe({ logout: { ...logout, routes: [{ ...route, methods: ['DELETE'] }] } });
    const application = recipeApplication([], { signOn: { by: 'recipe', recipe, values: new Map(), account: { of: 'own' } } });
    expect((await run({ path: '/logout', method: 'GET', application })).asked).toEqual([]);
    expect((await run({ path: '/logout', method: 'DELETE', application })).asked.length).toBe(1);
  });
});
