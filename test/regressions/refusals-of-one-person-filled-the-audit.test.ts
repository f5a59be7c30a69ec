// Somebody who was signed in asked for pages that are refused, 10,000 times a second, each address 2 KB of parameter names
// long. Every refusal was a record of 3 KB: 126 MB of audit in four seconds. Now the refusals of one person beyond a number
// a minute are counted and told in one record that names them, and a refused address is written short. What reaches the
// EHR is never summed.

import { afterEach, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

let clinic: SessionGateway | null = null;
afterEach(async () => clinic?.close());

/** Of letters alone: a name that looks like an id is a token in the record. */
const letters = 'abcdefghijklmnopqrstuvwxyz';
const names = Array.from({ length: 60 }, (_, at) => `${'n'.repeat(30)}${letters[at % 26]}${letters[Math.floor(at / 26)]}=1`).join(
  '&',
);

test('the refusals of one person are summed, those of others and every attempt are not', { timeout: 60_000 }, async () => {
  clinic = await startSessionGateway({
    rules: ['{ name: charts, paths: ["/chart/**"], allow: [nurse, physician] }'],
    limits: ', refusalRecordsPerMinute: 20',
  });
  const [nurse, physician] = [await clinic.cookieFor('nurse'), await clinic.cookieFor('physician')];
  const head = (cookie: string, target: string): string =>
    `GET ${target} HTTP/1.1\r\nHost: ${clinic?.host() ?? ''}\r\nCookie: ${cookie}\r\n\r\n`;
  const { port } = clinic.gateway;
  const refused = await askMany(port, Array<string>(500).fill(head(nurse, `/nope?${names}`)), 16);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([403]));
  expect(clinic.ehr.requests).toEqual([]);
  await askMany(port, Array<string>(5).fill(head(physician, '/nope')), 1);
  const allowed = await askMany(port, Array<string>(50).fill(head(nurse, '/chart/1')), 8);
  expect(new Set(allowed.map(({ status }) => status))).toEqual(new Set([200]));

  const all = await clinic.finish();
  const ofPerson = (event: string, name: string) =>
    all.filter((one) => one['event'] === event && (one['subject'] as { name?: string } | undefined)?.name === name);
  const refusals = ofPerson('refusal', 'nurse');
  const sums = ofPerson('refusals-summed', 'nurse');
  // A minute may end in the middle of it.
  expect([20, 40]).toContain(refusals.length);
  expect(sums.length).toBe(refusals.length / 20);
  expect(sums.reduce((sum, one) => sum + Number.parseInt(String(one['detail']), 10), refusals.length)).toBe(500);
  expect(sums[0]).toMatchObject({ decision: 'refused', subject: { sub: 'nurse' } });
  expect(Math.max(...refusals.map((one) => String(one['target']).length))).toBe(512);
  expect(ofPerson('refusal', 'physician')).toHaveLength(5);
  expect(ofPerson('refusals-summed', 'physician')).toEqual([]);
  expect(ofPerson('attempt', 'nurse')).toHaveLength(50);
  expect(ofPerson('outcome', 'nurse')).toHaveLength(50);
});
