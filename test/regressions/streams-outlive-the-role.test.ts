// A nurse was moved to the front desk at the provider, and the roles were read again; the event stream and the live
// connection that she had opened as a nurse went on for hours. So they did after the rule was taken out of the file, and
// after the hours in which it permits. Rules were asked when a stream began and never again.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeCode, handshakeHeaders, switchProtocols } from '../support/live-connection.ts';
import { eventually } from '../support/demo-story.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';
import { wireHost, wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

const sweptMilliseconds = 12_000;
const rule = '{ name: live, application: wire, paths: ["/live/**"], allow: nurse, webSocket: true }';

let clock: ShiftingClock;
let wire: WireStory;
beforeEach(async () => {
  clock = new ShiftingClock();
  wire = await wireStory({ clock, idle: '10h', wireRules: [rule] });
  wire.ehr.answer = (request) => {
    if (request.line.includes('/live/ws')) switchProtocols(request);
    else
      request.socket.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n',
      );
  };
});
afterEach(async () => wire.close());

async function openBoth(): Promise<{ readonly socket: RawConnection; readonly events: RawConnection }> {
  const socket = (await wire.open()).send(wire.head('GET /live/ws', ...handshakeHeaders(wireHost)));
  await eventually(() => socket.received.includes(' 101 '), 'the live connection');
  const events = (await wire.open()).send(wire.head('GET /live/events'));
  await eventually(() => events.received.includes('hello'), 'the event stream');
  return { socket, events };
}

async function expectCut(open: { readonly socket: RawConnection; readonly events: RawConnection }): Promise<void> {
  await eventually(() => open.socket.closed && open.events.closed, 'both to be cut', sweptMilliseconds);
  expect(closeCode(open.socket)).toBe(4403);
  const ended = (target: string) => wire.records().find((one) => one['event'] === 'outcome' && one['target'] === target);
  for (const target of ['/live/ws', '/live/events']) {
    expect(await eventually(() => ended(target), 'the outcome')).toMatchObject({ reason: 'permit-ended' });
  }
  await eventually(() => wire.ehr.requests.every(({ socket }) => socket.destroyed), 'the EHR to be let go');
}

async function reload(change: (rules: string) => string): Promise<void> {
  const file = join(wire.demo.directory, 'rules.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  await wire.demo.gateway.reload();
}

test('they end when the role does, though nobody sends a request', { timeout: 30_000 }, async () => {
  const open = await openBoth();
  wire.demo.provider.setGroups('nurse', ['Clinic-Physicians']);
  clock.forward({ minutes: 15 });
  await expectCut(open);
  expect(wire.records().some((one) => one['event'] === 'roles-refreshed')).toBe(true);
});

test('they end when their rule is taken out of the file', { timeout: 30_000 }, async () => {
  const open = await openBoth();
  await reload((rules) => rules.replace(`  - ${rule}\n`, ''));
  await expectCut(open);
});

test('they end when nobody may open them any more', { timeout: 30_000 }, async () => {
  const open = await openBoth();
  await reload((rules) => `${rules}denyAlways: [{ application: wire, paths: ["/live/**"] }]\n`);
  await expectCut(open);
});

test('they go on where the rules still permit them', { timeout: 30_000 }, async () => {
  const open = await openBoth();
  await reload((rules) => `${rules}# read again\n`);
  await wire.demo.gateway.composed.sweep();
  for (const request of wire.ehr.requests)
    request.socket.write(request.line.includes('events') ? '4\r\nmore\r\n' : '\u0081\u0004more');
  await eventually(() => open.events.received.includes('more') && open.socket.received.includes('more'), 'more');
});

test('they end with the hours of their rule', { timeout: 30_000 }, async () => {
  // From an hour ago to an hour from now, in the clinic's time zone.
  const at = (hours: number): string =>
    new Date(clock.now() + hours * 3_600_000).toLocaleTimeString('en-GB', {
      timeZone: 'America/Chicago',
      hour: '2-digit',
      minute: '2-digit',
    });
  await reload((rules) =>
    rules.replace('allow: nurse, webSocket', `allow: nurse, hours: "Mon-Sun ${at(-1)}-${at(1)}", webSocket`),
  );
  const open = await openBoth();
  clock.forward({ hours: 2 });
  await expectCut(open);
});
