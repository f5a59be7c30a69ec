// Only the capitals of ASCII were compared. On a Windows server `/site/ärzte/**` was the physicians' and a nurse asked for
// `/site/%C3%84RZTE/x`, which is the same folder there; `/adm%C4%B1n` (a dotless i) is `/admin` to a Java program that
// ignores case, and `/news%E2%88%95..%E2%88%95admin` (a division slash) climbed out of an open folder where an old program
// writes Unicode in its code page.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

const profiles = ['generic', 'java', 'php', 'windows'] as const;
const places = new Map<string, SessionGateway>();

beforeAll(async () => {
  for (const profile of profiles) {
    const place = await startSessionGateway({
      applications: { ehr: [`profile: ${profile}`] },
      ruleLines: ['denyAlways: [/site/löschen]'],
      rules: [
        '{ name: shut, paths: ["/admin/**", "/site/ärzte/**"], allow: physician }',
        '{ name: open, paths: ["/**"], allow: everyone }',
      ],
    });
    places.set(profile, place);
  }
});

afterAll(async () => {
  for (const place of places.values()) await place.close();
});

async function ask(profile: string, role: string, target: string): Promise<readonly unknown[]> {
  const place = places.get(profile);
  if (place === undefined) throw new Error(`No gateway has the profile "${profile}"`);
  const before = place.ehr.requests.length;
  const lines = [
    `GET ${target} HTTP/1.1`,
    `Host: ${place.host()}`,
    `Cookie: ${await place.cookieFor(role)}`,
    'Sec-Fetch-Mode: cors',
  ];
  const [answer] = await askMany(place.gateway.port, [[...lines, '', ''].join('\r\n')]);
  const reason = /"reason":"([^"]*)"/.exec(answer?.body ?? '')?.[1] ?? null;
  return [answer?.status, reason, place.ehr.requests.length - before];
}

describe.each(profiles)('profile %s', (profile) => {
  test.each([
    // Capitals and accents of other alphabets, composed and not.
    ['/site/%C3%84rzte/x', 400, 'case-ambiguous'],
    ['/site/%C3%84RZTE/x', 400, 'case-ambiguous'],
    ['/site/a%CC%88rzte/x', 400, 'case-ambiguous'],
    ['/adm%C4%B1n/x', 400, 'case-ambiguous'],
    ['/ADM%C4%B0N/x', 400, 'case-ambiguous'],
    ['/adm%C3%ACn/x', 400, 'case-ambiguous'],
    ['/%C4%81dmin/', 400, 'case-ambiguous'],
    ['/a%C4%91min/x', 400, 'case-ambiguous'],
    ['/site/L%C3%96SCHEN', 403, 'denied-always'],
    ['/site/lo%CC%88schen/', 403, 'denied-always'],
    // Look-alikes of separators.
    ['/news%E2%88%95..%E2%88%95admin/x', 400, 'target-malformed'],
    ['/news%E2%81%84..%E2%81%84admin/x', 400, 'target-malformed'],
    ['/news%E2%88%96..%E2%88%96admin/x', 400, 'target-malformed'],
    ['/news%C2%A5..%C2%A5admin/x', 400, 'target-malformed'],
    ['/news%E2%82%A9..%E2%82%A9admin/x', 400, 'target-malformed'],
    ['/admin%E2%88%B6x', 400, 'target-malformed'],
    // A stream of the folder's file, on Windows.
    ['/admin:x/x', 400, profile === 'windows' ? 'target-malformed' : 'case-ambiguous'],
    ['/site/%C3%84rzte%3A/x', 400, profile === 'windows' ? 'target-malformed' : 'case-ambiguous'],
    // The page itself.
    ['/site/%C3%A4rzte/x', 403, 'role-not-permitted'],
    ['/admin/x', 403, 'role-not-permitted'],
  ])('%s is refused: %d %s', async (target, status, reason) => {
    expect(await ask(profile, 'nurse', target)).toEqual([status, reason, 0]);
  });

  test('names in any alphabet still pass where no other rule could be meant', async () => {
    for (const target of [
      '/patients/Jos%C3%A9',
      '/patients/%C5%81ukasz%20%C3%98berg',
      '/%D0%B2%D1%80%D0%B0%D1%87',
      '/stra%C3%9Fe',
    ])
      expect([target, await ask(profile, 'nurse', target)]).toEqual([target, [200, null, 1]]);
    expect(await ask(profile, 'physician', '/site/%C3%A4rzte/x')).toEqual([200, null, 1]);
  });
});
