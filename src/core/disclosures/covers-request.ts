// Whether an answer is for this very download. One answer is good for one, of the session that gave it, for the address and the form
// that were asked about, and for a few minutes; parts of a download that has gone out go on without another question.

/** As a download is told from another. `post` is the kept form it sends; null for none. */
export interface DownloadRequest {
  readonly session: string;
  readonly application: string;
  readonly method: string;
  /** Canonical path and query. */
  readonly target: string;
  readonly post: string | null;
  readonly rule: string;
  /** Asks for a part of it, by `Range`. */
  readonly part: boolean;
}

/** Milliseconds in which an answer is used, and in which parts of a download may be asked for after it began. */
export const answerMilliseconds = 5 * 60_000;
export const partMilliseconds = 10 * 60_000;

export interface GivenAnswer {
  readonly asked: Omit<DownloadRequest, 'part'>;
  readonly at: number;
  /** When the download went out; null before. */
  readonly wentAt: number | null;
}

/** The answer to a question about this download, not used yet. A form that was not kept is sent once more by its person. */
export function answers({ asked, at, wentAt }: GivenAnswer, request: DownloadRequest, now: number): boolean {
  if (wentAt !== null || !within(at, answerMilliseconds, now)) return false;
  return isSame(asked, request) && (asked.post === null || asked.post === request.post);
}

/** A further part of a download that went out. */
export function continues({ asked, wentAt }: GivenAnswer, request: DownloadRequest, now: number): boolean {
  if (!request.part || wentAt === null || request.method !== 'GET') return false;
  return within(wentAt, partMilliseconds, now) && isSame(asked, request);
}

/** What a person allowed for the next downloads to the same recipient. */
export interface StandingAnswer {
  readonly session: string;
  readonly rule: string;
  readonly until: number;
  readonly left: number;
}

export function stands({ session, rule, until, left }: StandingAnswer, request: DownloadRequest, now: number): boolean {
  return left > 0 && now < until && session === request.session && rule === request.rule;
}

function isSame(asked: GivenAnswer['asked'], request: DownloadRequest): boolean {
  return (
    asked.session === request.session &&
    asked.application === request.application &&
    asked.method === request.method &&
    asked.target === request.target
  );
}

/** A clock that was set back opens nothing. */
function within(since: number, milliseconds: number, now: number): boolean {
  return now >= since && now - since < milliseconds;
}
