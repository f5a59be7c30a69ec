// A rule shut `?mode=export` for nurses. `?x=1;mode=export` fell to the wider rule behind it, and so did a name written as
// `%u006dode` or in overlong UTF-8, and the values `Export`, `export%20` and `export%00`: servers that split on ";", classic
// ASP, old decoders and programs that trim and fold read the very request that was shut.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

const dialects = ['strict', 'php', 'java'] as const;
let place: SessionGateway;

beforeAll(async () => {
  place = await startSessionGateway({
    applications: Object.fromEntries(
      dialects.map((name) => [name, [`parameters: ${name}`, 'methodOverrideParameters: [_method]']]),
    ),
    rules: dialects.flatMap((name) => [
      `{ name: ${name}-export, application: ${name}, paths: [/report], when: { query: { mode: "=export" } }, allow: it }`,
      `{ name: ${name}-report, application: ${name}, paths: [/report], allow: everyone }`,
      `{ name: ${name}-send, application: ${name}, paths: [/letter], methods: POST, when: { form: { send: present } }, allow: it }`,
      `{ name: ${name}-letter, application: ${name}, paths: [/letter], methods: POST, allow: everyone }`,
      `{ name: ${name}-chart, application: ${name}, paths: [/chart], patient: [query.pid], allow: everyone }`,
      `{ name: ${name}-plain, application: ${name}, paths: [/plain], methods: [GET, POST], allow: everyone }`,
    ]),
  });
});

afterAll(() => place.close());

/** The answer's status, the reason where it was refused, and how many requests reached the EHR. */
async function ask(application: string, target: string, form?: string): Promise<readonly unknown[]> {
  const before = place.ehr.requests.length;
  const head = [
    `${form === undefined ? 'GET' : 'POST'} ${target} HTTP/1.1`,
    `Host: ${place.host(application)}`,
    `Cookie: ${await place.cookieFor('nurse', application)}`,
    'Accept: application/json',
    'Sec-Fetch-Mode: cors',
    ...(form === undefined ? [] : ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${form.length}`]),
  ];
  const [answer] = await askMany(place.gateway.port, [[...head, '', form ?? ''].join('\r\n')]);
  const reason = /"reason":"([^"]*)"/.exec(answer?.body ?? '')?.[1];
  return [answer?.status, reason, place.ehr.requests.length - before];
}

const ambiguous = [400, 'field-ambiguous', 0];
const passed = [200, undefined, 1];

const names = [
  'x=1;mode=export',
  'mode=export;x=1',
  ';mode=export',
  '%u006dode=export',
  '%U006Dode=export',
  '%C1%ADode=export',
  '%E0%81%ADode=export',
  '%zz=1',
  'x=%zz',
  'x=%',
];

describe('strict: nobody knows what is behind it', () => {
  test.each(names)('?%s is ambiguous to a rule that reads a field, and nothing to one that reads none', async (query) => {
    expect(await ask('strict', `/report?${query}`)).toEqual(ambiguous);
    expect(await ask('strict', `/chart?${query}`)).toEqual([400, 'patient-ambiguous', 0]);
    expect(await ask('strict', `/plain?${query}`)).toEqual(passed);
  });

  test.each(['x=1;send=1', '%u0073end=1', '%C1%B3end=1', 'x=%zz'])('a form that says %s', async (form) => {
    expect(await ask('strict', '/letter', form)).toEqual(ambiguous);
  });

  test.each(['x=1;_method=DELETE', '%u005fmethod=DELETE', '%C1%9Fmethod=DELETE'])('another method by ?%s', async (query) => {
    expect(await ask('strict', `/plain?${query}`, 'x=1')).toEqual([400, 'method-override-refused', 0]);
  });

  test('a semicolon that is encoded is a character like any other', async () => {
    expect(await ask('strict', '/report?x=1%3Bmode=export')).toEqual(passed);
    expect(await ask('strict', '/letter', 'text=a%3B+send=1')).toEqual(passed);
  });
});

describe.each(['php', 'java'] as const)('%s: no more than that server does', (dialect) => {
  test.each(names)('?%s is another field', async (query) => {
    expect(await ask(dialect, `/report?${query}`)).toEqual(passed);
  });
});

describe.each(dialects)('%s: a value that the EHR may trim or fold', (dialect) => {
  test.each([
    'mode=Export',
    'mode=EXPORT',
    'mode=export%20',
    'mode=+export',
    'mode=export%00',
    'mode=export%00x',
    'mode=%09export%0D%0A',
  ])('?%s is ambiguous', async (query) => {
    expect(await ask(dialect, `/report?${query}`)).toEqual(ambiguous);
  });

  test('the value itself is the rule’s, and another value is not', async () => {
    expect(await ask(dialect, '/report?mode=export')).toEqual([403, 'role-not-permitted', 0]);
    expect(await ask(dialect, '/report?mode=exports')).toEqual(passed);
    expect(await ask(dialect, '/report?mode=')).toEqual(passed);
  });
});
