// Receivers of alerts that are away, broken or slow: each alert comes in the end, in order, and once where the receiver can say that
// it has it, also when the gateway is killed in between.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AuditFeed } from '../../src/adapters/audit-feed.ts';
import { AuditFeedThread, alertWords } from '../../src/adapters/audit-feed-thread.ts';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { notifyFeed } from '../../src/adapters/notify-feed.ts';
import { MailNotifier } from '../../src/adapters/notify-mail.ts';
import { WebhookNotifier } from '../../src/adapters/notify-webhook.ts';
import type { AlertMessage } from '../../src/core/notify/alert-message.ts';
import type { MailSettings, NotifySettings, WebhookSettings } from '../../src/core/notify/notify-settings.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { eventually } from '../support/demo-story.ts';
import { FeedStory, fail, reach } from '../support/feed-story.ts';
import { FhirReceiver } from '../support/fhir-receiver.ts';
import { MailServer } from '../support/mail-server.ts';
import { silentLog } from '../support/silent-log.ts';
import { SyslogReceiver } from '../support/syslog-receiver.ts';

const certificates = mkdtempSync(join(tmpdir(), 'wardgate-alerts-'));
let certificate: CertificateFiles;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(() => {
  certificate = makeCertificate(certificates, 'hooks');
});
afterAll(() => rmSync(certificates, { recursive: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  removeAuditDirectories();
});

async function opened(): Promise<FeedStory> {
  const log = await new FeedStory().start();
  closing.push(() => log.stop());
  return log;
}

/** As each run of the gateway opens it. */
function feedOf({ directory }: FeedStory, settings: NotifySettings): AuditFeed<AlertMessage> {
  const task = {
    receivers: [settings],
    clinic: 'Northside',
    timezone: 'America/Chicago',
    gateway: 'https://ehr.example',
    number: 1,
  };
  const feed = notifyFeed(settings, task, { directories: [directory], since: null }, systemClock);
  closing.push(() => feed.close());
  return feed;
}

const usual = { detectors: null, budget: 100 };

async function webhook(as: WebhookSettings['as'] = 'json'): Promise<[FhirReceiver, WebhookSettings]> {
  const server = await new FhirReceiver().open(certificate);
  closing.push(() => server.close());
  const url = `https://127.0.0.1:${server.port}/hook/secret`;
  return [server, { kind: 'webhook', url, as, authorization: 'Bearer x', trustFile: certificate.certificate, ...usual }];
}

async function alerts(log: FeedStory, ...people: readonly string[]): Promise<void> {
  for (const sub of people) {
    const subject = { issuer: 'https://idp', sub, name: sub };
    await log.record('alert', { subject, reason: 'after-hours', patient: 'token-of-7', detail: 'At night; seen at record 1' });
  }
}

const peopleOf = ({ posted }: FhirReceiver) => posted.map(({ event }) => event['person']);

/** Begins, so that what comes is told. */
async function begun(feed: AuditFeed<AlertMessage>, log: FeedStory): Promise<AuditFeed<AlertMessage>> {
  await log.record('heartbeat');
  await reach(feed, log);
  return feed;
}

test('a webhook that answers 500 for ten minutes then gets all of it, once and in order', async () => {
  const [server, settings] = await webhook();
  const log = await opened();
  const feed = await begun(feedOf(log, settings), log);
  server.answer = () => 500;
  await alerts(log, 'a', 'b');
  await fail(feed, /^it answered 500$/);
  // Each wait as the gateway's thread would wait it, on a clock that the test counts.
  let waited = 0;
  while (waited < 600_000) {
    waited += feed.waitMilliseconds;
    await feed.look();
    if (waited === 1000) await alerts(log, 'c');
  }
  expect(feed.waitMilliseconds).toBe(60_000);
  expect(server.asked).toBeLessThan(25);
  expect(peopleOf(server)).toEqual([]);
  server.answer = () => 200;
  await reach(feed, log);
  await reach(feedOf(log, settings), log);
  expect(peopleOf(server)).toEqual(['a', 'b', 'c']);
  const [first = expect.fail()] = server.posted;
  expect(first).toMatchObject({
    method: 'POST',
    path: '/hook/secret',
    headers: { authorization: 'Bearer x', 'idempotency-key': first.event['id'] },
    event: { clock: '2026-11-23 06:00', detector: 'after-hours', lines: ['At night'] },
  });
  expect(JSON.stringify(server.posted)).not.toContain('token-of-7');
  expect(feed.status.where).toMatch(/^webhook at 127\.0\.0\.1:\d+ \([0-9a-f]{6}\)$/);
});

test('alerts written while no gateway runs come with the next, and those before the first do not', async () => {
  const [server, settings] = await webhook();
  const log = await opened();
  await alerts(log, 'long-ago');
  await begun(feedOf(log, settings), log);
  await alerts(log, 'a', 'b');
  await reach(feedOf(log, settings), log);
  expect(peopleOf(server)).toEqual(['a', 'b']);
});

test('a webhook that dies behind the alert is told it again by the same name', async () => {
  const [server, settings] = await webhook();
  const log = await opened();
  const feed = await begun(feedOf(log, settings), log);
  server.answer = (_event, before) => (before === 0 ? 'keep-and-reset' : 200);
  await alerts(log, 'a', 'b');
  await fail(feed, /^(UND_ERR_SOCKET|ECONNRESET)$/);
  await reach(feed, log);
  expect(peopleOf(server)).toEqual(['a', 'a', 'b']);
  expect(server.posted[0]?.event['id']).toBe(server.posted[1]?.event['id']);
});

test.each([301, 400, 404, 413])('a webhook that answers %i has not taken the alert, and is asked again', async (status) => {
  const [server, settings] = await webhook('slack');
  const log = await opened();
  const feed = await begun(feedOf(log, settings), log);
  server.answer = (_event, before) => (before === 0 ? status : 200);
  await alerts(log, 'a');
  await fail(feed, new RegExp(`^it answered ${status}$`));
  await reach(feed, log);
  expect(server.posted.map(({ event }) => event['text'])).toEqual(['Wardgate: After hours: a']);
});

test('a webhook that asks to be left alone is, and a certificate of somebody else is not believed', async () => {
  const [server, settings] = await webhook('teams');
  const log = await opened();
  const feed = await begun(feedOf(log, settings), log);
  server.answer = () => ({ status: 429, after: '30' });
  await alerts(log, 'a');
  await fail(feed, /^it answered 429$/);
  expect(feed.waitMilliseconds).toBe(30_000);
  const other = feedOf(log, { ...settings, trustFile: null });
  await fail(other, /SELF_SIGNED|UNABLE_TO_VERIFY/);
});

test('a webhook that takes the alert and says nothing is left, and asked again under the same name', async () => {
  const [server, settings] = await webhook();
  const log = await opened();
  const feed = await begun(feedOf(log, settings), log);
  await feed.close();
  const hasty = new WebhookNotifier(settings, systemClock, 300);
  closing.push(() => hasty.close());
  server.answer = () => 'silence';
  const message = { id: 'a1', title: 'After hours: a', lines: ['At night'], person: 'a' } as unknown as AlertMessage;
  await expect(hasty.take([message])).rejects.toThrow(/timeout/);
  expect(server.posted).toEqual([]);
  server.answer = () => 200;
  await hasty.take([message]);
  expect(server.posted.map(({ headers }) => headers['idempotency-key'])).toEqual(['a1']);
});

test('a receiver that stalls holds nobody else up, nor the end of the gateway', async () => {
  const [[stalled, one], [well, other]] = [await webhook(), await webhook()];
  stalled.answer = () => 'silence';
  const log = await opened();
  const notify = {
    receivers: [one, other],
    clinic: 'Northside',
    timezone: 'America/Chicago',
    gateway: 'https://ehr.example',
    number: 1,
  };
  const needs = { clock: systemClock, log: silentLog, resolve: async () => new Map<string, string>() };
  const thread = new AuditFeedThread({ directories: [log.directory], feeds: [], notify }, needs, alertWords);
  await log.record('heartbeat');
  await eventually(() => thread.status.every(({ told }) => told === log.written), 'the beginning of both');
  await alerts(log, 'a');
  await eventually(() => stalled.asked === 1, 'the alert at the one that stalls');
  await alerts(log, 'b', 'c');
  await eventually(() => well.posted.length === 3, 'all alerts at the other');
  expect(peopleOf(well)).toEqual(['a', 'b', 'c']);
  expect(peopleOf(stalled)).toEqual([]);
  await thread.close();
  // What it has not taken comes with the next gateway.
  stalled.answer = () => 200;
  await reach(feedOf(log, one), log);
  expect(peopleOf(stalled)).toEqual(['a', 'b', 'c']);
});

const mailTo = (port: number, more: Partial<MailSettings> = {}): MailSettings => ({
  kind: 'mail',
  to: 'privacy@clinic.example',
  from: 'wardgate@clinic.example',
  host: '127.0.0.1',
  port,
  tls: 'none',
  user: null,
  password: null,
  trustFile: null,
  ...usual,
  ...more,
});

async function mailServer(own: CertificateFiles | null = null): Promise<MailServer> {
  const server = await new MailServer(own).open();
  closing.push(() => server.close());
  return server;
}

test('mail goes out through a server that refuses, dies, and then takes it', async () => {
  const server = await mailServer();
  const log = await opened();
  const feed = await begun(feedOf(log, mailTo(server.port)), log);
  server.answer = (before) => ['451 try later with "secret"', 'reset'][before] ?? '250 taken';
  await alerts(log, 'a', 'b');
  await fail(feed, /^the mail server answered 451$/);
  await fail(feed, /^the mail server cannot be used: [A-Z]+$/);
  await reach(feed, log);
  expect(server.mails.map(({ to, from }) => [from, ...to])).toEqual(
    Array.from({ length: 3 }, () => ['wardgate@clinic.example', 'privacy@clinic.example']),
  );
  const headers = server.mails.map(({ text }) => [/^Subject: (.*)$/m.exec(text)?.[1], /^Message-ID: (.*)$/im.exec(text)?.[1]]);
  expect(headers.map(([subject]) => subject?.trim())).toEqual([
    '[Wardgate] After hours: a',
    '[Wardgate] After hours: a',
    '[Wardgate] After hours: b',
  ]);
  // What came twice says so by its name.
  expect(headers[0]?.[1]).toBe(headers[1]?.[1]);
  expect(server.mails[0]?.text).toContain('At night');
  expect(JSON.stringify(server.mails)).not.toContain('token-of-7');
});

test('a mail server that is never done is left, and its connection with it', async () => {
  const server = await mailServer();
  server.answer = () => 'trickle';
  const message: AlertMessage = {
    id: 'one',
    kind: 'alert',
    time: '2026-11-30T08:00:00Z',
    clock: '08:00',
    clinic: 'Northside',
    title: 'After hours',
    person: 'a',
    detector: 'after-hours',
    lines: ['At night'],
    link: 'https://ehr.northside.example/',
  };
  await expect(new MailNotifier(mailTo(server.port), 300).take([message])).rejects.toThrow('the mail server took too long');
  await eventually(() => server.connections === 0, 'the connection to be closed');
});

test('mail to a server on the network goes over TLS, with the name and password, or not at all', async () => {
  const log = await opened();
  const server = await mailServer(certificate);
  const secret = { tls: 'starttls', user: 'gate', password: 'pass' } as const;
  const feed = await begun(feedOf(log, mailTo(server.port, { ...secret, trustFile: certificate.certificate })), log);
  await alerts(log, 'a');
  await reach(feed, log);
  expect(server.mails).toMatchObject([{ isSecret: true, login: '\0gate\0pass' }]);
  const plain = await mailServer();
  const other = feedOf(log, mailTo(plain.port, { ...secret, to: 'other@clinic.example' }));
  await begun(other, log);
  await alerts(log, 'b');
  await fail(other, /^the mail server (cannot be used: ETLS|answered 500)$/);
  const distrusting = feedOf(log, mailTo(server.port, { ...secret, to: 'other@clinic.example' }));
  await fail(distrusting, /^the mail server cannot be used: [A-Z_]+$/);
  expect(plain.mails).toEqual([]);
  expect(server.mails).toHaveLength(1);
});

test('a syslog receiver that is away gets each alert as one line', async () => {
  const receiver = await new SyslogReceiver(certificate).open();
  closing.push(() => receiver.die());
  const log = await opened();
  const at = { host: '127.0.0.1', port: receiver.port, certificateFile: null, keyFile: null };
  const feed = feedOf(log, { kind: 'syslog', ...at, trustFile: certificate.certificate, ...usual });
  await begun(feed, log);
  receiver.die();
  await alerts(log, 'a', 'b');
  await fail(feed, /^ECONNREFUSED$/);
  await receiver.open();
  await reach(feed, log);
  expect(receiver.messages.map((line) => / ALERT - .*?; At night/.exec(line)?.[0])).toEqual([
    ' ALERT - \ufeffAfter hours: a; At night',
    ' ALERT - \ufeffAfter hours: b; At night',
  ]);
});
