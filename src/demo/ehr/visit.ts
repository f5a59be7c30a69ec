// One request as the EHR's pages see it, and the ways they answer. Headers are those of an application of 2009:
// pages say that they must not be kept, downloads often say the opposite.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Markup } from '../markup.ts';
import type { ChartNotes } from './charts.ts';
import type { EhrSessions, OpenSession } from './sessions.ts';

/** What all pages of one running EHR share. */
export interface EhrState {
  readonly sessions: EhrSessions;
  readonly notes: ChartNotes;
  /** `http://127.0.0.1:PORT`, known once it listens. */
  origin: string;
}

/** A request that needs no login. `captures` are the path's `{name}` segments. */
export interface OpenVisit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly captures: ReadonlyMap<string, string>;
  readonly ehr: EhrState;
}

/** A request of somebody who is logged in. */
export interface Visit extends OpenVisit {
  readonly session: OpenSession;
}

const NEVER_KEEP = { 'Cache-Control': 'no-store, no-cache, must-revalidate', Pragma: 'no-cache' };

export function answerHtml(visit: OpenVisit, page: Markup, status = 200): void {
  answer(visit, status, { 'Content-Type': 'text/html; charset=utf-8', ...NEVER_KEEP }, page.text);
}

/** JSON under the wrong label, which browsers and this EHR's own script do not mind. */
export function answerJsonAsHtml(visit: OpenVisit, value: unknown): void {
  answer(visit, 200, { 'Content-Type': 'text/html; charset=utf-8', ...NEVER_KEEP }, JSON.stringify(value));
}

export function answerText(visit: OpenVisit, text: string, status = 200): void {
  answer(visit, status, { 'Content-Type': 'text/plain; charset=utf-8', ...NEVER_KEEP }, text);
}

/** Any other body, with exactly these headers and its length. */
export function answerFile(visit: OpenVisit, headers: OutgoingHttpHeaders, bytes: Buffer | string): void {
  answer(visit, 200, headers, bytes);
}

export function redirect(visit: OpenVisit, location: string): void {
  answer(visit, 302, { Location: location, 'Content-Type': 'text/html; charset=utf-8' }, '');
}

/** The parameter as a scripting language of that age reads it: of several, the last. */
export function lastParameter(query: URLSearchParams, name: string): string | null {
  return query.getAll(name).at(-1) ?? null;
}

/** A whole number from 0, or null for anything else. */
export function wholeNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function answer(visit: OpenVisit, status: number, headers: OutgoingHttpHeaders, body: Buffer | string): void {
  visit.response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  visit.response.end(body);
}
