// One request as OpenEMR's scripts see it, and the ways they answer. Headers are PHP's: what a session page sends never
// tells a cache to keep it, what a download sends often does.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Markup } from '../markup.ts';
import type { Accounts, OpenEmrUser } from './accounts.ts';
import type { PhpParameters } from './php-parameters.ts';
import type { PhpSession, PhpSessions } from './sessions.ts';

/** 5 is 5.0.1 as it was seen running, 7 is 7.0 as its source says. */
export type OpenEmrVersion = 5 | 7;

/** What all scripts of one running OpenEMR share. */
export interface OpenEmrState {
  readonly version: OpenEmrVersion;
  readonly sessions: PhpSessions;
  readonly accounts: Accounts;
  readonly facilityChooser: boolean;
  readonly timeoutSeconds: number;
  readonly pollSeconds: number;
  readonly now: () => number;
  /** Notes by patient, newest last. */
  readonly notes: Map<number, OpenEmrNote[]>;
}

export interface OpenEmrNote {
  /** The user's name. */
  readonly by: string;
  readonly text: string;
}

/** A request of anybody. `address` is `REMOTE_ADDR (X-Forwarded-For)`, which anybody may forge. */
export interface OpenVisit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly get: PhpParameters;
  readonly post: PhpParameters;
  /** PHP's `$_REQUEST`: the form's values over the query's. */
  readonly both: PhpParameters;
  readonly address: string;
  readonly session: PhpSession;
  readonly emr: OpenEmrState;
}

/** A request of somebody who is logged in. */
export interface Visit extends OpenVisit {
  readonly session: PhpSession & { readonly user: OpenEmrUser };
}

const NEVER_KEEP = {
  Expires: 'Thu, 19 Nov 1981 08:52:00 GMT',
  'Cache-Control': 'no-store, no-cache, must-revalidate',
  Pragma: 'no-cache',
};
const HTML = { 'Content-Type': 'text/html; charset=UTF-8', ...NEVER_KEEP };

/** A page, or a part of one: OpenEMR labels both alike. */
export function answerHtml(visit: OpenVisit, page: Markup | string): void {
  answer(visit, 200, HTML, typeof page === 'string' ? page : page.text);
}

/** JSON that is labelled `text/html`, since the product never says otherwise. The characters are escaped as PHP's flag 15 does. */
export function answerJson(visit: OpenVisit, value: unknown): void {
  const escaped = JSON.stringify(value).replaceAll(/[<>&']/g, (one) => `\\u00${one.charCodeAt(0).toString(16).toUpperCase()}`);
  answer(visit, 200, HTML, escaped);
}

/** Any other body with exactly these headers and its length. */
export function answerFile(visit: OpenVisit, headers: OutgoingHttpHeaders, bytes: Buffer | string): void {
  answer(visit, 200, headers, bytes);
}

export function redirect(visit: OpenVisit, location: string): void {
  answer(visit, 302, { ...HTML, Location: location }, '');
}

/** Apache's mod_deflate packs whatever is text for everybody who can unpack it. */
function answer(visit: OpenVisit, status: number, headers: OutgoingHttpHeaders, body: Buffer | string): void {
  const isText = String(headers['Content-Type']).startsWith('text/');
  const packs = isText && body.length > 0 && /\bgzip\b/.test(visit.request.headers['accept-encoding'] ?? '');
  const bytes = packs ? gzipSync(body) : Buffer.from(body);
  const packing = packs ? { 'Content-Encoding': 'gzip' } : {};
  const varies = isText ? { Vary: 'Accept-Encoding' } : {};
  visit.response.writeHead(status, { ...headers, ...packing, ...varies, 'Content-Length': bytes.length });
  visit.response.end(bytes);
}
