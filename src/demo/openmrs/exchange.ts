// One request as OpenMRS's servlets see it, and the ways they answer.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Markup } from '../markup.ts';
import type { Accounts, OpenMrsUser, Privilege } from './accounts.ts';
import { privilegesOf } from './accounts.ts';
import type { FhirPages } from './fhir-pages.ts';
import type { HttpSession, HttpSessions } from './sessions.ts';

/** What all servlets of one running OpenMRS share. */
export interface OpenMrsState {
  readonly sessions: HttpSessions;
  readonly accounts: Accounts;
  readonly pages: FhirPages;
  readonly pollSeconds: number;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without the context path's parameters, decoded; begins with `/openmrs`. */
  readonly path: string;
  /** `getParameter` takes the first of several. */
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly session: HttpSession;
  /** The request came with an id that is no session (any more). */
  readonly stale: boolean;
  /** The request came with the id of a live session. */
  readonly hadSession: boolean;
  readonly mrs: OpenMrsState;
}

const JSON_TYPE = 'application/json;charset=UTF-8';

export function answerJson(exchange: Exchange, value: unknown, status = 200, headers: OutgoingHttpHeaders = {}): void {
  answer(exchange, status, { 'Content-Type': JSON_TYPE, ...headers }, JSON.stringify(value));
}

export function answerHtml(exchange: Exchange, page: Markup, status = 200): void {
  answer(exchange, status, { 'Content-Type': 'text/html;charset=UTF-8' }, page.text);
}

export function answerBytes(exchange: Exchange, headers: OutgoingHttpHeaders, bytes: Buffer | string): void {
  answer(exchange, 200, headers, bytes);
}

/** 204 and nothing else. */
export function answerNothing({ response }: Exchange): void {
  response.writeHead(204).end();
}

export function redirect(exchange: Exchange, location: string): void {
  answer(exchange, 302, { Location: location }, '');
}

/** `sendError`: Tomcat's own page, in HTML even for those who asked for JSON. */
export function answerTomcat(response: ServerResponse, status: number, message: string): void {
  const title = `HTTP Status ${status} – ${{ 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' }[status] ?? 'Error'}`;
  const page = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><p><b>Message</b> ${message}</p></body></html>`;
  response.writeHead(status, {
    'Content-Type': 'text/html;charset=utf-8',
    'Content-Language': 'en',
    'Content-Length': Buffer.byteLength(page),
  });
  response.end(page);
}

/** The origin for absolute links: what the request was asked for, unless a proxy says otherwise. */
export function originOf({ headers }: IncomingMessage): string {
  const scheme = first(headers['x-forwarded-proto']) ?? 'http';
  return `${scheme}://${first(headers['x-forwarded-host']) ?? headers.host ?? 'localhost'}`;
}

export function may(user: OpenMrsUser | null, privilege: Privilege): boolean {
  return user !== null && privilegesOf(user).includes(privilege);
}

function first(header: string | readonly string[] | undefined): string | undefined {
  return (
    String(header ?? '')
      .split(',')[0]
      ?.trim() || undefined
  );
}

function answer({ response }: Exchange, status: number, headers: OutgoingHttpHeaders, body: Buffer | string): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
