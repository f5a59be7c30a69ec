// `wardgate audit search` as IT types it: on the machine of a gateway that is stopped, and on a copy of a log.

import { dirname, join } from 'node:path';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { startGateway } from '../../src/main.ts';
import { auditDirectory, openTestLog, removeAuditDirectories, verify } from '../support/audit-log.ts';
import { records } from '../support/demo-story.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
let directory: string;
let index: string;

beforeAll(async () => {
  directory = auditDirectory();
  index = join(dirname(directory), 'index.db');
  const log = await openTestLog(directory);
  const ada = { issuer: 'https://idp', sub: '7', name: 'ada' };
  for (const [at, patient] of [11, 12, 11].entries()) {
    const fields = {
      request: `r-${at}`,
      subject: ada,
      method: 'GET',
      target: `/chart?pid=${patient}`,
      patient: String(patient),
      rule: 'charts',
      decision: 'allowed',
    } as const;
    await log.append(auditEntry('attempt', noon + at * 3_600_000, fields));
    await log.append(auditEntry('outcome', noon + at * 3_600_000, { ...fields, status: 200, bytesOut: 10 }));
  }
  await log.append(auditEntry('break-glass', noon, { subject: { ...ada, name: '=1+1' }, detail: 'a "reason", and\nmore' }));
  await log.append(auditEntry('attempt', noon + 1, { request: 'r-9', subject: ada, method: 'POST', target: '/notes' }));
  await log.close();
});
afterAll(removeAuditDirectories);

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await auditCommand(['search', ...args], print);
  return { code, out, err };
}

const copy = () => ['--dir', directory, '--index', index];

test('a patient is found with who opened the chart, the newest first', async () => {
  const { code, out } = await run(...copy(), '--patient', '11');
  expect(code).toBe(0);
  expect(out).toEqual([
    '5  2026-11-23 14:00:00  ada  GET /chart?pid=11  patient=11  charts  allowed  200',
    '1  2026-11-23 12:00:00  ada  GET /chart?pid=11  patient=11  charts  allowed  200',
  ]);
});

test.each`
  args                                                   | numbers
  ${['--since', '2026-11-23T13:00']}                     | ${[5, 3]}
  ${['--until', '2026-11-23T13:00']}                     | ${[8, 7, 1]}
  ${['--since', '2026-11-24']}                           | ${[]}
  ${['--person', 'ada', '--last', '2']}                  | ${[8, 5]}
  ${['--person', 'ada', '--last', '2', '--before', '5']} | ${[3, 1]}
  ${['--review']}                                        | ${[7]}
  ${['--event', 'attempt']}                              | ${[8]}
  ${['--text', 'pid=12']}                                | ${[3]}
`('$args', async ({ args, numbers }: { args: string[]; numbers: number[] }) => {
  const { code, out, err } = await run(...copy(), '--json', ...args);
  expect(out.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual(numbers);
  expect(code).toBe(numbers.length === 0 ? 1 : 0);
  expect(err).toEqual(numbers.length === 0 ? ['No record fits'] : []);
});

test('a list that goes on says how', async () => {
  expect((await run(...copy(), '--last', '1')).err).toEqual(['There are more: --before 8']);
});

test('an attempt without an outcome reads as one', async () => {
  expect((await run(...copy(), '--request', 'r-9')).out).toEqual([
    '8  2026-11-23 12:00:00  ada  POST /notes (no outcome on record)',
  ]);
});

test('CSV has its names first, quotes what must be, and no spreadsheet takes a name for a formula', async () => {
  const { out } = await run(...copy(), '--csv', '--event', 'break-glass');
  expect(out).toEqual([
    'sequence,outcome,time,event,person,address,application,method,target,patient,patientId,patientName,category,action,rule,decision,reason,status,bytesOut,request,session,grant,detail',
    `7,,2026-11-23T12:00:00.000Z,break-glass,'=1+1,,,,,,,,,,,,,,,,,,"a ""reason"", and\nmore"`,
  ]);
});

test.each`
  form          | lines
  ${[]}         | ${['2026-11-23 12:00:00  outcome  allowed  1', '2026-11-23 13:00:00  outcome  allowed  1']}
  ${['--csv']}  | ${['hour,event,decision,count,bytesOut', '2026-11-23T12:00:00.000Z,outcome,allowed,1,10', '2026-11-23T13:00:00.000Z,outcome,allowed,1,10']}
  ${['--json']} | ${['{"hour":"2026-11-23T12:00:00.000Z","event":"outcome","decision":"allowed","count":1,"bytesOut":10}', '{"hour":"2026-11-23T13:00:00.000Z","event":"outcome","decision":"allowed","count":1,"bytesOut":10}']}
`('hours as $form', async ({ form, lines }: { form: string[]; lines: string[] }) => {
  const { out } = await run(...copy(), '--hours', '--since', '2026-11-23', '--until', '2026-11-23T14:00', ...form);
  expect(out.filter((line) => !line.includes('break-glass'))).toEqual(lines);
});

test.each`
  args                         | says
  ${['--since', 'yesterday']}  | ${'--since "yesterday" is neither a time back, such as 30d, nor a day, such as 2026-10-01'}
  ${['--until', '2026-13-45']} | ${'--until "2026-13-45" is neither'}
  ${['--last', '0']}           | ${'--last "0" is not a whole number from 1 to 1000'}
  ${['--before', 'x']}         | ${'--before "x" is not the number of a record, such as 123 or 2/123'}
  ${['--config', 'x.yaml']}    | ${'--dir and --config cannot stand together'}
`('$args is wrong usage', async ({ args, says }: { args: string[]; says: string }) => {
  const { code, err } = await run(...copy(), ...args);
  expect([code, err[0]]).toEqual([2, expect.stringContaining(says)]);
});

test.each`
  args                         | says
  ${['--dir', '.']}            | ${'--index is missing'}
  ${['--index', 'x']}          | ${'--index needs --dir'}
  ${['--config', 'none.yaml']} | ${'Configuration file "none.yaml" does not exist'}
`('$args alone is wrong usage', async ({ args, says }: { args: string[]; says: string }) => {
  const { code, err } = await run(...args);
  expect([code, err[0]]).toEqual([2, expect.stringContaining(says)]);
});

describe('on the machine of a gateway', () => {
  test('a search is on record before anything is shown, whether the gateway runs or not', async () => {
    const ehr = await startWireEhr();
    const { configuration, directory: home } = await sessionConfiguration(
      { rules: ['{ name: all, paths: /**, allow: everyone }'] },
      ehr.origin,
    );
    const gateway = await startGateway(configuration, silentLog);
    onTestFinished(async () => {
      await gateway.close();
      await ehr.close();
      rmSync(home, { recursive: true, force: true });
    });
    const config = join(home, 'gateway.yaml');
    // A record is found once the head that vouches for it is written, a moment later.
    await expect.poll(() => run('--config', config, '--event', 'start'), { timeout: 20_000 }).toMatchObject({ code: 0, err: [] });
    await gateway.close();
    const again = await run('--config', config, '--patient', '11');
    expect([again.code, again.err]).toEqual([1, ['No record fits']]);
    const orders = records({ auditDirectory: gateway.composed.audit.directory }).filter(({ event }) => event === 'order');
    const said = orders.map(({ detail }) =>
      String(detail)
        .replace(/user ".*"/, 'user "x"')
        .replace(/~[a-z2-7]{26}/, 'TOKEN'),
    );
    expect([said[0], said.at(-1)]).toEqual([
      '"audit search" (event=start) by operating-system user "x"',
      '"audit search" (patient=TOKEN) by operating-system user "x", while no gateway ran',
    ]);
    expect(await verify(gateway.composed.audit.directory)).toMatchObject({ sound: true });
  });

  test('without a record nothing is shown', async () => {
    const ehr = await startWireEhr();
    const { configuration, directory: home } = await sessionConfiguration(
      { rules: ['{ name: all, paths: /**, allow: everyone }'] },
      ehr.origin,
    );
    onTestFinished(async () => {
      await ehr.close();
      rmSync(home, { recursive: true, force: true });
    });
    // Somebody else holds the log, and is no gateway that could be asked.
    const log = await openTestLog(configuration.settings.audit.directory);
    onTestFinished(() => log.close());
    const { code, out, err } = await run('--config', join(home, 'gateway.yaml'));
    expect([code, out]).toEqual([2, []]);
    expect(err.join('\n')).toContain(`process ${process.pid}`);
  });
});
