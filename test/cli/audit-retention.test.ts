// `wardgate audit retention` and `audit hold` as IT types them: on the machine of a gateway that runs, and of one that does not.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { AuditRetentionDesk } from '../../src/adapters/audit-retention-desk.ts';
import { retentionNotices } from '../../src/adapters/audit-retention-thread.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import { holdOrders } from '../../src/control/hold-orders.ts';
import { startGateway } from '../../src/main.ts';
import { auditDirectory, openTestLog, removeAuditDirectories, systemClock, verify } from '../support/audit-log.ts';
import { records } from '../support/demo-story.ts';
import { noon, treeLog } from '../support/audit-tree.ts';
import { oldLog } from '../support/audit-retention.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';

afterAll(removeAuditDirectories);

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await auditCommand(args, print);
  return { code, out, err };
}

async function machine() {
  const ehr = await startWireEhr();
  const made = await sessionConfiguration({ rules: ['{ name: all, paths: /**, allow: everyone }'] }, ehr.origin);
  onTestFinished(async () => {
    await ehr.close();
    rmSync(made.directory, { recursive: true, force: true });
  });
  const config = join(made.directory, 'gateway.yaml');
  return { ...made, config, audit: made.configuration.settings.audit.directory };
}

const hold = (config: string, ...more: string[]) => run('hold', ...more, '--config', config);

test(
  'a hold is placed, listed and released where the gateway runs and where it does not, all on record',
  { timeout: 90_000 },
  async () => {
    const { config, configuration, audit } = await machine();
    const gateway = await startGateway(configuration, silentLog);
    onTestFinished(() => gateway.close());
    const add = ['add', '--name', 'case-17', '--because', 'a letter', '--from', '2020-01-01'];
    // Its list of holds is made from the record some seconds after the first start.
    await expect.poll(() => hold(config, ...add), { timeout: 60_000, interval: 500 }).toMatchObject({ code: 0 });
    expect((await hold(config, ...add)).err).toEqual(['There is a hold "case-17" already; release it first']);
    const listed = await hold(config, 'list');
    expect(listed.out).toEqual([
      expect.stringMatching(
        /^Hold "case-17": all records from 2020-01-01 since 2\S+, by operating-system user \S+, because: a letter$/,
      ),
    ]);
    const shown = await run('retention', '--config', config);
    expect(shown.out).toEqual([
      expect.stringMatching(/^Records are kept for 2196 days; there are records 1 to \d+$/),
      listed.out[0],
      'Nothing would go now',
      expect.stringMatching(/^2\S+\.jsonl and what is behind it stays: the newest file never goes/),
    ]);
    await gateway.close();
    expect((await hold(config, 'release', '--name', 'case-17', '--because', 'settled', '--json')).out).toEqual([
      '{"name":"case-17"}',
    ]);
    expect((await hold(config, 'list')).out).toEqual(['There is no hold']);
    expect((await hold(config, 'release', '--name', 'case-17', '--because', 'x')).err).toEqual(['There is no hold "case-17"']);
    const said = records({ auditDirectory: audit }).map(({ event, detail }) => [event, String(detail)]);
    expect(said).toContainEqual([
      'configuration',
      'Records are kept for 2196 days from here on; how long before is not recorded',
    ]);
    expect(said).toContainEqual([
      'audit-hold',
      expect.stringMatching(/^Hold "case-17" keeps all records from 2020-01-01 until it is released, by /),
    ]);
    expect(said).toContainEqual([
      'audit-hold-released',
      expect.stringMatching(/^Hold "case-17" is released, by .*, because: settled$/),
    ]);
    expect(said.filter(([event]) => event === 'order').length).toBeGreaterThan(5);
    expect(await verify(audit)).toMatchObject({ sound: true });
  },
);

describe('audit retention', () => {
  async function old(keep: string) {
    const made = await machine();
    const log = await oldLog(9, { ...treeLog(), directory: made.audit }, noon - 800 * 86_400_000);
    await log.look('unlimited');
    await log.run.close();
    writeFileSync(made.config, readFileSync(made.config, 'utf8').replace('keep: 6y', `keep: ${keep}`));
    return { ...made, log };
  }

  test('says what would go, as text and as JSON, and lets go of nothing', async () => {
    const { config, audit } = await old('1y');
    const { code, out } = await run('retention', '--config', config);
    expect([code, out.slice(1)]).toEqual([
      0,
      ['Nothing would go now', expect.stringMatching(/the clock has to be what it is for a week/)],
    ]);
    const [text = ''] = (await run('retention', '--config', config, '--json')).out;
    expect(JSON.parse(text)).toMatchObject({
      retention: 366,
      holds: [],
      gone: 0,
      wouldGo: null,
      kept: { because: { because: 'clock' } },
    });
    // A later file shows that the clock is what it is.
    writeFileSync(join(audit, `${new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10)}.jsonl`), '');
    const due = await run('retention', '--config', config);
    expect(due.out[1]).toMatch(/^Would go now: records 1 to \d+, 8 files \(2\S+\.jsonl to 2\S+\.jsonl\)$/);
    expect(await verify(audit)).toMatchObject({ sound: true, pruned: [] });
  });

  test.each([
    ['unlimited', /^Nothing is ever let go$/],
    ['6y', /stays: it is old enough on 20\d\d-\d\d-\d\d$/],
  ])('with keep: %s says why nothing goes', async (keep, why) => {
    const { config } = await old(keep);
    expect((await run('retention', '--config', config)).out.at(-1)).toMatch(why);
  });

  test('with holds that cannot be read says that nothing goes', async () => {
    const { config, audit } = await old('1y');
    writeFileSync(join(audit, 'retention.json'), '{}');
    expect((await run('retention', '--config', config)).out[1]).toMatch(/^The holds cannot be read, so nothing is let go: put/);
  });

  test('of a machine without a record says so', async () => {
    const { config } = await machine();
    expect(await run('retention', '--config', config)).toMatchObject({ code: 1, err: ['There is no record here yet'] });
  });
});

test.each([
  [['hold'], 'A command is missing'],
  [['hold', 'drop'], 'There is no command "audit hold drop"'],
  [['hold', 'add', '--because', 'x'], 'Name the hold: --name case-17'],
  [['hold', 'release', '--name', 'x'], 'Say why, for the record: --because TEXT'],
  [['retention', '--dir', '.'], '--dir is not known here: how long records are kept stands in the configuration'],
])('%j is wrong usage', async (args, message) => {
  const { code, err } = await run(...args);
  expect([code, err[0]]).toEqual([2, message]);
});

describe('an order about a hold', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ name: 'a b' }, /^"a b" is no name of a hold: /],
    [{ name: 'a', from: '1.1.2020' }, /^A day of a hold is written as 2026-11-23$/],
    [{ name: 'a', to: '2020-13-01' }, /^A day of a hold is written as 2026-11-23$/],
    [{ name: 'a', from: '2020-02-01', to: '2020-01-01' }, /^The hold ends before it begins$/],
    [{ name: 'a' }, /^The holds cannot be read, or are just being made from the record/],
  ])('%j is refused', async (fields, why) => {
    const holds = {
      list: () => (Object.keys(fields).length === 1 && fields['name'] === 'a' ? null : []),
      add: nothing,
      release: nothing,
    };
    const [add] = holdOrders({ holds, recordedToken: String });
    const given = { name: 'audit hold-add', by: 'it', because: 'x', fields: new Map(Object.entries(fields)) };
    expect(await add?.plan(given)).toEqual({ planned: false, why: expect.stringMatching(why) });
  });

  test('is refused where the holds are not there or cannot be read, and nothing is recorded', async () => {
    const directory = auditDirectory();
    const log = await openTestLog(directory);
    const desk = new AuditRetentionDesk(directory, log, systemClock);
    expect(desk.list()).toBeNull();
    const one = { name: 'a', from: null, to: null, by: 'x', because: 'y' };
    await expect(desk.add(one)).rejects.toThrow('the holds are being made anew from the record; try again in a minute');
    writeFileSync(join(directory, 'retention.json'), 'x');
    await expect(desk.add(one)).rejects.toThrow('cannot be read');
    for (const order of holdOrders({ holds: desk, recordedToken: String }).slice(1))
      expect(await order.plan({ name: order.name, by: 'x', because: 'y', fields: new Map([['name', 'a']]) })).toMatchObject({
        planned: false,
      });
    await log.close();
    expect((await verify(directory)).records).toBe(0);
  });
});

test.each([
  [null, null, []],
  [null, 'EIO', ['Old files of the access record cannot be packed or let go: EIO']],
  [{ because: 'young' } as const, null, []],
  [
    { because: 'hold', hold: 'x' } as const,
    null,
    ['Records of the access record are past their time and stay: hold "x" keeps them'],
  ],
  [{ because: 'anchor' } as const, null, [expect.stringMatching(/has not reached every anchor$/)]],
  [{ because: 'checkpoint' } as const, null, [expect.stringMatching(/no checkpoint covers them yet$/)]],
  [{ because: 'clock' } as const, null, [expect.stringMatching(/for a week before anything goes$/)]],
  ['unreadable-holds' as const, null, [expect.stringMatching(/^No record is let go: the holds in "retention.json"/)]],
])('the notice for %j and %j', (kept, failure, notices) => {
  expect(retentionNotices(kept === null ? null : { pruned: 0, kept }, failure)).toEqual(notices);
});

function nothing(): Promise<void> {
  return Promise.resolve();
}
