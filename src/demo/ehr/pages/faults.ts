// Ways in which real upstreams break the protocol, each at an address of its own, for tests of whatever stands in front.
// They write to the socket where Node would refuse to send such an answer, and they need no login.

import { answerText, lastParameter, wholeNumber } from '../visit.ts';
import type { OpenVisit } from '../visit.ts';
import { stillThereAfter } from './streams.ts';

const MAX_TRICKLE_COUNT = 10_000;
const MAX_TRICKLE_MILLISECONDS = 60_000;

/** RST before any byte. */
export function reset(visit: OpenVisit): void {
  visit.request.socket.resetAndDestroy();
}

/** RST after a tenth of the promised body has left. */
export function breakMidBody(visit: OpenVisit): void {
  visit.response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 10_000 });
  visit.response.write('x'.repeat(1000), () => setImmediate(() => visit.request.socket.resetAndDestroy()));
}

/** Promises 100 bytes and ends the connection in good order after 50. */
export function sendShort(visit: OpenVisit): void {
  visit.request.socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n${'x'.repeat(50)}`);
}

/** `count` single bytes, one `every` so many milliseconds. */
export async function trickle(visit: OpenVisit): Promise<void> {
  const every = Math.min(wholeNumber(lastParameter(visit.query, 'every')) ?? 1000, MAX_TRICKLE_MILLISECONDS);
  const count = Math.min(wholeNumber(lastParameter(visit.query, 'count')) ?? 10, MAX_TRICKLE_COUNT);
  visit.response.writeHead(200, { 'Content-Type': 'text/plain' });
  visit.response.flushHeaders();
  for (let sent = 0; sent < count; sent += 1) {
    if (!(await stillThereAfter(visit, every))) return;
    visit.response.write('.');
  }
  visit.response.end();
}

/** Not HTTP at all. */
export function sendGarbage(visit: OpenVisit): void {
  visit.request.socket.end('\u0000\u0001 MEADOW/0.9 !! out of cheese\r\n\r\n');
}

/** Answers at once and leaves the request's body unread. */
export function answerEarly(visit: OpenVisit): void {
  answerText(visit, 'Answered before reading\n');
}

/** Takes the request and never answers. */
export function hang(): void {
  // Nothing on purpose: the connection stays open until somebody closes it.
}

/** A complete answer with the start of another behind it, which belongs to no request. */
export function sendExtra(visit: OpenVisit): void {
  const stray = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray';
  visit.request.socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok${stray}`);
}
