// What shows that a person is there. Requests alone do not: the pages of an EHR ask by themselves every few seconds, and
// some of them load whole documents by a timer. A person is seen by the script in the EHR's pages, or by a navigation that
// the browser says a person began.

/** How a person was seen last. */
export type ActivityKind = 'sign-in' | 'script' | 'navigation' | 'unlock';

/** Why a session is still open, counted since its person signed in or unlocked it. */
export interface Activity {
  readonly last: ActivityKind;
  /** Times that the script in the EHR's pages told of a key, the pointer or a touch. */
  readonly pings: number;
  /** Pages that a person opened by a click or by the address bar. */
  readonly navigations: number;
}

/** A session that begins, or begins anew. */
export function freshActivity(last: 'sign-in' | 'unlock'): Activity {
  return { last, pings: 0, navigations: 0 };
}

/** The person was seen once more. */
export function countActivity(before: Activity, kind: 'script' | 'navigation'): Activity {
  return kind === 'script'
    ? { ...before, last: kind, pings: before.pings + 1 }
    : { ...before, last: kind, navigations: before.navigations + 1 };
}

/**
 * Whether a request shows a person: the browser says that one began this navigation (`Sec-Fetch-User`, Fetch Metadata
 * section 2.4), and the address is none that the EHR's own pages ask for. Scripts and reloads of frames never carry it.
 */
export function showsPerson(isPassive: boolean, fetchUser: string | undefined): boolean {
  return !isPassive && fetchUser === '?1';
}

/** For the record of a lock, an unlock or an end. */
export function describeActivity(activity: Activity, lastActiveAt: number): string {
  const { last, pings, navigations } = activity;
  return `last seen ${new Date(lastActiveAt).toISOString()} by ${last}; ${pings} by script, ${navigations} by navigation`;
}

/** What a record of a lock, an unlock or an end says of it. Times are epoch milliseconds. */
export interface ToldActivity {
  readonly last: string;
  readonly pings: number;
  readonly navigations: number;
  readonly lastActiveAt: number;
  /** Null where it was not locked, or by a gateway that did not say so. */
  readonly lockedAt: number | null;
}

const lockedPattern = /(?:^|[,;] )locked since (\S{1,32})(?:;|$)/;
const seenPattern =
  /(?:^|; )last seen (\S{1,32}) by (sign-in|script|navigation|unlock); (\d+) by script, (\d+) by navigation(?:;|$)/;

/** Null where the text tells of none. */
export function readActivity(detail: string): ToldActivity | null {
  const [, seen = '', last, pings, navigations] = seenPattern.exec(detail) ?? [];
  const lastActiveAt = Date.parse(seen);
  if (last === undefined || Number.isNaN(lastActiveAt)) return null;
  const lockedAt = Date.parse(lockedPattern.exec(detail)?.[1] ?? '');
  return {
    last,
    pings: Number(pings),
    navigations: Number(navigations),
    lastActiveAt,
    lockedAt: Number.isNaN(lockedAt) ? null : lockedAt,
  };
}
