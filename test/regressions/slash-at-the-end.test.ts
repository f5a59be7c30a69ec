// `/reports/export` was the physicians' and `/reports/**` everybody's; a nurse asked for `/reports/export/` and the EHR, which
// does not care for a slash at the end, gave the export. `/admin/users/merge/` passed a list of what nobody may open.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

let place: SessionGateway;

beforeAll(async () => {
  place = await startSessionGateway({
    ruleLines: ['denyAlways: [/admin/users/merge, /admin/tools/, { paths: [/admin/keys], methods: POST }]'],
    rules: [
      '{ name: front, paths: [/], allow: everyone }',
      '{ name: export, paths: [/reports/export, "/reports/{year}/raw"], allow: physician }',
      '{ name: index, paths: [/lists/], allow: physician }',
      '{ name: files, paths: [/files/**], allow: everyone }',
      '{ name: reports, paths: ["/reports/**", "/lists/**", "/admin/**"], allow: everyone }',
      '{ name: page, paths: [/page], allow: everyone }',
    ],
  });
});

afterAll(() => place.close());

async function ask(role: string, target: string): Promise<readonly unknown[]> {
  const before = place.ehr.requests.length;
  const head = [
    `GET ${target} HTTP/1.1`,
    `Host: ${place.host()}`,
    `Cookie: ${await place.cookieFor(role)}`,
    'Sec-Fetch-Mode: cors',
  ];
  const [answer] = await askMany(place.gateway.port, [[...head, '', ''].join('\r\n')]);
  const reason = /"reason":"([^"]*)"/.exec(answer?.body ?? '')?.[1];
  return [answer?.status, reason, place.ehr.requests.length - before];
}

const slash = [400, 'slash-ambiguous', 0];
const passed = [200, undefined, 1];

describe('whoever asks, a slash more or less leads to no other rule', () => {
  test.each(['nurse', 'physician'])('%s', async (role) => {
    for (const path of ['/reports/export/', '/reports/export/?a=1', '/reports/2024/raw/', '/lists', '/reports/EXPORT/'])
      expect([path, await ask(role, path)]).toEqual([path, slash]);
    for (const path of ['/admin/users/merge', '/admin/users/merge/', '/admin/USERS/merge/', '/admin/tools', '/admin/tools/'])
      expect([path, await ask(role, path)]).toEqual([path, [403, 'denied-always', 0]]);
  });
});

test('the address as the rule writes it is judged by that rule', async () => {
  expect(await ask('physician', '/reports/export')).toEqual(passed);
  expect(await ask('nurse', '/reports/export')).toEqual([403, 'role-not-permitted', 0]);
  expect(await ask('physician', '/lists/')).toEqual(passed);
  expect(await ask('nurse', '/lists/')).toEqual([403, 'role-not-permitted', 0]);
});

test('where one rule has both forms, or no other rule has the other form, nothing changes', async () => {
  for (const path of [
    '/',
    '/files',
    '/files/',
    '/files/a',
    '/files/a/',
    '/reports/',
    '/reports',
    '/lists/a/',
    '/page',
    '/admin/keys/',
  ])
    expect([path, await ask('nurse', path)]).toEqual([path, passed]);
  expect(await ask('nurse', '/page/')).toEqual([403, 'no-rule', 0]);
});
