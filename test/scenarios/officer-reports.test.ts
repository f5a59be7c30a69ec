// Three days at a clinic over the end of a month and of summer time, and then what each report says of them: the numbers are those
// of what was done, and of what stands on record.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '../../src/cli/apply.ts';
import { report } from '../../src/cli/report.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { userCommand } from '../../src/cli/user.ts';
import { arrive, codeAt, recordsOf, roleLines, rulesChanges, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: charts, paths: [/chart, /chart/vitals], patient: query.pid, category: chart, allow: [physician, nurse], emergency: front-desk }
  - { name: documents, paths: [/documents/file], patient: query.pid, category: documents, allow: everyone }
  - { name: prepared, paths: [/files/prepared], download: always, allow: everyone }
  - { name: unused, paths: [/letters], allow: it }
  - { name: rest, paths: [/main, /finder], allow: everyone }
downloads:
  everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse }
  nurse: { files: 2/hour, then: refuse }
`;

/** What a spreadsheet takes for a formula, and a page for a script. */
const hostile = '=HYPERLINK("http://x.example";"open")<script>alert(1)</script>';
const clock = new ShiftingClock();
let demo: Demo;

/** Friday, the day before the last of October, four in the afternoon in Chicago: the clinic is open until seven. */
const friday = Date.parse('2026-10-30T21:00:00Z');
const url = (path: string): string => demo.origin + path;
const quiet = { out: () => undefined, err: () => undefined };
const config = () => join(demo.directory, 'gateway.yaml');

beforeAll(async () => {
  clock.forward({ seconds: (friday - clock.now()) / 1000 });
  demo = await story({ rules, clock });
  await onFriday();
  clock.forward({ hours: 5 });
  await atNight('physician', [1, 2]);
  // Sunday: half past one comes twice.
  clock.forward({ seconds: (Date.parse('2026-11-01T06:30:00Z') - clock.now()) / 1000 });
  await atNight('physician', [3]);
  clock.forward({ hours: 1 });
  await atNight('physician', [4]);
  const late = (): number => of('physician', 'outcome').filter(({ time }) => String(time) > '2026-11-01T07').length;
  await eventually(() => late() === 3, 'the last page, chart and file');
});
afterAll(async () => demo.close());

async function onFriday(): Promise<void> {
  const nurse = new CookieClient();
  const challenge = await nurse.page(url('/.wardgate/sign-in?login_hint=nurse&return=%2Fmain'));
  for (const code of ['000000', '000001']) await nurse.form(challenge.url, { code });
  await nurse.form(challenge.url, { code: codeAt(demo, 'nurse', clock) });
  await script(nurse, url('/chart?pid=7'));
  for (const pid of [7, 8, 9]) await script(nurse, url(`/documents/file?pid=${pid}&doc=1`));
  await script(nurse, url('/files/prepared'));

  const desk = await arrive(demo, 'front-desk', clock);
  expect((await script(desk, url('/chart?pid=7'))).status).toBe(403);
  await desk.form(url('/.wardgate/emergency?return=%2Fmain'), { reason: hostile });
  for (const pid of [7, 8]) expect((await script(desk, url(`/chart?pid=${pid}`))).status).toBe(200);

  const billing = await arrive(demo, 'billing', clock);
  await script(billing, url('/finder'));
  const noticed = new Date(clock.now() - 12 * 60_000).toISOString();
  const offboard = ['end', 'billing', '--because', hostile, '--notice', noticed, '--config', config()];
  expect(await userCommand(offboard, quiet)).toBe(0);
  for (let times = 0; times < 2; times += 1) await billing.page(url('/.wardgate/sign-in?login_hint=billing&return=%2Fmain'));

  const physician = await arrive(demo, 'physician', clock);
  clock.forward({ minutes: 16 });
  expect((await script(physician, url('/main'))).status).toBe(423);
  await physician.form(url('/.wardgate/unlock'), { code: '000000' });
  await physician.form(url('/.wardgate/unlock'), { code: codeAt(demo, 'physician', clock) });
  expect((await script(physician, url('/main'))).status).toBe(200);

  const file = join(demo.directory, 'next.yaml');
  writeFileSync(file, rules.replace('paths: [/letters], allow: it', 'paths: [/letters], allow: physician'));
  const given = ['--rules', file, '--reason', 'Physicians write letters', '--approver', 'Dr. Jones', '--person', 'Ada', '--config', config()]; // prettier-ignore
  expect(await apply(given, quiet)).toBe(0);
  await eventually(() => rulesChanges(demo).length > 0, 'the change');
  // How long records are kept is configuration as well, and told by a thread of its own.
  await eventually(() => recordsOf(demo, 'configuration').length > rulesChanges(demo).length, 'the word on retention');
}

async function atNight(name: string, patients: readonly number[]): Promise<void> {
  const client = await arrive(demo, name, clock);
  for (const pid of patients) await script(client, url(`/chart?pid=${pid}`));
  await script(client, url(`/documents/file?pid=${patients[0]}&doc=1`));
}

interface Told {
  readonly figures: readonly { readonly key: string; readonly value: unknown }[];
  readonly sections: readonly { readonly key: string; readonly rows: readonly Readonly<Record<string, unknown>>[] }[];
}

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await report([...args, '--config', config()], print);
  expect([code, err]).toEqual([0, []]);
  return out.join('\n');
}

const october = ['--since', '2026-10-30', '--until', '2026-11-01'] as const;
const november = ['--since', '2026-11-01', '--until', '2026-11-03'] as const;

async function told(kind: string, period: readonly string[] = october) {
  const made = JSON.parse(await run(kind, ...period, '--json')) as Told;
  const figures = Object.fromEntries(made.figures.map(({ key, value }) => [key, value]));
  const rows = (key: string) => made.sections.find((section) => section.key === key)?.rows ?? [];
  return { figures, rows };
}

const of = (name: string, ...events: string[]) =>
  records(demo).filter(
    (one) => events.includes(String(one['event'])) && (one['subject'] as { name?: string } | undefined)?.name === name,
  );

const passedOf = (name: string) => of(name, 'outcome').filter(({ decision }) => decision !== 'refused');

describe('what an officer reads of it', () => {
  test('sign-ins: wrong codes are one row, with the sign-in that followed', async () => {
    const { rows, figures } = await told('sign-ins');
    const failures = rows('failures');
    expect(failures.find(({ person }) => person === 'nurse')).toMatchObject({
      what: 'second factor',
      factor: 'totp',
      why: 'second-factor-wrong',
      zone: 'clinic',
      count: 2,
      lockOutMinutes: null,
      cameInAt: expect.any(String) as unknown,
    });
    expect(failures.find(({ person, why }) => person === 'billing' && why === 'offboarded')).toMatchObject({ count: 2 });
    expect(failures.filter(({ person }) => person === 'physician').map(({ what }) => what)).toEqual(['second factor']);
    expect(figures['tries']).toBe(recordsOf(demo, 'second-factor-failed').length + recordsOf(demo, 'sign-in-failed').length); // prettier-ignore
    expect(rows('unusual')).toMatchObject([{ person: 'physician', why: 'while the clinic was closed' }]);
  });

  test('after hours: one night in October, one time in November that an hour comes twice in', async () => {
    const first = await told('after-hours');
    expect(first.rows('people')).toMatchObject([{ person: 'physician', patients: 2, downloads: 1, refused: 0 }]);
    const row = first.rows('people')[0];
    const since = of('physician', 'outcome').filter(({ time }) => String(time) > '2026-10-31');
    expect(row?.['accesses']).toBe(since.filter(({ time }) => String(time) < '2026-11-01T05').length);
    const second = await told('after-hours', november);
    expect(second.rows('people')).toMatchObject([{ person: 'physician', patients: 2, downloads: 2 }]);
    // From midnight to Monday morning: 31 hours by the clock on the wall, and 32 by every other.
    expect(second.rows('people')[0]).toMatchObject({ from: '2026-11-01T05:00:00.000Z', until: '2026-11-02T13:00:00.000Z' });
  });

  test('exports: what was sent and what was turned away', async () => {
    const { rows, figures } = await told('exports');
    const nurses = rows('downloads').filter(({ person }) => person === 'nurse');
    expect(nurses.map(({ came, stopped }) => [came, stopped])).toEqual([
      ['sent', null],
      ['sent', null],
      ['refused', 'before the first byte of the reply'],
      ['refused', 'before the EHR was asked'],
    ]);
    expect(nurses[0]).toMatchObject({ rule: 'documents', category: 'documents' });
    const sent = of('nurse', 'outcome').filter(({ download, decision }) => download !== undefined && decision === 'allowed');
    expect(nurses.map(({ bytes }) => bytes)).toEqual([...sent.map(({ bytesOut }) => bytesOut), 0, 0]);
    expect(figures).toMatchObject({ sent: 3, stopped: 2, slowed: 0, people: 2 });
    expect(rows('budgets').length).toBe(recordsOf(demo, 'budget-warning').length);
  });

  test('break-glass: the reason, the pages under it, and who else may', async () => {
    const { rows, figures } = await told('break-glass');
    expect(rows('accesses')).toMatchObject([
      { person: 'front-desk', because: hostile, minutes: 60, patients: 2, pages: 3, writes: 0, before: 0, after: 0 },
    ]);
    expect(rows('pages').map(({ page }) => page)).toEqual(of('front-desk', 'outcome').filter(({ grant }) => grant !== undefined).map(({ target }) => `GET ${String(target)}`)); // prettier-ignore
    expect(rows('eligible')).toMatchObject([{ rule: 'charts', role: 'front-desk', person: 'front-desk' }]);
    expect(figures).toMatchObject({ opened: 1, patients: 2, pages: 3, signIns: 0 });
  });

  test('terminations: twelve minutes from the notice, and two tries afterwards', async () => {
    const { rows, figures } = await told('terminations');
    expect(rows('people')).toMatchObject([
      { person: 'billing', withinHour: true, sessions: 1, attempts: 2, accesses: 0, readmitted: null, because: hostile },
    ]);
    expect(Number(rows('people')[0]?.['minutes'])).toBeGreaterThanOrEqual(12);
    expect(figures).toMatchObject({ left: 1, late: 0, unnoticed: 0, accesses: 0 });
  });

  test('factors: who signed in, with what, and who left', async () => {
    const { rows } = await told('factors');
    const physician = rows('people').find(({ person }) => person === 'physician');
    expect(physician).toMatchObject({ signIns: 2, lastFactor: 'totp', left: null });
    expect(rows('people').find(({ person }) => person === 'billing')).toMatchObject({ left: expect.any(String) as unknown });
  });

  test('changes: author, approver, reason and the line', async () => {
    const { rows } = await told('changes');
    // The thread that lets go of records says on record what holds, before the rules were changed or after.
    const changes = rows('changes').toSorted((one, other) => Number(one['of'] === null) - Number(other['of'] === null));
    expect(changes).toMatchObject([
      { of: 'rules', what: 'applied', approver: 'Dr. Jones', because: 'Physicians write letters', added: 1, removed: 1 },
      { of: null, author: null, because: 'Records are kept for 2196 days from here on; how long before is not recorded' },
    ]);
    expect(String(changes[0]?.['author'])).toContain('Ada');
    const [added] = rows('lines').filter(({ what }) => what === 'added');
    expect(added?.['text']).toBe('  - { name: unused, paths: [/letters], allow: physician }');
    expect(rows('effects').map(({ text }) => text)).toContainEqual(expect.stringContaining('physician gains'));
    expect(rows('orders')).toMatchObject([{ order: 'user end', person: 'billing', done: true }]);
  });

  test('time-out: a lock after the configured quarter of an hour, and how it was opened', async () => {
    const { rows, figures } = await told('time-out');
    expect(rows('configured')[0]).toMatchObject({ place: 'everywhere', idle: 900_000 });
    expect(figures['locks']).toBe(recordsOf(demo, 'locked').filter(({ time }) => String(time) < '2026-11-01T05').length);
    const [observed] = rows('observed');
    expect(observed).toMatchObject({
      place: 'clinic; no known device',
      idleP50: 900_000,
      idleP99: 900_000,
      unlocked: 1,
      unlockFailed: 1,
    });
    expect(figures).toMatchObject({ held: 0, lost: 0 });
  });

  test('people: everybody who signed in, and what they did', async () => {
    const { rows } = await told('people');
    expect(rows('people').map(({ person }) => person)).toEqual(['billing', 'front-desk', 'nurse', 'physician']);
    expect(rows('people')[2]).toMatchObject({ roles: 'nurse', signIns: 1, isNew: true, accesses: passedOf('nurse').length });
    expect(rows('roles').find(({ role }) => role === 'nurse')).toMatchObject({ people: 1, rules: 1 });
  });

  test('coverage: the requests of each day, a day with an hour more, and a rule nobody used', async () => {
    const { rows, figures } = await told('coverage');
    const passed = recordsOf(demo, 'outcome').filter(
      ({ time, decision }) => String(time) < '2026-11-01T05' && decision !== 'refused',
    );
    expect(figures['requests']).toBe(passed.length);
    expect(rows('days').map(({ day, due }) => [day, due])).toEqual([['2026-10-30', 1440], ['2026-10-31', 1440]]); // prettier-ignore
    expect(rows('areas').find(({ rule }) => rule === 'unused')).toMatchObject({ requests: 0, first: null });
    const next = await told('coverage', november);
    expect(next.rows('days').map(({ day, due }) => [day, due])).toEqual([['2026-11-01', 1500], ['2026-11-02', 1440]]); // prettier-ignore
  });
});

const kinds = ['sign-ins', 'after-hours', 'exports', 'break-glass', 'terminations', 'factors', 'changes', 'time-out', 'people', 'coverage'] as const; // prettier-ignore

describe('each of them', () => {
  test.each(kinds)('%s: of a time in which nothing happened says so', async (kind) => {
    const { figures, rows } = await told(kind, ['--since', '2026-01-01', '--until', '2026-01-03']);
    expect(JSON.stringify(figures)).not.toMatch(/NaN|Infinity/);
    for (const section of ['failures', 'people', 'downloads', 'accesses', 'changes', 'observed', 'gaps'])
      expect(rows(section).filter(({ what }) => what !== 'before the first record')).toEqual([]);
    const page = await run(kind, '--since', '2026-01-01', '--until', '2026-01-03');
    expect(page).toContain('What it cannot see');
  });

  test.each(['break-glass', 'terminations', 'changes'])('%s: hostile words stay words', async (kind) => {
    const page = await run(kind, ...october);
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script>alert(1)');
    const table = await run(kind, ...october, '--csv');
    expect(table).toContain(`'=HYPERLINK(`);
    expect(table).not.toMatch(/(?:^|[,"])=HYPERLINK/m);
  });

  test('stands on record itself', async () => {
    await run('people', ...october);
    const last = recordsOf(demo, 'order').at(-1);
    expect(String(last?.['detail'])).toMatch(/^"report" \(people, since=2026-10-30, until=2026-11-01\) by /);
    expect(readFileSync(join(demo.directory, 'rules.yaml'), 'utf8')).toContain('allow: physician');
  });
});
