// The thread of the feeds: what it tells of each, what it asks of the gateway, and how it ends.

import { afterAll, expect, test } from 'vitest';
import { AuditFeedThread } from '../../src/adapters/audit-feed-thread.ts';
import type { FeedSettings } from '../../src/core/audit/feed/feed-settings.ts';
import { removeAuditDirectories, systemClock } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/demo-story.ts';
import { FeedStory, asked } from '../support/feed-story.ts';
import { FhirReceiver } from '../support/fhir-receiver.ts';
import { silentLog } from '../support/silent-log.ts';
import { SyslogReceiver } from '../support/syslog-receiver.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterAll(removeAuditDirectories);

const token = `~${'a'.repeat(26)}`;

function heard() {
  const lines: string[] = [];
  const hear = (_fields: object, line: string): void => void lines.push(line);
  return { lines, log: { ...silentLog, warn: hear, info: hear } };
}

test('two receivers each get everything, and one that is away holds the other up in nothing', async () => {
  const certificate = makeCertificate(temporaryDirectory(), 'both');
  const [arr, server] = [await new SyslogReceiver(certificate).open(), await new FhirReceiver().open(certificate)];
  const parts = { trustFile: certificate.certificate, certificateFile: null, keyFile: null, from: 'beginning' } as const;
  const feeds: FeedSettings[] = [
    { kind: 'fhir', url: `https://127.0.0.1:${server.port}/fhir`, authorization: null, patients: 'resolved', ...parts },
    {
      kind: 'syslog',
      host: '127.0.0.1',
      port: arr.port,
      dialect: 'ihe',
      confirm: 'close-notify',
      window: 8,
      patients: 'token',
      ...parts,
    },
  ];
  arr.die();
  const story = await new FeedStory().start();
  const { lines, log } = heard();
  const clock = { ...systemClock, now: () => Date.UTC(2026, 10, 23, 12, 10) };
  const resolve = async (tokens: readonly string[]) => Promise.resolve(new Map(tokens.map((one) => [one, 'pid 7'])));
  const thread = new AuditFeedThread({ directories: [story.directory], feeds }, { clock, log, resolve });
  await story.record('outcome', { ...asked, request: 'a', patient: token, status: 200 });
  await eventually(() => server.posted.length === 1, 'the event');
  expect(JSON.stringify(server.posted[0]?.event)).toContain('"value":"pid 7"');
  await eventually(() => thread.status[0]?.behind === 0 && thread.status[1]?.failure !== null, 'the failure');
  const place = `tls://127.0.0.1:${arr.port}`;
  const notice = `The access record does not reach its feed "${place}": ECONNREFUSED; 1 records wait, the oldest for 10 minutes`;
  expect(thread.notices()).toEqual([notice]);
  const [fhir = expect.fail(), syslog = expect.fail()] = thread.status;
  expect([thread.lagSeconds(fhir), thread.lagSeconds(syslog)]).toEqual([0, 600]);
  thread.look();
  thread.look();
  await arr.open();
  await eventually(() => thread.notices().length === 0, 'the quiet');
  thread.look();
  expect(lines).toEqual([notice, 'The access record reaches all its feeds again']);
  expect(arr.messages.join('')).toContain(`ParticipantObjectID="${token}"`);
  // What was recorded last before the end goes out with it.
  await story.record('stop');
  await story.stop();
  await thread.close();
  expect([arr.messages.length, server.posted.length]).toEqual([2, 2]);
  arr.die();
  server.close();
});

test('a store of patients that cannot be read is told, and nothing is sent until it can', async () => {
  const certificate = makeCertificate(temporaryDirectory(), 'one');
  const server = await new FhirReceiver().open(certificate);
  const story = await new FeedStory().start();
  let isShut = true;
  const resolve = async () => (isShut ? Promise.reject(new Error('shut')) : Promise.resolve(new Map([[token, 'pid 7']])));
  const url = `https://127.0.0.1:${server.port}/fhir`;
  const parts = { trustFile: certificate.certificate, certificateFile: null, keyFile: null, from: 'beginning' } as const;
  const feeds: FeedSettings[] = [{ kind: 'fhir', url, authorization: null, patients: 'resolved', ...parts }];
  const thread = new AuditFeedThread({ directories: [story.directory], feeds }, { clock: systemClock, log: silentLog, resolve });
  await story.record('outcome', { ...asked, request: 'a', patient: token, status: 200 });
  await eventually(() => thread.notices().length === 1, 'the notice');
  expect(thread.notices()[0]).toContain('the ids of patients cannot be read');
  expect(server.posted).toEqual([]);
  isShut = false;
  await eventually(() => server.posted.length === 1, 'the event');
  await thread.close();
  await story.stop();
  server.close();
});

test('a log that is not there is told, and a gateway without feeds has no thread', async () => {
  const [directory, feeds] = [temporaryDirectory(), [] as FeedSettings[]];
  const needs = { clock: systemClock, log: silentLog, resolve: async () => Promise.resolve(new Map()) };
  const none = new AuditFeedThread({ directories: [directory], feeds }, needs);
  expect([none.status, none.notices()]).toEqual([[], []]);
  await none.close();
  const url = 'https://127.0.0.1:1/fhir';
  const parts = { trustFile: null, certificateFile: null, keyFile: null, patients: 'token', from: 'now' } as const;
  const one = new AuditFeedThread(
    { directories: [directory], feeds: [{ kind: 'fhir', url, authorization: null, ...parts }] },
    needs,
  );
  await eventually(() => one.notices().length === 1, 'the notice');
  expect(one.notices()[0]).toBe(`The access record does not reach its feed "${url}": ENOENT`);
  await one.close();
});
