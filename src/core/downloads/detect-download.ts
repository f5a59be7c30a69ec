// Decides from a reply's status and headers whether it is a download: by rule, by Content-Disposition however malformed,
// by content type or by its size; and how much of one that is none goes uncounted. Judged before the first byte and whatever the request looked like, because legacy EHRs export by
// POST on the very URL of the view. Never reads a body.

import type { Method, Route } from '../policy/policy.ts';
import { readDisposition } from './content-disposition.ts';
import type { Disposition } from './content-disposition.ts';
import { headersOf } from '../raw-headers.ts';
import { contentKind } from './content-kind.ts';
import type { ContentKind } from './content-kind.ts';

/** Name, value, name, value. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: readonly string[];
}

export type Because =
  | 'route-always'
  | 'disposition'
  | 'content-type'
  | 'size'
  | 'route-never'
  | 'no-body-asked'
  | 'not-a-success'
  | 'empty'
  | 'shown';

export interface Detected {
  readonly download: boolean;
  readonly because: Because;
  /** A picture: looking at it counts the patient, not a file. */
  readonly image: boolean;
  /** The first bytes that go uncounted: Infinity for what screens are built of, 0 for a download. */
  readonly freeBytes: number;
}

/** A page or its data that is longer than this is a document; of one that declares no length, so much goes uncounted. */
export const screenBytes = 1024 * 1024;
const downloads: readonly Because[] = ['route-always', 'disposition', 'content-type', 'size'];
/** Spring puts this very name on every JSON answer as a guard against reflected downloads (CVE-2015-5211): not a file. */
const springGuardName = 'f.txt';

export function detectDownload(reply: ReplyHead, route: Pick<Route, 'download'>, method: Method): Detected {
  const kinds = headersOf(reply.headers, 'content-type').map(contentKind);
  const image = kinds.length > 0 && kinds.every((kind) => kind === 'image');
  const because = judge(reply, route, method, kinds);
  const download = downloads.includes(because);
  return { download, because, image, freeBytes: download ? 0 : freeBytesOf(reply, because, kinds) };
}

/** A piece of something larger (206) is counted whole: screens are not fetched in ranges, and pieces would each be free. */
function freeBytesOf(reply: ReplyHead, because: Because, kinds: readonly ContentKind[]): number {
  if (because !== 'shown' || isBuiltOf(kinds)) return Infinity;
  if (reply.status === 206) return 0;
  return (declaredLength(reply) ?? Infinity) <= screenBytes ? Infinity : screenBytes;
}

/** Pictures, scripts, styles and fonts: what a screen is built of, of any size. */
function isBuiltOf(kinds: readonly ContentKind[]): boolean {
  return kinds.length > 0 && kinds.every((kind) => kind === 'image' || kind === 'asset');
}

function judge(reply: ReplyHead, route: Pick<Route, 'download'>, method: Method, kinds: readonly ContentKind[]): Because {
  if (method === 'HEAD') return 'no-body-asked';
  if (!carriesContent(reply.status)) return 'not-a-success';
  if (route.download === 'never') return 'route-never';
  const length = declaredLength(reply);
  if (length === 0) return 'empty';
  if (route.download === 'always') return 'route-always';
  if (kinds.length === 0 || kinds.includes('document')) return 'content-type';
  const dispositions = headersOf(reply.headers, 'content-disposition').map(readDisposition);
  if (dispositions.some((one) => one !== null && leaves(one, kinds))) return 'disposition';
  return !isBuiltOf(kinds) && (wholeLength(reply) ?? length ?? 0) > screenBytes ? 'size' : 'shown';
}

/** The length of what a range is a piece of, bytes (RFC 9110 section 14.4); null where the reply is no range of a known length. */
function wholeLength(reply: ReplyHead): number | null {
  if (reply.status !== 206) return null;
  const [, digits] = /^\s?bytes\s[\d-]{1,40}\/(\d{1,15})\s?$/i.exec(headersOf(reply.headers, 'content-range')[0] ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}

/** 2xx but those that have no body (RFC 9110 sections 15.3.5 and 15.3.6); so never a redirect, a 304, a 4xx or a 5xx. */
function carriesContent(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204 && status !== 205;
}

function leaves(disposition: Disposition, kinds: readonly ContentKind[]): boolean {
  if (!disposition.inline) return true;
  if (disposition.fileName === '' || disposition.fileName === springGuardName) return false;
  // A file name on a page or a part of one, shown inline, is habit and not a document.
  return kinds.includes('data');
}

/** The length the reply declares, bytes; null where it declares none, or several that differ. */
export function declaredLength(reply: ReplyHead): number | null {
  const [first, ...more] = headersOf(reply.headers, 'content-length').map((value) => value.trim());
  if (first === undefined || !/^\d{1,15}$/.test(first) || more.some((value) => value !== first)) return null;
  return Number(first);
}
