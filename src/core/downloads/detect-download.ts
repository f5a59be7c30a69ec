// Decides from a reply's status and headers whether it is a download: by rule, by Content-Disposition however malformed,
// or by content type. Judged before the first byte and whatever the request looked like, because legacy EHRs export by
// POST on the very URL of the view. Never reads a body.

import type { Method, Route } from '../policy/policy.ts';
import { readDisposition } from './content-disposition.ts';
import type { Disposition } from './content-disposition.ts';
import { contentKind } from './content-kind.ts';
import type { ContentKind } from './content-kind.ts';

/** Name, value, name, value. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: readonly string[];
}

export type Because =
  'route-always' | 'disposition' | 'content-type' | 'route-never' | 'no-body-asked' | 'not-a-success' | 'empty' | 'shown';

export interface Detected {
  readonly download: boolean;
  readonly because: Because;
  /** A picture: looking at it counts the patient, not a file. */
  readonly image: boolean;
}

/** An inline page with a file name is a document all the same once it is longer than this. */
const inlinePageBytes = 1024 * 1024;
/** Spring puts this very name on every JSON answer as a guard against reflected downloads (CVE-2015-5211): not a file. */
const springGuardName = 'f.txt';

export function detectDownload(reply: ReplyHead, route: Pick<Route, 'download'>, method: Method): Detected {
  const kinds = valuesOf(reply, 'content-type').map(contentKind);
  const image = kinds.length > 0 && kinds.every((kind) => kind === 'image');
  const because = judge(reply, route, method, kinds);
  return { download: because === 'route-always' || because === 'disposition' || because === 'content-type', because, image };
}

function judge(reply: ReplyHead, route: Pick<Route, 'download'>, method: Method, kinds: readonly ContentKind[]): Because {
  if (method === 'HEAD') return 'no-body-asked';
  if (!carriesContent(reply.status)) return 'not-a-success';
  if (route.download === 'never') return 'route-never';
  const length = declaredLength(reply);
  if (length === 0) return 'empty';
  if (route.download === 'always') return 'route-always';
  if (kinds.includes('document')) return 'content-type';
  const dispositions = valuesOf(reply, 'content-disposition').map(readDisposition);
  return dispositions.some((one) => one !== null && leaves(one, kinds, length)) ? 'disposition' : 'shown';
}

/** 2xx but those that have no body (RFC 9110 sections 15.3.5 and 15.3.6); so never a redirect, a 304, a 4xx or a 5xx. */
function carriesContent(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204 && status !== 205;
}

function leaves(disposition: Disposition, kinds: readonly ContentKind[], length: number | null): boolean {
  if (!disposition.inline) return true;
  if (disposition.fileName === '' || disposition.fileName === springGuardName) return false;
  if (kinds.length > 0 && kinds.every((kind) => kind === 'image')) return false;
  const page = kinds.length > 0 && kinds.every((kind) => kind === 'page' || kind === 'image');
  return !page || (length ?? 0) > inlinePageBytes;
}

/** The length the reply declares, bytes; null where it declares none, or several that differ. */
export function declaredLength(reply: ReplyHead): number | null {
  const [first, ...more] = valuesOf(reply, 'content-length').map((value) => value.trim());
  if (first === undefined || !/^\d{1,15}$/.test(first) || more.some((value) => value !== first)) return null;
  return Number(first);
}

function valuesOf({ headers }: ReplyHead, name: string): string[] {
  return headers.filter((_value, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name);
}
