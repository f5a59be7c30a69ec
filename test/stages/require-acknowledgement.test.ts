// Who is led to the clinic's texts, and who goes before.

import { expect, test } from 'vitest';
import { End } from '../../src/core/answer.ts';
import type { ClinicText } from '../../src/core/acknowledgement/clinic-text.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { requireAcknowledgement } from '../../src/stages/require-acknowledgement.ts';
import { sessionOf } from '../support/session-of.ts';

const text: ClinicText = {
  id: 'a', title: 'A', version: '1', hash: 'h', text: 'x', roles: null, againSeconds: null, postpone: null,
}; // prettier-ignore
const fresh = sessionOf('k');
const atWork = sessionOf('k', { activity: { last: 'navigation', pings: 0, navigations: 3 } });
const none = { acknowledged: [], putOff: [] };

/** `latest`: what the store holds where memory says that something is due. */
async function led(
  over: object = {},
  said: object = none,
  clinicTexts: readonly ClinicText[] = [text],
  latest: object = said,
): Promise<string | null> {
  const stage = requireAcknowledgement({
    clinicTexts,
    acknowledgements: { said: () => said as never, latest: () => Promise.resolve(latest as never) },
    localDay: () => '2026-11-30',
  });
  const target = canonicalize('/chart?pid=7', 'generic', 8192);
  const permit = { rule: 'charts', viaEmergency: false, observed: null };
  const facts = { arrivedAt: 10, method: 'GET', shape: 'page', target, session: fresh, grant: null, permit, patientSource: null };
  const result = await stage({ ...facts, ...over } as never);
  if (!(result instanceof End) || result.answer.kind !== 'plain') return null;
  return String(result.answer.headers['location']);
}

test('a page that is opened by itself is led to the text, and back to itself', async () => {
  expect(await led()).toBe('/.wardgate/acknowledge?return=%2Fchart%3Fpid%3D7');
  expect(await led({}, Promise.resolve(none))).not.toBeNull();
});

test.each<readonly [string, object]>([
  ['a form', { method: 'POST' }],
  ['HEAD', { method: 'HEAD' }],
  ['a script', { shape: 'script' }],
  ['a frame', { shape: 'frame' }],
  ['a live connection', { shape: 'upgrade' }],
  ['the console', { target: canonicalize('/.wardgate/console', 'generic', 8192) }],
  ['a machine', { session: { kind: 'machine', machine: {}, subject: {} } }],
  ['an open emergency access', { grant: { id: 'g' } }],
  ['a permit by emergency', { permit: { rule: 'charts', viaEmergency: true, observed: null } }],
  ['a sign-in without the provider', { session: sessionOf('k', { emergencyUntil: 99 }) }],
  ['a chart of somebody at work', { session: atWork, patientSource: 'session' }],
])('%s goes on', async (_, over) => {
  expect(await led(over)).toBeNull();
});

test('whoever is at work is led there at the next page about no patient, and a first chart is not opened before', async () => {
  expect(await led({ session: atWork })).not.toBeNull();
  expect(await led({ patientSource: 'query' })).not.toBeNull();
});

test('whoever acknowledged it at another gateway is not asked again', async () => {
  expect(await led({}, none, [text], { acknowledged: [{ id: 'a', version: '1', hash: 'h', at: 1 }], putOff: [] })).toBeNull();
});

test('nobody is where nothing is due, and nobody is asked for where there are no texts', async () => {
  expect(await led({}, { acknowledged: [{ id: 'a', version: '1', hash: 'h', at: 1 }], putOff: [] })).toBeNull();
  expect(await led({}, null as never, [])).toBeNull();
});
