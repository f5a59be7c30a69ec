// A gateway that runs across midnight and across a change of the clocks, under load before, during and after: nothing is
// lost, the day's key is closed, and whoever asks for one of the two days gets that day. The clock of the process
// and its threads is another one; the seconds around midnight are real ones.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { startGateway } from '../../src/main.ts';
import { verify } from '../support/audit-log.ts';
import { command, endCommands } from '../support/command.ts';
import { eventually, linesOf } from '../support/demo-story.ts';
import { sessionConfiguration, signedIn } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';

const secondsBefore = 4;
const secondsAfter = 4;
/** Requests that are under way at any time. */
const lanes = 3;

afterEach(endCommands);

const agent = new Agent({ keepAlive: true });

function ask(port: number, path: string, id: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'localhost:4500', cookie: `wardgate=${id}`, 'sec-fetch-mode': 'cors' };
    const asked = request({ host: '127.0.0.1', port, path, headers, agent }, (reply) => {
      reply.resume().on('end', () => resolve(reply.statusCode ?? 0));
    });
    asked.on('error', reject).end();
  });
}

interface Told {
  readonly home: string;
  readonly audit: string;
  readonly anchor: string;
  /** How many requests were answered before and from that moment on, as the client saw it. */
  readonly answered: number;
  readonly refused: readonly number[];
  readonly records: readonly Record<string, unknown>[];
}

/** Runs a gateway from some seconds before `moment` until some seconds after it. */
async function across(moment: string): Promise<Told> {
  const at = Date.parse(moment);
  const ehr = await startWireEhr();
  const { configuration, directory: home } = await sessionConfiguration(
    { rules: ['{ name: all, paths: "/chart/{patient}", patient: path.patient, allow: everyone }'] },
    ehr.origin,
  );
  onTestFinished(async () => {
    await ehr.close();
    rmSync(home, { recursive: true, force: true });
  });
  const anchor = join(home, 'anchor');
  mkdirSync(anchor);
  // The sessions are put into the store by a gateway of before; its clock is that of the story too.
  const before = await startGateway(configuration, silentLog);
  const { id, session } = signedIn('nurse');
  const signIn = at - 60_000;
  const times = {
    createdAt: signIn,
    lastActiveAt: signIn,
    rolesCheckedAt: signIn,
    factor: { method: 'totp', at: signIn },
  } as const;
  await before.composed.state.sessions.create({ ...session, ...times });
  await before.close();
  const file = join(home, 'gateway.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('audit: { keep: 6y }', `audit: { keep: 6y, anchor: ${anchor} }`));
  const goes = join(home, 'goes');
  const env = { WARDGATE_TEST_STANDS: String(at - secondsBefore * 1000), WARDGATE_TEST_GOES: goes };
  const flags = ['--import', new URL('../support/move-the-clock.ts', import.meta.url).href];
  const gateway = command(['start', '--config', file], { env, flags });
  await eventually(() => gateway.stdout().includes('The gateway is open'), 'the gateway to open', 90_000);
  const started = Date.now();
  writeFileSync(`${goes}.new`, String(started));
  renameSync(`${goes}.new`, goes);
  const { port } = JSON.parse(gateway.stdout().split('\n').find((line) => line.includes('The gateway is open')) ?? '{}') as { port: number }; // prettier-ignore
  const told = { answered: 0, refused: [] as number[] };
  const isOver = (): boolean => Date.now() > started + (secondsBefore + secondsAfter) * 1000;
  const lane = async (number: number): Promise<void> => {
    for (let count = 0; !isOver(); count += 1) {
      const status = await ask(port, `/chart/${number * 100_000 + count}`, id);
      if (status === 200) told.answered += 1;
      else told.refused.push(status);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_none, number) => lane(number)));
  const { code } = await gateway.end();
  expect([code, gateway.stderr()]).toEqual([0, '']);
  const audit = configuration.settings.audit.directory;
  const lines = linesOf({ auditDirectory: audit });
  return { home, audit, anchor, ...told, records: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

async function search(...args: string[]): Promise<number> {
  const out: string[] = [];
  await auditCommand(['search', ...args, '--json', '--last', '1000', '--event', 'outcome'], {
    out: (line) => void out.push(line),
    err: () => undefined,
  });
  return out.length;
}

/** What the record holds of requests, before and from that moment on. */
function requestsAround(records: Told['records'], moment: string): readonly [number, number] {
  const outcomes = records.filter(({ event }) => event === 'outcome').map(({ time }) => String(time));
  const later = outcomes.filter((time) => time >= moment).length;
  return [outcomes.length - later, later];
}

test('midnight UTC', { timeout: 180_000 }, async () => {
  // The next one, so that the day that ends is the day in which the log begins.
  const begins = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();
  const day = (days: number): string => new Date(Date.parse(begins) + days * 86_400_000).toISOString().slice(0, 10);
  const [ended, begun, next] = [day(-1), day(0), day(1)];
  const { home, audit, anchor, answered, refused, records } = await across(begins);
  expect([refused, answered > 10]).toEqual([[], true]);
  // Every request has its attempt and its outcome, in one sequence without a gap, and each day has its own file.
  const count = (event: string) => records.filter((one) => one['event'] === event).length;
  expect([count('attempt'), count('outcome')]).toEqual([answered, answered]);
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_one, at) => at + 1));
  const [before, after] = requestsAround(records, begins);
  expect([before > 0, after > 0]).toEqual([true, true]);
  // The day that ended may lie packed by now.
  const days = readdirSync(audit)
    .flatMap((name) => /^(2.*\.jsonl)(?:\.gz)?$/.exec(name)?.[1] ?? [])
    .sort();
  expect(days.slice(-2)).toEqual([`${ended}.jsonl`, `${begun}.jsonl`]);
  // The day that ended has a closed epoch, its last checkpoint, and one key fewer.
  const closed = records.filter(({ event, time }) => event === 'epoch-closed' && String(time) >= begins);
  expect(closed.map(({ detail }) => String(detail))).toEqual([expect.stringMatching(/^Epoch \d+ is closed at \d+ records/)]);
  const epoch = records.find(({ event, time }) => event === 'epoch' && String(time) >= begins);
  expect(String(epoch?.['detail'])).toContain(`of ${ended} with key`);
  expect(String(epoch?.['detail'])).toContain(`of ${begun} with key`);
  expect(readdirSync(join(audit, 'tree/checkpoints'))).toEqual(expect.arrayContaining([`${ended}.txt`, `${begun}.txt`]));
  expect(await verify(audit)).toMatchObject({ sound: true, flaw: null });
  const said: string[] = [];
  const print = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) };
  expect([await auditCommand(['verify', '--dir', audit, '--anchor', anchor], print), said.join('\n')]).toEqual([
    0,
    expect.any(String),
  ]);
  expect(readdirSync(anchor).length).toBeGreaterThan(1);
  // A copy's days are UTC; those of the clinic in Chicago have them in one evening.
  const index = ['--dir', audit, '--index', join(home, 'copy.db')];
  expect(await search(...index, '--since', ended, '--until', begun)).toBe(Math.min(before, 1000));
  expect(await search(...index, '--since', begun, '--until', next)).toBe(Math.min(after, 1000));
  const clinic = ['--config', join(home, 'gateway.yaml')];
  expect(await search(...clinic, '--since', ended, '--until', begun)).toBe(Math.min(answered, 1000));
  expect(await search(...clinic, '--since', begun, '--until', next)).toBe(0);
});

test.each([
  ['forward', '2027-03-14T08:00:00.000Z', '2027-03-14T01:30', '2027-03-14T03:00', '2027-03-14T03:30'],
  ['back', '2027-11-07T07:00:00.000Z', '2027-11-07T01:00', '2027-11-07T02:00', '2027-11-07T02:30'],
])('the clocks of the clinic go %s', { timeout: 180_000 }, async (_where, moment, from, shown, to) => {
  const { home, audit, answered, refused, records } = await across(moment);
  expect([refused, answered > 10]).toEqual([[], true]);
  const [before, after] = requestsAround(records, moment);
  expect([before + after, before > 0, after > 0]).toEqual([answered, true, true]);
  expect(await verify(audit)).toMatchObject({ sound: true, flaw: null });
  // The day of the log is UTC's: the key changes once, for the time before the start, and not with the clinic's clocks.
  const changes = records.filter(({ event }) => event === 'epoch').map(({ detail }) => String(detail));
  expect(changes).toEqual([expect.stringMatching(/because days passed in which the gateway did not run$/)]);
  const clinic = ['--config', join(home, 'gateway.yaml')];
  const day = moment.slice(0, 10);
  expect(
    await search(...clinic, '--since', day, '--until', `${day.slice(0, 8)}${String(Number(day.slice(8)) + 1).padStart(2, '0')}`),
  ).toBe(Math.min(answered, 1000));
  expect([shown, await search(...clinic, '--since', from, '--until', to)]).toEqual([shown, Math.min(answered, 1000)]);
});
