// Stories of signing on: what is sent, what each answer of the EHR leads to, and that nothing secret is told.

import { describe, expect, test } from 'vitest';
import { afterReply, beginPlay, nextRequest } from '../../../src/core/ehr/play-recipe.ts';
import type { Play, PlayRequest, Verdict } from '../../../src/core/ehr/play-recipe.ts';
import { playedStep } from '../../../src/core/ehr/played-step.ts';
import type { EhrReply } from '../../../src/core/ehr/ehr-reply.ts';
import type { Recipe, Take } from '../../../src/core/ehr/recipe.ts';
import { form, recipe, reply, replyTest, step, template } from './build-recipe.ts';

const origins = ['https://gateway.example', 'http://ehr.local:8080'];
const now = Date.UTC(2026, 0, 15);
const person = new Map([
  ['username', 'anna'],
  ['password', 'pass&word 1'],
  ['name', 'anna@clinic'],
]);

type Answer = (request: PlayRequest) => Omit<EhrReply, 'target'>;

function answer(status: number, headers: readonly string[] = [], body = ''): Answer {
  return () => ({ status, headers, body });
}

/** Plays to the end with these answers, and no more requests than answers. */
function play(ours: Recipe, answers: readonly Answer[], values: ReadonlyMap<string, string> = person) {
  const sent: PlayRequest[] = [];
  let state: Play = beginPlay(ours, values, origins);
  for (;;) {
    const next = nextRequest(state, now);
    if ('kind' in next) {
      const after = afterReply(state, reply('/late', 200, ['set-cookie', 'late=1']), now);
      expect(after).toBe(state);
      expect(answers).toHaveLength(sent.length);
      return { verdict: next, sent, state };
    }
    const give = answers[sent.length];
    sent.push(next);
    if (give === undefined) throw new Error(`No answer for ${next.target}`);
    state = afterReply(state, { target: next.target, ...give(next) }, now);
  }
}

function headersOfRequest(request: PlayRequest | undefined): Record<string, string | undefined> {
  const pairs = request?.headers ?? [];
  return Object.fromEntries(pairs.flatMap((name, at) => (at % 2 === 0 ? [[name, pairs[at + 1]]] : [])));
}

/** As Tomcat's form login asks for it: the page first, then its form. */
const tomcat = recipe(
  [
    step('GET', '/app/home', { take: [{ name: 'action', at: 'ours.yaml:3', from: 'form-action', holds: 'j_security_check' }] }),
    step('POST', '{action}', { body: form({ j_username: '{username}', j_password: '{password}' }), decides: true }),
  ],
  {
    success: [replyTest({ status: [302, 303], location: '/app/home', at: 'success' })],
    failure: [replyTest({ status: [200], body: ['Invalid user name'], at: 'failure' })],
  },
);
const loginPage = '<form action="j_security_check;jsessionid=A1"><input name=j_username></form>';
const page = answer(200, ['Set-Cookie', 'JSESSIONID=A1; Path=/app; HttpOnly'], loginPage);

describe('Tomcat', () => {
  test('signs on: the action of the page, the session that is given anew', () => {
    const { verdict, sent, state } = play(tomcat, [
      page,
      answer(303, ['Location', '/app/home;jsessionid=B2', 'Set-Cookie', 'JSESSIONID=B2; Path=/app; HttpOnly']),
    ]);
    expect(sent).toEqual([
      { method: 'GET', target: '/app/home', headers: [], basic: null, body: null },
      {
        method: 'POST',
        target: '/app/j_security_check;jsessionid=A1',
        headers: ['content-type', 'application/x-www-form-urlencoded', 'cookie', 'JSESSIONID=A1'],
        basic: null,
        body: 'j_username=anna&j_password=pass%26word+1',
      },
    ]);
    const jar = [{ name: 'JSESSIONID', value: 'B2', path: '/app', expiresAt: null }];
    expect(verdict).toEqual({ kind: 'signed-on', by: 'success', location: '/app/home', jar });
    expect(state.location).toBe('/app/home');
    expect(state.steps).toEqual([
      { at: 'ours.yaml:/app/home', method: 'GET', target: '/app/home', status: 200, location: null, decidedBy: null },
      {
        at: 'ours.yaml:{action}',
        method: 'POST',
        target: '/app/j_security_check',
        status: 303,
        location: '/app/home',
        decidedBy: 'success',
      },
    ]);
    expect(JSON.stringify(state.steps)).not.toMatch(/A1|B2|word/);
  });

  test('refuses: told as that', () => {
    const { verdict, state } = play(tomcat, [page, answer(200, [], 'Invalid user name and/or password')]);
    expect(verdict).toEqual({ kind: 'refused', by: 'failure' });
    expect(state.steps.at(-1)?.decidedBy).toBe('failure');
  });

  test('shows no form: the recipe does not fit, and no password is sent', () => {
    const { verdict, sent } = play(tomcat, [answer(200, [], '<p>Welcome back</p>')]);
    const why = 'The reply, with status 200, does not hold what "action" is taken from';
    expect(verdict).toEqual({ kind: 'broken', at: 'ours.yaml:3', why });
    expect(sent).toHaveLength(1);
  });

  test('is down: told in the words of its page, and no password is sent', () => {
    const { verdict, sent } = play(tomcat, [answer(503, [], '<h1>Down</h1><p>until noon</p>')]);
    expect(verdict).toEqual({ kind: 'unrecognised', at: 'ours.yaml:/app/home', status: 503, told: 'Down until noon' });
    expect(sent).toHaveLength(1);
  });

  test('leads the form to another host: no password is sent there', () => {
    const { verdict, sent } = play(tomcat, [answer(200, [], '<form action="https://evil.example/j_security_check">')]);
    expect(verdict.kind).toBe('broken');
    expect(sent).toHaveLength(1);
  });
});

describe('the reply that decides', () => {
  const one = recipe([step('POST', '/app/login', { body: form({ u: '{username}', p: '{password}' }), decides: true })]);

  test('and is neither success nor failure is unrecognised, with what a person would read', () => {
    const told = `Choose a facility ${'and another '.repeat(100)}`;
    const { verdict } = play(one, [answer(200, [], `<script>x</script><p>${told}</p>`)]);
    expect(verdict).toMatchObject({ kind: 'unrecognised', at: 'ours.yaml:/app/login', status: 200 });
    const shown = verdict.kind === 'unrecognised' ? verdict.told : '';
    expect(shown).toMatch(/^Choose a facility and another .*…$/);
    expect(shown.length).toBeLessThanOrEqual(600);
  });

  test('and shows what was sent is told without it', () => {
    const asking = { ...one, asks: ['username', 'password', 'pin', 'code'] };
    const values = new Map([...person, ['pin', '4711'], ['code', 'abc']]);
    const body = 'Error: u=anna p=pass&amp;word <b>1</b> pin=4711 code=abc';
    expect(play(asking, [answer(500, [], body)], values).verdict).toMatchObject({ told: 'Error: u=anna p=*** pin=*** code=abc' });
    expect(play(asking, [answer(500, [], body)], person).verdict).toMatchObject({
      told: 'Error: u=anna p=*** pin=4711 code=abc',
    });
  });

  test('and leads to another host is no success', () => {
    const { verdict, state } = play(one, [answer(302, ['location', 'https://evil.example/app/home?ticket=1'])]);
    expect(verdict).toEqual({ kind: 'unrecognised', at: 'ours.yaml:/app/login', status: 302, told: '' });
    expect(state.steps[0]?.location).toBe('https://evil.example/app/home');
  });

  test('says failure first, whatever else it says', () => {
    const { verdict } = play(one, [answer(302, ['location', '/app/home'], 'wrong password')]);
    expect(verdict).toEqual({ kind: 'refused', by: 'ours.yaml:failure' });
  });

  test('may succeed without leading anywhere', () => {
    const json = recipe([step('POST', '/login', { decides: true })], {
      success: [replyTest({ json: [{ pointer: '/success', equals: true }], at: 'yes' })],
    });
    const { verdict } = play(json, [answer(200, [], '{"success":true}')]);
    expect(verdict).toEqual({ kind: 'signed-on', by: 'yes', location: null, jar: [] });
  });

  test('is masked for the doctor: what it leads to may hold a token', () => {
    const { state } = play({ ...one, success: [replyTest({ status: [302], at: 's' })] }, [
      answer(302, ['location', '/app/home?token_main=secret&b&c=d']),
    ]);
    expect(state.steps[0]?.location).toBe('/app/home?token_main=***&b&c=***');
  });
});

describe('a password to change', () => {
  const tests = [replyTest({ location: '/app/change', at: 'change' }), replyTest({ body: ['has expired'], at: 'expired' })];
  const steps = [step('GET', '/app/', {}), step('POST', '/app/login', { decides: true })];
  const changing = (where: string | null) => recipe(steps, { passwordChange: { tests, page: where, open: [] } });
  const to = answer(302, ['location', 'change;jsessionid=1?first=1', 'set-cookie', 'S=1']);
  const jar = [{ name: 'S', value: '1', path: '/app', expiresAt: null }];

  test('is told with the page where the EHR sends', () => {
    const { verdict } = play(changing(null), [answer(200), to]);
    expect(verdict).toEqual({ kind: 'password-change', by: 'change', page: '/app/change?first=1', jar });
  });

  test('is told with the page of the recipe', () => {
    const { verdict } = play(changing('/app/new.form'), [answer(200), to]);
    expect(verdict).toEqual({ kind: 'password-change', by: 'change', page: '/app/new.form', jar });
  });

  test('is told with the page that says it, before success, failure and other steps', () => {
    const { verdict } = play(changing(null), [answer(200, [], 'It has expired; wrong password')]);
    expect(verdict).toEqual({ kind: 'password-change', by: 'expired', page: '/app/', jar: [] });
  });
});

describe('steps', () => {
  const token: Take = { name: 'token', at: 'ours.yaml:9', from: 'header', header: 'x-token' };

  test('before the deciding one may refuse, and never succeed', () => {
    const two = recipe([step('GET', '/app/'), step('POST', '/app/login', { decides: true })]);
    expect(play(two, [answer(200, [], 'wrong password')]).verdict).toEqual({ kind: 'refused', by: 'ours.yaml:failure' });
    const { verdict, sent } = play(two, [answer(302, ['location', '/app/home']), answer(200, [], 'x')]);
    expect(verdict.kind).toBe('unrecognised');
    expect(sent).toHaveLength(2);
  });

  test('send headers, Basic and JSON with their values', () => {
    const ours = recipe(
      [
        step('GET', '/ws/session?v={site}&x={token}', {
          basic: true,
          headers: [['X-Token', template('t {token}')]],
          take: [token],
        }),
        step('DELETE', '/ws/{username}/{token}', {
          headers: [['Content-Type', template('application/json; charset=utf-8')]],
          body: { kind: 'json', members: [['u', template('{username}')], ['t', template('{token}')]] }, // prettier-ignore
          decides: true,
        }),
      ],
      { values: new Map([['site', 'default'], ['token', 'none'], ['unset', null]]), success: [replyTest({ status: [204], at: 's' })] }, // prettier-ignore
    );
    const given = new Map([...person, ['username', 'anna/é']]);
    const { sent, verdict, state } = play(ours, [answer(200, ['X-Token', 'T"1']), answer(204)], given);
    expect(verdict.kind).toBe('signed-on');
    expect(sent[0]).toMatchObject({
      target: '/ws/session?v=default&x=none',
      basic: { username: 'anna/é', password: 'pass&word 1' },
    });
    expect(headersOfRequest(sent[0])).toEqual({ 'X-Token': 't none' });
    expect(sent[1]).toEqual({
      method: 'DELETE',
      target: '/ws/anna%2F%C3%A9/T%221',
      headers: ['Content-Type', 'application/json; charset=utf-8'],
      basic: null,
      body: '{"u":"anna/é","t":"T\\"1"}',
    });
    expect(state.steps.map((one) => one.target)).toEqual(['/ws/session?v=default&x=none', '/ws/***/T%221']);
    expect(state.values.has('unset')).toBe(false);
  });

  test('say their type of body themselves where the recipe does not', () => {
    const ours = recipe([step('POST', '/a', { body: { kind: 'json', members: [] }, decides: true })]);
    const request = nextRequest(beginPlay(ours, person, origins), now);
    expect(request).toEqual({
      method: 'POST',
      target: '/a',
      headers: ['content-type', 'application/json'],
      basic: null,
      body: '{}',
    });
  });

  test('are left out where a value is not configured, and values of IT stand before defaults', () => {
    const ours = recipe(
      [
        step('GET', '/app/{site}'),
        step('POST', '/app/place', { onlyWith: ['site', 'location'], body: form({ l: '{location}' }) }),
        step('POST', '/app/login', { decides: true }),
      ],
      { values: new Map([['site', 'default'], ['location', null]]) }, // prettier-ignore
    );
    const success = answer(302, ['location', '/app/home']);
    expect(play(ours, [answer(200), success]).sent.map(({ target }) => target)).toEqual(['/app/default', '/app/login']);
    const configured = new Map([...person, ['location', 'x'], ['site', 'north']]);
    const { sent } = play(ours, [answer(200), answer(200), success], configured);
    expect(sent.map(({ target }) => target)).toEqual(['/app/north', '/app/place', '/app/login']);
  });

  test('that follow success never change it, but for the jar', () => {
    const ours = recipe([
      step('POST', '/app/login', { decides: true, take: [token] }),
      step('POST', '/app/{missing}'),
      step('POST', '/app/location', { take: [token] }),
      step('POST', '/app/{token}'),
    ]);
    const { verdict, sent, state } = play(ours, [
      answer(302, ['location', '/app/home', 'set-cookie', 'S=1']),
      answer(500, ['location', '/app/error', 'set-cookie', 'S=2'], 'wrong password'),
    ]);
    expect(sent.map(({ target }) => target)).toEqual(['/app/login', '/app/location']);
    expect(headersOfRequest(sent[1])).toEqual({ cookie: 'S=1' });
    const jar = [{ name: 'S', value: '2', path: '/app', expiresAt: null }];
    expect(verdict).toEqual({ kind: 'signed-on', by: 'ours.yaml:success', location: '/app/home', jar });
    expect(state.location).toBe('/app/home');
    expect(state.steps.map(({ decidedBy }) => decidedBy)).toEqual(['ours.yaml:success', null]);
  });

  test('that follow success take what they need', () => {
    const ours = recipe([step('POST', '/app/login', { decides: true, take: [token] }), step('POST', '/app/{token}')]);
    const { sent, state } = play(ours, [answer(302, ['location', '/app/home', 'x-token', 'T']), answer(200)]);
    expect(sent[1]?.target).toBe('/app/T');
    expect(state.steps[1]?.target).toBe('/app/***');
  });

  test('must decide at last', () => {
    const why = 'No step that is played decides whether the person is signed on';
    expect(play(recipe([]), []).verdict).toMatchObject({ kind: 'broken', why });
    expect(play(recipe([step('POST', '/a', { decides: true, onlyWith: ['x'] })]), []).verdict).toEqual({
      kind: 'broken',
      at: 'ours.yaml:/a',
      why,
    });
  });
});

describe('is broken, and nothing is sent', () => {
  const unknown = (name: string) => `Value "${name}" is not known; set it under "signOnValues", or take it in an earlier step`;
  const header = 'Header "X" is too long, or holds what is no printable ASCII, once it is filled in';
  const values = new Map([
    ...person,
    ['dots', '..'],
    ['coded', '%2E%2e;a'],
    ['away', '//evil.example'],
    ['url', 'http://evil.example/'],
    ['back', '/\\evil.example'],
    ['spaced', '/a b'],
    ['line', '/a\r\nHost: evil'],
    ['hash', '/a#b'],
    ['accented', '/é'],
    ['climbing', '/a/..;x/b'],
    ['long', `/${'a'.repeat(8192)}`],
  ]);

  test.each<[string, Parameters<typeof step>, string]>([
    ['an unknown value', ['GET', '/{nothing}'], unknown('nothing')],
    ['an unknown value in a header', ['GET', '/', { headers: [['X', template('{nothing}')]] }], unknown('nothing')],
    ['an unknown value in a form', ['POST', '/', { body: form({ a: '{nothing}' }) }], unknown('nothing')],
    [
      'an unknown value in JSON',
      ['POST', '/', { body: { kind: 'json', members: [['a', template('{nothing}')]] } }],
      unknown('nothing'),
    ],
    ['a dot segment', ['GET', '/a/{dots}/b'], 'The address "/a/{dots}/b" holds a dot segment once it is filled in'],
    ['a dot segment of the EHR', ['GET', '{climbing}'], 'The address "{climbing}" holds a dot segment once it is filled in'],
    ['another host', ['GET', '{away}'], 'The address "{away}" does not begin with one slash once it is filled in'],
    ['another scheme', ['GET', '{url}'], 'The address "{url}" does not begin with one slash once it is filled in'],
    [
      'a backslash',
      ['GET', '{back}'],
      'The address "{back}" holds a character that no request line may hold once it is filled in',
    ],
    [
      'a space',
      ['GET', '{spaced}'],
      'The address "{spaced}" holds a character that no request line may hold once it is filled in',
    ],
    [
      'a line end',
      ['GET', '{line}'],
      'The address "{line}" holds a character that no request line may hold once it is filled in',
    ],
    [
      'a fragment',
      ['GET', '{hash}'],
      'The address "{hash}" holds a character that no request line may hold once it is filled in',
    ],
    [
      'a letter beyond ASCII',
      ['GET', '{accented}'],
      'The address "{accented}" holds a character that no request line may hold once it is filled in',
    ],
    ['a long address', ['GET', '{long}'], 'The address "{long}" has 8193 bytes, and 8192 are accepted, once it is filled in'],
    ['a line end in a header', ['GET', '/', { headers: [['X', template('{line}')]] }], header],
    ['a long header', ['GET', '/', { headers: [['X', template('{long}')]] }], header],
  ])('%s', (_what, parts, why) => {
    const ours = recipe([step(...parts), step('POST', '/login', { decides: true })]);
    const { verdict, sent } = play(ours, [], values);
    expect(verdict).toEqual({ kind: 'broken', at: `ours.yaml:${parts[1]}`, why });
    expect(sent).toEqual([]);
  });

  test('Basic without a name or a password', () => {
    const ours = recipe([step('GET', '/', { basic: true, decides: true })]);
    const why = (given: ReadonlyMap<string, string>): Verdict => play(ours, [], given).verdict;
    expect(why(new Map([['password', 'x']]))).toMatchObject({ why: unknown('username') });
    expect(why(new Map([['username', 'x']]))).toMatchObject({ why: unknown('password') });
  });

  test('a dot segment that is written in percent is one as well', () => {
    const ours = recipe([step('GET', '/a/%2e%2E/b', { decides: true })]);
    expect(play(ours, []).verdict.kind).toBe('broken');
  });
});

test('what the doctor sees of an address that cannot be filled again is what was sent, masked', () => {
  const known = { recipe: recipe([]), origins, values: new Map<string, string>() };
  const one = step('GET', '/a?b={x}');
  expect(playedStep(known, one, reply('/a;s=1?b=secret', 200, ['location', 'ftp://h\u0007/x;y']), null)).toEqual({
    at: 'ours.yaml:/a?b={x}',
    method: 'GET',
    target: '/a?b=***',
    status: 200,
    location: 'ftp://h?/x',
    decidedBy: null,
  });
});
