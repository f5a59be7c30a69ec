// Reviews of weeks and months that nobody was there to prepare, and the one tree behind each month that may give its seed.

import { hash as digest } from 'node:crypto';
import { expect, test } from 'vitest';
import { clinicTime } from '../../src/adapters/clinic-time.ts';
import { ReviewDesk } from '../../src/control/review-desk.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import type { Review } from '../../src/core/review/review.ts';
import { usualReview } from '../../src/core/review/review-settings.ts';
import type { ReviewStore } from '../../src/review-ports.ts';
import type { FoundRequest, RecordQuery } from '../../src/search-ports.ts';

const chicago = clinicTime('America/Chicago');
const hash = (text: string): string => digest('sha256', text, 'hex');
const dayMilliseconds = 86_400_000;
const mostEmergencies = 130;
/** Of what the search gives at once. */
const longestPage = 40;

/** A record of one opening a day, from its first day on and without the days left out. */
function clinic(from: string, to: string, isDown: (at: number) => boolean = () => false) {
  const records: FoundRequest[] = [];
  for (let time = Date.parse(from); time < Date.parse(to); time += dayMilliseconds)
    if (!isDown(time))
      records.push({ sequence: records.length + 1, time, event: 'chart-opened', subject: { issuer: 'i', sub: 'j' }, person: 'jane', roles: 'nurse', decision: null, download: null, patient: null, target: '/chart', detail: null, method: 'GET', rule: null, category: null, reason: null } as unknown as FoundRequest); // prettier-ignore
  const world = { now: Date.parse(to), covered: Infinity, log: [] as AuditEntry[], reviews: [] as Review[] };
  const within = ({ event, since = 0, until = Infinity, decision, download }: RecordQuery) =>
    records.filter((one) => (event === undefined || one.event === event) && decision === undefined && download === undefined && one.time >= since && one.time < until); // prettier-ignore
  const store: Partial<ReviewStore> = {
    begin: async (facts, items) => {
      const all = items.map((one) => ({ ...one, disposed: null }));
      world.reviews.push({ ...facts, items: all, statement: null, signedAt: null, overdueAt: null });
    },
    find: async (id) => world.reviews.find((one) => one.id === id) ?? null,
    list: async (most, before = 0) => world.reviews.slice(before, before + most),
    periods: async (kind) =>
      world.reviews.flatMap((one) => (one.kind === kind ? [one.period] : [])).toSorted((a, b) => (a < b ? 1 : -1)),
    markOverdue: async () => undefined,
  };
  const desk = new ReviewDesk({
    audit: { append: async (entry: AuditEntry) => ({ sequence: world.log.push(entry), durable: Promise.resolve() }) } as never,
    clock: { now: () => world.now } as never,
    search: {
      search: async (query, most) => {
        const fit = within(query)
          .filter(({ sequence }) => sequence < (query.before ?? Infinity))
          .toReversed();
        const page = fit.slice(0, Math.min(most, longestPage));
        return {
          requests: page,
          next: fit.length > page.length ? (page.at(-1)?.sequence ?? null) : null,
          indexed: records.length,
        };
      },
      watch: async (since, until) => {
        const [first] = within({ since, until });
        const covered = first === undefined ? null : { first: first.sequence, last: first.sequence, count: 1, firstTime: first.time, lastTime: first.time }; // prettier-ignore
        return {
          records: covered,
          ownRecords: covered,
          indexed: records.length,
          gaps: [],
          gapCount: 0,
          unwatchedMilliseconds: 0,
        };
      },
    },
    store: store as ReviewStore,
    cases: {
      ofAlert: async () => null,
      find: async () => null,
      list: async () => [],
      open: async () => ({ refused: 'no-alerts' }),
      addAlerts: async () => 'no-alerts',
    },
    settings: { ...usualReview, triageWithinSeconds: null },
    mostEmergencies,
    hours: [],
    holidays: [],
    ...chicago,
    hash,
    checkpoint: () => null,
    treeOf: (size) => (size > world.covered ? null : { size, root: hash(`root ${size}`) }),
    changes: { changes: () => ({ changes: [], unreadable: 0 }) },
    isReviewer: async () => false,
    onFailed: (cause) => expect.fail(String(cause)),
  });
  return { desk, world, records };
}

test('the first review is that of the month that was over last, and months that were missed behind it are made up for', async () => {
  const { desk, world } = clinic('2026-03-05T12:00:00Z', '2026-12-02T12:00:00Z', (at) => new Date(at).getUTCMonth() === 7);
  world.now = Date.parse('2026-06-02T12:00:00Z');
  await desk.follow();
  expect(world.reviews.map(({ id }) => id)).toEqual(['monthly-2026-05']);
  world.now = Date.parse('2026-12-02T12:00:00Z');
  await desk.follow();
  // In August the gateway was down and nothing is on record.
  const months = ['2026-05', '2026-06', '2026-07', '2026-09', '2026-10', '2026-11'];
  expect(world.reviews.map(({ period }) => period)).toEqual(months);
  await desk.follow();
  expect(world.reviews).toHaveLength(months.length);
});

test('the seed comes of the tree up to the first record behind the month, however late it is prepared', async () => {
  const { desk, world, records } = clinic('2026-10-05T12:00:00Z', '2026-12-20T12:00:00Z');
  const first = records.find(({ time }) => chicago.localDay(time) >= '2026-12-01')?.sequence ?? 0;
  world.covered = first - 1;
  await desk.follow();
  expect(world.reviews).toEqual([]);
  world.covered = Infinity;
  await desk.follow();
  expect(world.reviews[0]?.sample?.checkpoint).toEqual({ size: first, root: hash(`root ${first}`) });
  expect(await desk.redraw('2026-11')).toMatchObject({ isFirst: true, same: true });
});

test('another tree behind the month than the first is told, whatever was drawn with it', async () => {
  const { desk, world } = clinic('2026-10-05T12:00:00Z', '2026-12-20T12:00:00Z');
  await desk.follow();
  const [kept] = world.reviews;
  if (kept?.sample === null || kept === undefined) throw new Error('There is no sample');
  const { size } = kept.sample.checkpoint;
  world.reviews[0] = { ...kept, sample: { ...kept.sample, checkpoint: { size: size + 3, root: hash(`root ${size + 3}`) } } };
  expect(await desk.redraw('2026-11')).toMatchObject({ isFirst: false, same: false });
  expect(await desk.redraw('2026-10')).toBeNull();
});

test('behind a month of silence the first record is still found', async () => {
  const { desk, world, records } = clinic('2026-10-05T12:00:00Z', '2027-01-20T12:00:00Z', (at) => {
    const day = new Date(at).toISOString().slice(0, 10);
    return day >= '2026-12-01' && day < '2027-01-15';
  });
  world.now = Date.parse('2026-11-10T12:00:00Z');
  await desk.follow();
  world.now = Date.parse('2026-12-31T12:00:00Z');
  await desk.follow();
  expect(world.reviews.map(({ period }) => period)).toEqual(['2026-10']);
  world.now = Date.parse('2027-01-20T12:00:00Z');
  await desk.follow();
  const first = records.find(({ time }) => time >= Date.parse('2027-01-15T06:00:00Z'))?.sequence;
  expect(world.reviews.map(({ period, sample }) => [period, sample?.checkpoint.size]).at(-1)).toEqual(['2026-11', first]);
});

test.each([
  ['as many as are looked at', mostEmergencies, 0],
  ['one more', mostEmergencies + 1, 1],
])(
  'every emergency access has a review of its own, the oldest left out and told where there are too many: %s',
  async (_, count, left) => {
    const { desk, world, records } = clinic('2026-12-01T12:00:00Z', '2026-12-02T12:00:00Z');
    const [opening] = records;
    if (opening === undefined) throw new Error('There is no record');
    const first = records.length + 1;
    for (let at = 0; at < count; at += 1)
      records.push({ ...opening, event: 'break-glass', sequence: first + at, time: world.now - count + at });
    await desk.follow();
    const reviewed = world.reviews.filter(({ kind }) => kind === 'emergency').map(({ period }) => Number(period));
    expect([reviewed.length, Math.min(...reviewed)]).toEqual([mostEmergencies, first + left]);
    const told = desk.notices().filter((one) => one.includes(`more than ${mostEmergencies} emergency accesses`));
    expect(told).toHaveLength(left);
    await desk.follow();
    expect(world.reviews.length).toBe(mostEmergencies);
    // None of them is done, so all of them are listed.
    expect(await desk.list()).toHaveLength(mostEmergencies);
  },
);
