// A clinic goes live: a week under rules that only observe, then what the record tells about them, a changed rule file
// replayed against that week, applied with a reason and an approver while people work, and taken back again.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { apply } from '../../src/cli/apply.ts';
import { replay } from '../../src/cli/replay.ts';
import { rollback } from '../../src/cli/rollback.ts';
import { rules as rulesCommand } from '../../src/cli/rules.ts';
import { readRulesNote } from '../../src/core/audit/rules-note.ts';
import { verify } from '../support/audit-log.ts';
import { told } from '../support/backup-clinic.ts';
import { arrive, recordsOf, roleLines, rulesChanges, script } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const clock = new ShiftingClock();
let demo: Demo;
let config: string;
let rulesFile: string;

const observing = `mode: observe # the first week
${roleLines}
rules:
  - { name: screens, paths: [/, /main, /poll, '/static/**'], allow: everyone }
  # Only the physicians, or so we thought.
  - { name: charts, paths: [/chart], patient: query.pid, allow: physician, emergency: front-desk }
  - name: send-letters
    paths: ['/letters/{patient}/{letter}']
    methods: POST
    when: { form: { send: present } }
    allow: physician
  - { name: letters, paths: ['/letters/{patient}/{letter}'], methods: [GET, POST], allow: [physician, nurse] }
  - { name: admin, paths: ['/admin/**'], allow: it }
tests:
  - { as: nurse, get: /admin/users, expect: refused }
`;

const post = (body: string) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin },
});

async function day(): Promise<void> {
  const [nurse, physician, desk] = [
    await arrive(demo, 'nurse', clock),
    await arrive(demo, 'physician', clock),
    await arrive(demo, 'front-desk', clock),
  ];
  const opens = async (client: CookieClient, path: string): Promise<void> => {
    expect((await script(client, demo.origin + path)).status).toBe(200);
  };
  await opens(physician, '/chart?pid=7');
  await opens(nurse, '/chart?pid=11');
  await opens(nurse, '/chart?pid=12');
  await opens(nurse, '/letters/7/1');
  await opens(desk, '/finder?q=ex');
  await opens(desk, '/chart?pid=7');
  expect((await script(nurse, `${demo.origin}/letters/7/1`, post('draft=1'))).status).toBe(200);
  expect((await script(physician, `${demo.origin}/letters/7/1`, post('send=1'))).status).toBe(200);
  clock.forward({ hours: 24 });
}

beforeAll(async () => {
  demo = await story({ rules: observing, clock });
  config = join(demo.directory, 'gateway.yaml');
  rulesFile = join(demo.directory, 'rules.yaml');
  for (let count = 0; count < 7; count += 1) await day();
}, 60_000);
afterAll(async () => demo.close());

/** Runs a command on this clinic and returns what it said. */
async function run(command: typeof apply, ...args: string[]) {
  return told(command, ...args, '--config', config);
}

const changed = (): string =>
  observing
    .replace('mode: observe', 'mode: enforce')
    .replace('patient: query.pid, allow: physician', 'patient: query.pid, allow: [physician, nurse]')
    .replace('methods: [GET, POST], allow: [physician, nurse]', 'methods: [GET, POST], allow: physician');

function newFile(text: string): string {
  const file = join(demo.directory, 'new.yaml');
  writeFileSync(file, text);
  return file;
}

test('rules observed tells per role and rule what would be refused, how often, by how many, and what to write', async () => {
  const { code, out } = await run(rulesCommand, 'observed');
  expect(code).toBe(1);
  expect(out).toContain('nurse: GET /chart (rule charts): role-not-permitted, 14× by 1 person');
  expect(out).toContain('front-desk: GET /finder (no rule, area ehr.search): no-rule, 7× by 1 person');
  expect(out).toContain(
    'front-desk: GET /chart (rule charts): break-glass-required, 7× by 1 person; passes with a stated reason',
  );
  expect(out).toContain('# in rule "charts" (tried: 14 requests would pass)\n  allow: [physician, nurse]');
  expect(out).toContain(
    '# at the end of rules (tried: 7 requests would pass)\n  - { name: search, area: ehr.search, allow: [front-desk] }',
  );
});

test('the proposed lines settle it', async () => {
  const lines = '  - { name: search, area: ehr.search, allow: [front-desk] }\ntests:';
  const file = newFile(changed().replace('tests:', lines));
  const { out } = await run(replay, '--rules', file);
  expect(out).toContain('front-desk (front-desk)  GET /finder  no rule → rule search  no-rule  7×');
  expect(out.split('would be stopped')[1]).not.toContain('/finder');
});

test('a proposal that a test of the file forbids says so', async () => {
  const nurse = await arrive(demo, 'nurse', clock);
  expect((await script(nurse, `${demo.origin}/admin/users`)).status).toBe(200);
  const { out } = await run(rulesCommand, 'observed');
  expect(out).toContain('# in rule "admin" (NOT RIGHT AS IT IS: Test fails: nurse GET /admin/users is allowed, not refused');
});

test('a week is replayed against a changed file: who gains, who loses, who is stopped', async () => {
  const { code, out } = await run(replay, '--rules', newFile(changed()), '--json');
  expect(code).toBe(1);
  const replayed = JSON.parse(out) as { changes: Record<string, unknown>[]; undecided: Record<string, number>; counts: unknown };
  const short = replayed.changes.map(({ kind, person, method, pattern, ruleAfter, count }) =>
    [kind, person, method, pattern, ruleAfter, count].join(' '),
  );
  expect(short).toEqual(
    expect.arrayContaining([
      'gains nurse GET /chart charts 14',
      'loses nurse GET /letters/{patient}/{letter} letters 7',
      // A draft: under the old rules it was `letters` that let it pass, so it did not hold `send`.
      'loses nurse POST /letters/{patient}/{letter} letters 7',
      'stops front-desk GET /finder  7',
      'stops front-desk GET /chart charts 7',
    ]),
  );
  expect(short.filter((line) => line.includes('physician'))).toEqual([]);
  expect(Object.values(replayed.undecided)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('what the record cannot tell is counted as that, and never as unchanged', async () => {
  // Under other rules than the recorded ones the form decides, and forms are not kept.
  const text = observing
    .replace('{ form: { send: present } }', '{ form: { urgent: present } }')
    .replace('mode: observe', 'mode: enforce');
  const { code, out } = await run(replay, '--rules', newFile(text));
  expect(code).toBe(1);
  expect(out).toContain('Cannot be told: 7, the fields of the form were not kept');
});

test('the same rules change nothing', async () => {
  const enforcing = newFile(observing);
  const { out } = await run(replay, '--rules', enforcing);
  expect(out).not.toContain('Would lose');
  expect(out).not.toContain('Would gain');
  expect(out).not.toContain('Cannot be told');
});

test('a dry run shows the lines that change and the replay, and changes nothing', async () => {
  const { code, out } = await run(apply, '--dry-run', '--rules', newFile(changed()));
  expect(code).toBe(0);
  expect(out).toContain('- mode: observe # the first week\n+ mode: enforce # the first week');
  expect(out).toContain('Would gain: 1 person, 14 requests');
  expect(out).toContain('Nothing was changed');
  expect(readFileSync(rulesFile, 'utf8')).toBe(observing);
});

const configuration = () => rulesChanges(demo).map((one) => readRulesNote(String(one['detail'])));

test('apply: the running gateway takes it, and the record names person, reason, approver and both versions', async () => {
  clock.forward({ minutes: 1 });
  const nurse = await arrive(demo, 'nurse', clock);
  const before = recordsOf(demo, 'start').at(-1)?.['policy'];
  const given = [
    '--rules',
    newFile(changed()),
    '--person',
    'Ada Lovelace',
    '--approver',
    'Dr. Jones',
    '--reason',
    'the week is over',
  ];
  const { code, out } = await run(apply, ...given);
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('The running gateway has it in force, and on record'),
  });
  expect(readFileSync(rulesFile, 'utf8')).toBe(changed());
  const record = rulesChanges(demo).at(-1);
  expect(configuration().at(-1)).toMatchObject({
    before,
    after: record?.['policy'],
    author: {
      deed: 'applied',
      person: expect.stringMatching(/^Ada Lovelace \(\S+\)$/),
      approver: 'Dr. Jones',
      reason: 'the week is over',
    },
  });
  expect((await script(nurse, `${demo.origin}/letters/7/1`)).status).toBe(403);
  expect((await script(nurse, `${demo.origin}/chart?pid=7`)).status).toBe(200);
});

test('a file edited by hand: the author is not recorded, until somebody says so', async () => {
  const count = configuration().length;
  writeFileSync(rulesFile, `${changed()}# by hand\n`);
  await eventually(() => configuration().length > count, 'the new rules');
  expect(configuration().at(-1)?.author).toBeNull();
  const { code } = await run(apply, '--reason', 'the comment was missing');
  expect(code).toBe(0);
  expect(configuration().at(-1)).toMatchObject({
    author: { deed: 'applied', approver: null, reason: 'the comment was missing' },
  });
});

test('rollback goes back, and further back', async () => {
  expect((await run(rollback, '--reason', 'the comment was wrong')).code).toBe(0);
  expect(readFileSync(rulesFile, 'utf8')).toBe(changed());
  expect(configuration().at(-1)).toMatchObject({ author: { deed: 'rolled back', reason: 'the comment was wrong' } });
  expect((await run(rollback, '--reason', 'too early')).code).toBe(0);
  expect(readFileSync(rulesFile, 'utf8')).toBe(observing);
  const none = await run(rollback, '--reason', 'further');
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining('no version before this one') });
  const { out } = await run(rulesCommand, 'history');
  expect(
    out
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.slice(0, 1)),
  ).toEqual(['5', '4', '3', '2', '1']);
  expect((await run(rollback, '--to', '1', '--reason', 'now for good')).code).toBe(0);
  expect(readFileSync(rulesFile, 'utf8')).toBe(changed());
});

test('the record of all this is sound', async () => {
  expect(await verify(demo.auditDirectory)).toMatchObject({ sound: true, flaw: null });
});
