// Which line of an EHR's log is explained by which record. Times are seconds after noon.

import { describe, expect, test } from 'vitest';
import type { LogFormat } from '../../../../src/core/audit/reconcile/ehr-request.ts';
import { comparedTarget } from '../../../../src/core/audit/reconcile/compared-target.ts';
import { ourEvent } from '../../../../src/core/audit/reconcile/our-event.ts';
import type { OurEvent } from '../../../../src/core/audit/reconcile/our-event.ts';
import { Reconciler } from '../../../../src/core/audit/reconcile/reconciler.ts';
import type { LoggedRequest, ReconcileOptions } from '../../../../src/core/audit/reconcile/reconciler.ts';

const noon = Date.parse('2026-11-30T12:00:00.000Z');
const gateway = '10.0.0.5';
let sequence = 0;

function record(event: string, at: number, fields: Readonly<Record<string, unknown>> = {}) {
  sequence += 1;
  const time = new Date(noon + at * 1000).toISOString();
  return { sequence, event, previousHash: '', hash: '', detail: null, fields: { time, ...fields } };
}

function ours(event: string, at: number, fields: Readonly<Record<string, unknown>> = {}, format: LogFormat = 'common'): OurEvent {
  const read = ourEvent(record(event, at, fields), format, null);
  if (read === null) throw new Error('No time');
  return read;
}

/** An attempt, and its outcome so many seconds later. */
function sent(at: number, target: string, lasts: number | null = 0, id = `r${at}-${target}`): OurEvent[] {
  const attempt = ours('attempt', at, { request: id, method: 'GET', target });
  if (lasts === null) return [attempt];
  return [attempt, ours('outcome', at, { request: id, method: 'GET', target, durationMilliseconds: lasts * 1000 })];
}

function line(at: number, target: string, address: string | null = gateway, method = 'GET'): LoggedRequest {
  return { time: noon + at * 1000, address, method, ...comparedTarget(target), status: 200, where: `log:${at}` };
}

function run(events: readonly OurEvent[], lines: readonly LoggedRequest[], options: Partial<ReconcileOptions> = {}) {
  const reconciler = new Reconciler({
    toleranceMilliseconds: 120_000,
    gateways: new Set([gateway]),
    mostListed: 10,
    mostWaiting: 1000,
    ...options,
  });
  const left = [...events];
  for (const one of lines) {
    while (reconciler.wantsRecords(one.time) && left.length > 0) reconciler.addRecord(left.shift() as OurEvent);
    reconciler.addRequest(one);
  }
  const done = reconciler.finish();
  const where = ({ rows }: { readonly rows: readonly LoggedRequest[] }) => rows.map((row) => row.where).join(' ');
  const told = {
    round: where(done.roundUs),
    gateway: where(done.fromGateway),
    beside: where(done.besideOwnWork),
    unseen: done.notInLog.rows.map(({ path }) => path).join(' '),
  };
  const lists = Object.fromEntries(Object.entries(told).filter(([, text]) => text !== ''));
  return { ...done, lists };
}

const long = `/${'x'.repeat(40)}?${'name=-&'.repeat(300)}`;
const cutInQuery = `${long.slice(0, 2045)}...`;
const cutInPath = `/${'y'.repeat(2044)}...`;

describe('one line', () => {
  test.each`
    what                                  | events                                                                        | lines                                              | lists
    ${'as recorded'}                      | ${sent(0, '/a?pid=-&tab=-')}                                                  | ${[line(1, '/a?pid=7&tab=x')]}                     | ${{}}
    ${'another path'}                     | ${sent(1, '/a')}                                                              | ${[line(0, '/b'), line(9, '/b')]}                  | ${{ gateway: 'log:0 log:9', unseen: '/a' }}
    ${'another method'}                   | ${sent(0, '/a')}                                                              | ${[line(0, '/a', gateway, 'POST')]}                | ${{ gateway: 'log:0', unseen: '/a' }}
    ${'other names in the query'}         | ${sent(0, '/a?pid=-')}                                                        | ${[line(0, '/a?uid=7')]}                           | ${{ gateway: 'log:0', unseen: '/a' }}
    ${'a log without queries'}            | ${sent(0, '/a?pid=-')}                                                        | ${[{ ...line(0, '/a'), names: null }]}             | ${{}}
    ${'another address'}                  | ${sent(0, '/a')}                                                              | ${[line(0, '/a', '10.0.0.9')]}                     | ${{ round: 'log:0', unseen: '/a' }}
    ${'no address'}                       | ${sent(0, '/a')}                                                              | ${[line(0, '/a', null), line(1, '/a', null)]}      | ${{ round: 'log:1' }}
    ${'a record explains one line'}       | ${sent(0, '/a')}                                                              | ${[line(0, '/a'), line(0.5, '/a')]}                | ${{ gateway: 'log:0.5' }}
    ${'beyond the tolerance'}             | ${sent(0, '/a')}                                                              | ${[line(121, '/a')]}                               | ${{ gateway: 'log:121' }}
    ${'before the tolerance'}             | ${sent(121, '/a')}                                                            | ${[line(0, '/a')]}                                 | ${{ gateway: 'log:0' }}
    ${'logged at its end'}                | ${sent(0, '/a', 900)}                                                         | ${[line(-100, '/b', '10.0.0.9'), line(900, '/a')]} | ${{ round: 'log:-100' }}
    ${'logged late with its beginning'}   | ${[...sent(0, '/a', 900), ...sent(880, '/b')]}                                | ${[line(900, '/b'), line(0, '/a')]}                | ${{}}
    ${'no outcome on record'}             | ${sent(0, '/a', null)}                                                        | ${[line(5000, '/a')]}                              | ${{}}
    ${'the shorter one is used first'}    | ${[...sent(0, '/a', 900, 'l'), ...sent(1, '/a', 1, 's')]}                     | ${[line(1, '/a'), line(900, '/a')]}                | ${{}}
    ${'an open one is used last'}         | ${[...sent(0, '/a', null, 'l'), ...sent(1, '/a', 1, 's')]}                    | ${[line(1, '/a'), line(900, '/a')]}                | ${{}}
    ${'a target cut in its query'}        | ${sent(0, cutInQuery)}                                                        | ${[line(0, `${long.replaceAll('-', '1')}end=1`)]}  | ${{}}
    ${'another query behind the cut'}     | ${sent(0, cutInQuery)}                                                        | ${[line(0, long.replace('name', 'other'))]}        | ${{ gateway: 'log:0', unseen: `/${'x'.repeat(40)}` }}
    ${'no query beside a cut one'}        | ${sent(0, cutInQuery)}                                                        | ${[{ ...line(0, long), names: null }]}             | ${{ gateway: 'log:0', unseen: `/${'x'.repeat(40)}` }}
    ${'a target cut in its path'}         | ${sent(0, cutInPath)}                                                         | ${[line(0, `/${'y'.repeat(3000)}?a=1`)]}           | ${{}}
    ${'kept warm, its query not told'}    | ${[ours('ehr-kept-warm', 0, { method: 'GET', target: '/ping' })]}             | ${[line(0, '/ping?x=1')]}                          | ${{}}
    ${'kept warm, its path cut'}          | ${[ours('ehr-kept-warm', 0, { method: 'GET', target: cutInPath })]}           | ${[line(0, `/${'y'.repeat(3000)}`)]}               | ${{}}
    ${'an open one behind a short one'}   | ${[...sent(0, '/a', 1, 's'), ...sent(1, '/a', null, 'l')]}                    | ${[line(1, '/a'), line(900, '/a')]}                | ${{}}
    ${'beside a sign-on of the gateway'}  | ${[ours('ehr-sign-on', 60)]}                                                  | ${[line(0, '/login', gateway, 'POST')]}            | ${{ beside: 'log:0' }}
    ${'far from a sign-on'}               | ${[ours('ehr-sign-on', 200)]}                                                 | ${[line(0, '/login', gateway, 'POST')]}            | ${{ gateway: 'log:0' }}
    ${'beside a sign-on, from elsewhere'} | ${[ours('ehr-sign-on', 0)]}                                                   | ${[line(0, '/login', '10.0.0.9')]}                 | ${{ round: 'log:0' }}
    ${'an unreadable request'}            | ${[ours('attempt', 0, { method: '', target: '/a' }), ours('attempt', 0, {})]} | ${[line(0, '/b', gateway, '')]}                    | ${{ gateway: 'log:0', unseen: '/a' }}
  `('$what', ({ events, lines, lists }: { events: OurEvent[]; lines: LoggedRequest[]; lists: object }) => {
    expect(run(events, lines).lists).toEqual(lists);
  });
});

describe('a stream', () => {
  test('a page that asks again and again is counted, and the one too many is left over', () => {
    const events = Array.from({ length: 400 }, (_one, at) => sent(at * 5, '/poll')).flat();
    const lines = Array.from({ length: 400 }, (_one, at) => line(at * 5 + 3, '/poll'));
    expect(run(events, lines)).toMatchObject({ matched: 400, lists: {}, difference: { seconds: 3, matches: 400 } });
    expect(run(events, [...lines, line(1996, '/poll', '10.0.0.9')]).lists).toEqual({ round: 'log:1996' });
    expect(run(events, [...lines, line(1996, '/poll')]).lists).toEqual({ gateway: 'log:1998' });
  });

  test('of many that are alike so many are weighed', () => {
    const events = Array.from({ length: 300 }, (_one, at) => sent(at / 100, '/a', 0, `r${at}`)).flat();
    expect(run(events, [line(1, '/a')]).matched).toBe(1);
  });

  test('what is far behind in the record is not looked at', () => {
    const events = [...sent(-1, '/b'), ...sent(300, '/a')];
    expect(run(events, [line(0, '/a')]).lists).toEqual({ gateway: 'log:0' });
  });

  test('where nobody named the gateway, every line may be explained, and what is not came from anywhere', () => {
    const lines = [line(0, '/a', '10.0.0.9'), line(1, '/a')];
    expect(run(sent(0, '/a'), lines, { gateways: new Set() }).lists).toEqual({ round: 'log:1' });
  });

  test('a list is kept up to its limit and counted beyond', () => {
    const lines = [1, 2, 3].map((at) => line(at, '/a'));
    expect(run([], lines, { mostListed: 2 }).fromGateway).toMatchObject({ count: 3, rows: [{}, {}] });
  });

  test('records that wait beyond the limit are given up, the oldest first, and that is told', () => {
    const events = [...sent(1, '/a'), ...sent(2, '/b'), ...sent(3, '/c')];
    const lines = [line(0, '/x'), line(3, '/c'), line(4, '/b')];
    expect(run(events, lines, { mostWaiting: 2 })).toMatchObject({ pushedOut: 1, matched: 2 });
  });

  test('only records from a time that the log covers are missed in it', () => {
    const events = [...sent(-50, '/before'), ...sent(1, '/within'), ...sent(50, '/behind')];
    expect(run(events, [line(0, '/x', '10.0.0.9'), line(2, '/y', '10.0.0.9')]).lists).toEqual({
      round: 'log:0 log:2',
      unseen: '/within',
    });
  });

  test('it says from when to when both reach', () => {
    const done = run(sent(5, '/a'), [line(1, '/a'), line(9, '/a')]);
    expect([done.log, done.record]).toEqual([
      { since: noon + 1000, until: noon + 9000 },
      { since: noon + 5000, until: noon + 5000 },
    ]);
    expect(run([], [])).toMatchObject({ log: null, record: null, difference: null, matched: 0 });
  });

  test('a request that took long says nothing of the clocks', () => {
    expect(run(sent(0, '/a', 60), [line(60, '/a')])).toMatchObject({ matched: 1, difference: null });
    expect(run(sent(0, '/a', null), [line(60, '/a')])).toMatchObject({ matched: 1, difference: null });
  });

  test('the difference is the middle one', () => {
    const events = [0, 10, 20, 30].flatMap((at) => sent(at, `/${at}`));
    const lines = [line(-2, '/0'), line(13, '/10'), line(23, '/20'), line(90, '/30')];
    expect(run(events, lines).difference).toEqual({ seconds: 3, matches: 4 });
  });
});

describe('a record', () => {
  test.each`
    event          | fields                                                   | is
    ${'attempt'}   | ${{ method: 'GET', target: '/a', application: 'ehr' }}   | ${'asked'}
    ${'attempt'}   | ${{ method: 'GET', target: '/a', application: 'other' }} | ${'other'}
    ${'attempt'}   | ${{ method: 'GET' }}                                     | ${'other'}
    ${'outcome'}   | ${{ request: 'r', durationMilliseconds: 5 }}             | ${'ended'}
    ${'outcome'}   | ${{ request: 'r' }}                                      | ${'ended'}
    ${'outcome'}   | ${{}}                                                    | ${'other'}
    ${'sign-out'}  | ${{}}                                                    | ${'own-work'}
    ${'heartbeat'} | ${{}}                                                    | ${'other'}
  `('$event $fields is $is', ({ event, fields, is }: { event: string; fields: Record<string, unknown>; is: string }) => {
    expect(ourEvent(record(event, 0, fields), 'common', 'ehr')).toMatchObject({ is });
  });

  test('without a time it is none', () => {
    expect(ourEvent(record('attempt', 0, { time: 'x' }), 'common', null)).toBeNull();
  });

  test('an outcome without its attempt changes nothing', () => {
    expect(run([ours('outcome', 0, { request: 'r' })], [line(0, '/a')]).lists).toEqual({ gateway: 'log:0' });
  });

  test("is compared with Orthanc's log by its decoded path", () => {
    const event = ours('attempt', 0, { method: 'GET', target: '/a%20b//c/?x=-' }, 'orthanc');
    expect(event).toMatchObject({ path: '/a b/c', names: 'x' });
  });
});
