// How the access record stands, in lines for the page of health: whether it is written, where it is vouched for and when that
// was last so, and where nothing was on watch in the last week.

import { recordName } from '../core/audit/record-number.ts';
import type { Parts } from './open-parts.ts';
import type { HealthLine } from '../console-ports.ts';
import type { GapKind } from '../core/report/coverage.ts';
import type { Watched } from '../report-ports.ts';

export type RecordHealthNeeds = Pick<Parts, 'audit' | 'tree' | 'feeds' | 'notify' | 'search' | 'clock'>;

const weekMilliseconds = 7 * 24 * 3_600_000;
/** A heartbeat comes each minute, and the search index a moment behind it. */
const staleMilliseconds = 5 * 60_000;

export async function recordLines(needs: RecordHealthNeeds): Promise<readonly HealthLine[]> {
  const { audit, tree, feeds, notify, search, clock } = needs;
  const now = clock.now();
  // The page must not go with a search that fails; the line of the index says what is wrong.
  const watched = await search.watch(now - weekMilliseconds, now).catch(() => null);
  const { records, refusals } = audit.counts;
  return [
    {
      what: 'Writing',
      state: audit.available ? 'good' : 'bad',
      says: audit.available
        ? `${records} records since the start, ${refusals} refusals among them`
        : 'nothing can be recorded, so nothing is forwarded',
    },
    lastLine(watched, now),
    gapLine(watched),
    { what: 'Verified checkpoint', state: tree.size > 0 ? 'good' : 'unknown', says: `over ${tree.size} records` },
    ...anchorLines(needs),
    ...receiverLines(feeds, 'Receiver', 'Receivers of the record'),
    ...receiverLines(notify, 'Alerts to', 'Receivers of alerts'),
    {
      what: 'Search index',
      state: search.notices().length === 0 ? 'good' : 'bad',
      says: search.notices()[0] ?? `${search.behind} records behind`,
    },
  ];
}

/** The index reads what is durable and nothing else. */
function lastLine(watched: Watched | null, now: number): HealthLine {
  const what = 'Last record on the disk';
  const last = watched?.ownRecords ?? null;
  if (last === null) return { what, state: 'unknown', says: 'the search index has none of the last week' };
  const says = `record ${recordName(last.last)} of ${new Date(last.lastTime).toISOString()}, ${ago(now - last.lastTime)}`;
  return { what, state: now - last.lastTime > staleMilliseconds ? 'bad' : 'good', says };
}

/** A gateway that is new was not there before, and one that was stopped in order left nobody unwatched. */
const harmless: readonly GapKind[] = ['before-first', 'stopped'];

function gapLine(watched: Watched | null): HealthLine {
  const what = 'Gaps in the last 7 days';
  if (watched === null) return { what, state: 'unknown', says: 'the search index gives no answer' };
  const gaps = watched.gaps.filter(({ kind }) => !harmless.includes(kind));
  const newest = gaps.at(-1);
  if (newest === undefined) return { what, state: 'good', says: 'none, but for stops in order' };
  const minutes = Math.ceil(gaps.reduce((sum, { from, until }) => sum + until - from, 0) / 60_000);
  const last = `the newest from ${new Date(newest.from).toISOString()} to ${new Date(newest.until).toISOString()}`;
  return { what, state: 'bad', says: `${gaps.length}, ${minutes} minutes without a watch in all; ${last}` };
}

/** By the machine's own clock, as the tree; what is wrong with each it says itself. */
function anchorLines({ tree }: RecordHealthNeeds): HealthLine[] {
  if (tree.anchors.length === 0) return [{ what: 'Anchors', state: 'bad', says: 'none is configured' }];
  const notices = tree.notices();
  return tree.anchors.map(({ where, size, at }): HealthLine => {
    const what = `Anchor ${where}`;
    const wrong = notices.find((notice) => notice.includes(`"${where}"`));
    const reached = at === null ? 'not reached yet' : `${size} records, reached ${new Date(at).toISOString()}, ${ago(tree.millisecondsSince(at))}`; // prettier-ignore
    if (wrong !== undefined) return { what, state: 'bad', says: `${wrong}; ${reached}` };
    return { what, state: at === null ? 'unknown' : 'good', says: reached };
  });
}

function receiverLines({ status }: Parts['feeds'], each: string, all: string): HealthLine[] {
  if (status.length === 0) return [{ what: all, state: 'off', says: 'none is configured' }];
  return status.map(({ where, told, behind, failure }) => ({
    what: `${each} ${where}`,
    state: failure === null ? 'good' : 'bad',
    says: failure ?? `up to record ${told}, ${behind} behind`,
  }));
}

function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
}
