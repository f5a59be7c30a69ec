// Rules change while people work: a sound file is in force within moments and on record, a broken one changes nothing and
// is on record too, and a request in flight is judged wholly by the rules it met.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Gateway } from '../../src/main.ts';
import { verify } from '../support/audit-log.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { rulesChanges } from '../support/clinic-story.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, seenByEhr, signIn } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';
import { rememberingLog } from '../support/silent-log.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };

let place: Clinic;
let rulesFile = '';
let shipped = '';
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  place = await clinic();
  open.push(() => place.close());
  rulesFile = join(place.directory, 'rules.yaml');
  shipped = readFileSync(rulesFile, 'utf8');
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(endCommands);

async function opened(log = rememberingLog()): Promise<Gateway> {
  const gateway = await openGateway(place, log);
  open.push(() => gateway.close());
  return gateway;
}

/** The shipped rules without the nurse's right to open charts, as an editor saves them: a new file under the old name. */
function forbidCharts(): void {
  const rules = shipped.replace('allow: [physician, nurse, records], emergency: front-desk }', 'allow: [physician, records] }');
  const tests = rules.split('\n').filter((line) => !/as: (nurse|front-desk), (get|post).*expect: allowed/.test(line));
  expect(rules).not.toBe(shipped);
  save(tests.join('\n'));
}

function save(text: string): void {
  writeFileSync(`${rulesFile}.new`, text);
  renameSync(`${rulesFile}.new`, rulesFile);
}

const chart = async (client: CookieClient): Promise<number> =>
  (await client.ask(`${place.origin}/chart?pid=7`, { headers: script })).status;
/** The record stands in the file a moment before it is durable, and only then the rules are in force. */
const inForce = (client: CookieClient) =>
  expect.poll(async () => (await client.ask(`${place.origin}/documents?pid=7`, { headers: script })).status).toBe(403);
const events = (name: string): Record<string, unknown>[] => records(place).filter((one) => one['event'] === name);
const changes = (): Record<string, unknown>[] => rulesChanges(place);

test('a sound file is in force within moments, and recorded before it is', async () => {
  await opened();
  const nurse = await signIn(place, 'nurse');
  expect(await chart(nurse)).toBe(200);
  forbidCharts();
  await eventually(() => changes().length === 1, 'the new rules');
  await inForce(nurse);
  expect(await chart(nurse)).toBe(403);
  const attempts = events('attempt').filter((one) => String(one['target']).startsWith('/chart'));
  const refusals = events('refusal').filter((one) => String(one['target']).startsWith('/chart'));
  const [change] = changes();
  expect(attempts).toHaveLength(1);
  expect(refusals).toHaveLength(1);
  expect(refusals[0]).toMatchObject({ rule: 'charts', reason: 'role-not-permitted', policy: change?.['policy'] });
  expect(attempts[0]?.['policy']).not.toBe(change?.['policy']);
  expect(seenByEhr(place, '/chart?pid=7')).toBe(1);
});

test.each([
  ['no YAML', 'rules: [unclosed'],
  [
    'an unknown role',
    'mode: enforce\nroles: { nurse: Clinic-Nurses }\nrules:\n  - { name: charts, area: ehr.chart, allow: nurze }\n',
  ],
  ['nothing', ''],
  ['half a file', null],
])('a file that is %s leaves the old rules in force, and is recorded', async (_what, text) => {
  const log = rememberingLog();
  await opened(log);
  const nurse = await signIn(place, 'nurse');
  save(text ?? shipped.slice(0, shipped.indexOf('allow: [physician, nurse, records]') + 20));
  const [rejected] = await eventually(
    () => (events('configuration-rejected').length > 0 ? events('configuration-rejected') : null),
    'the rejection',
  );
  expect(rejected?.['detail']).toEqual(expect.any(String));
  expect(log.lines.join('\n')).toContain('the old ones stay in force');
  expect(await chart(nurse)).toBe(200);
  expect(changes()).toEqual([]);
  forbidCharts();
  await eventually(() => changes().length === 1, 'the mended rules');
  await inForce(nurse);
  expect(await chart(nurse)).toBe(403);
});

test('a bad file is told of in the record, the log, /readyz and the console, until a sound one is in force', async () => {
  const log = rememberingLog();
  await opened(log);
  const officer = await signIn(place, 'security', '/.wardgate/console');
  const readyz = async () => (await fetch(`http://127.0.0.1:${place.healthPort}/readyz`)).text();
  const console = async () => (await officer.page(`${place.origin}/.wardgate/console`)).text;
  const told = 'are not in force, the ones before them are';
  expect([await readyz(), await console()].filter((text) => text.includes(told))).toEqual([]);
  save(shipped.replace('allow: [physician, nurse, records]', 'allow: [physician, nurze, records]'));
  const [rejected] = await eventually(
    () => (events('configuration-rejected').length > 0 ? events('configuration-rejected') : null),
    'the rejection',
  );
  expect(rejected?.['detail']).toContain('nurze');
  expect(log.lines.join('\n')).toMatch(/the old ones stay in force.*|.*nurze/);
  const ready = await readyz();
  expect(ready).toMatch(/^ready\n/);
  expect(ready).toMatch(new RegExp(`^notice: The rules saved by .* ${told}: .*rules\\.yaml:\\d+: .*nurze`, 'm'));
  expect(await console()).toContain(told);
  forbidCharts();
  await eventually(() => changes().length === 1, 'the mended rules');
  await expect.poll(readyz).not.toContain(told);
  expect(await console()).not.toContain(told);
});

test('a file that is gone leaves the old rules in force', async () => {
  await opened();
  const nurse = await signIn(place, 'nurse');
  rmSync(rulesFile);
  await eventually(() => events('configuration-rejected').length === 1, 'the rejection');
  expect(await chart(nurse)).toBe(200);
});

test('a file that is saved again unchanged is no change', async () => {
  const gateway = await opened();
  save(shipped);
  writeFileSync(join(place.directory, 'a-note-beside.txt'), 'nothing of ours');
  await gateway.reload();
  forbidCharts();
  await eventually(() => changes().length > 0, 'the new rules');
  // One for the reload that was asked for, one for the change; none for the file that only was written again.
  await eventually(() => changes().length === 2, 'both');
});

test('a request in flight is judged by the rules it met, whole', async () => {
  await opened();
  const nurse = await signIn(place, 'nurse');
  const before = place.ehr.requests().length;
  // The form is read ahead by the rule, so the request waits in the middle of being judged.
  const headers = {
    ...script,
    cookie: nurse.cookieHeader(place.origin),
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': '11',
  };
  const held = request(`${place.origin}/letters/7/1`, { method: 'POST', headers, agent: false });
  const answered = new Promise<number>((resolve, reject) => {
    held.on('response', (reply) => resolve(reply.resume().statusCode ?? 0)).on('error', reject);
  });
  held.write('draft=');
  const slow = nurse.ask(`${place.origin}/slow?seconds=2`, { headers: script });
  await eventually(() => seenByEhr(place, '/slow') === 1, 'the slow page');
  const rules = shipped.replaceAll(/allow: \[physician, nurse[^\]]*\]/g, 'allow: physician');
  save(rules.slice(0, rules.indexOf('\ntests:')));
  const [change] = await eventually(() => (changes().length === 1 ? changes() : null), 'the new rules');
  held.end('hello');
  expect((await slow).status).toBe(200);
  const status = await answered;
  const [verdict] = await eventually(() => {
    const found = records(place).filter((one) => one['target'] === '/letters/7/1' && one['event'] !== 'outcome');
    return found.length > 0 ? found : null;
  }, 'the verdict');
  const byOld = verdict?.['policy'] !== change?.['policy'];
  expect({ byOld, status }).toEqual(byOld ? { byOld: true, status: 200 } : { byOld: false, status: 403 });
  expect(place.ehr.requests().slice(before).filter(({ method }) => method === 'POST')).toHaveLength(byOld ? 1 : 0); // prettier-ignore
  expect(await chart(nurse)).toBe(403);
  expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
});

test('SIGHUP reads the rules again and ends nothing', async () => {
  const gateway = await gatewayProcess(place.file);
  const { client } = await enrol(place.origin, 'newcomer');
  gateway.child.kill('SIGHUP');
  await eventually(() => changes().length === 1, 'the reload');
  expect(await chart(client)).toBe(200);
  expect(await gateway.end()).toEqual({ code: 0, signal: null });
});
