// The detectors over a real log: each alert is written once, over restarts too, and what was found while nobody could
// write it down is told at the next start.

import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AuditWatchThread } from '../../src/adapters/audit-watch-thread.ts';
import { AuditWatching } from '../../src/adapters/audit-watching.ts';
import { oneGateway } from '../../src/adapters/one-gateway.ts';
import { alertSettings } from '../../src/config/alert-settings.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/entry.ts';
import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { eventually, records } from '../support/demo-story.ts';
import { silentLog } from '../support/silent-log.ts';

afterAll(removeAuditDirectories);

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const day = 86_400_000;
const subject = { issuer: 'https://idp.example', sub: '1', name: 'nora' };
const hours = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 24 * 60 }];
/** Alerts that nothing follows. */
const nobody = { respond: () => Promise.resolve(), notices: () => [] };
const go = () => Promise.resolve();

async function write(directory: string, entries: readonly [AuditEvent, number, Partial<AuditEntry>?][]): Promise<void> {
  const log = await openTestLog(directory);
  for (const [event, time, fields] of entries) await log.append(auditEntry(event, time, { subject, ...fields }));
  await log.close();
}

const failures = (from: number): [AuditEvent, number][] =>
  Array.from({ length: 5 }, (_, index) => ['second-factor-failed', from + index]);

it('finds at the record where it shows, and nothing twice', async () => {
  const directory = auditDirectory();
  await write(directory, failures(noon));
  const watching = new AuditWatching({
    directories: [directory],
    timezone: 'UTC',
    hours,
    detectors: usualDetectors,
    relations: null,
  });
  expect(await watching.look(go)).toMatchObject([{ detector: 'failed-sign-ins', sequence: 5, person: { name: 'nora' } }]);
  expect([await watching.look(go), watching.behind]).toEqual([[], 0]);
});

it('takes an alert on record for told, at whatever start', async () => {
  const directory = auditDirectory();
  await write(directory, [
    ...failures(noon),
    ['alert', noon + 10, { reason: 'failed-sign-ins' }],
    ['alert', noon + 11, { reason: 'failed-sign-ins', subject: null }],
    ['restored', noon + 12, { subject: null }],
  ]);
  const watching = new AuditWatching({
    directories: [directory],
    timezone: 'UTC',
    hours,
    detectors: usualDetectors,
    relations: null,
  });
  expect((await watching.look(go)).map(({ detector }) => detector)).toEqual(['record-in-doubt']);
});

it('tells no news of days ago, and learns from five weeks', async () => {
  const directory = auditDirectory();
  await write(directory, [...failures(noon), ...failures(noon + 40 * day), ['heartbeat', noon + 42 * day]]);
  const watching = new AuditWatching({
    directories: [directory],
    timezone: 'UTC',
    hours,
    detectors: usualDetectors,
    relations: null,
  });
  expect(await watching.look(go)).toEqual([]);
  // From the first day that is learnt from: the failures of the 40th day are behind it, those of the first are not.
  expect(watching.behind).toBe(0);
});

it('goes on where a look was cut short', async () => {
  const directory = auditDirectory();
  const many = Array.from({ length: 2000 }, (_, index): [AuditEvent, number] => ['heartbeat', noon + index]);
  const log = await openTestLog(directory);
  await Promise.all([...failures(noon), ...many].map(([event, time]) => log.append(auditEntry(event, time, { subject }))));
  await log.close();
  const watching = new AuditWatching({
    directories: [directory],
    timezone: 'UTC',
    hours,
    detectors: usualDetectors,
    relations: null,
  });
  await expect(watching.look(() => Promise.reject(new Error('the gateway is being stopped')))).rejects.toThrow('being stopped');
  expect(watching.behind).toBeGreaterThan(0);
  expect((await watching.look(go)).map(({ detector }) => detector)).toEqual(['failed-sign-ins']);
});

it('writes alerts from a thread of its own, once over two starts', async () => {
  const directory = auditDirectory();
  const clock = { now: () => noon + 60_000, monotonic: () => 0 };
  await write(directory, failures(noon));
  for (const start of [1, 2]) {
    const audit = await openTestLog(directory);
    const thread = new AuditWatchThread(
      { directories: [directory], timezone: 'UTC', hours, detectors: usualDetectors, relations: null },
      {
        audit,
        clock,
        log: silentLog,
        leadership: oneGateway.leadership,
        responses: alertSettings(null).responses,
        responder: nobody,
      },
    );
    await eventually(
      () => records({ auditDirectory: directory }).some(({ event }) => event === 'alert'),
      `the alert at start ${start}`,
    );
    if (start === 2) await eventually(() => thread.looks > 1, 'a look');
    await thread.close();
    await audit.close();
    expect(thread.notices()).toEqual([]);
  }
  expect(records({ auditDirectory: directory }).filter(({ event }) => event === 'alert')).toMatchObject([
    {
      subject,
      reason: 'failed-sign-ins',
      detail: '5 attempts to sign in or unlock failed within 15 minutes; seen at record 5',
    },
  ]);
});

it('names the alerts that nothing followed yet, of a day and of what was to follow alone', async () => {
  const directory = auditDirectory();
  const alert = (detail: string): Partial<AuditEntry> => ({ reason: 'two-places', detail });
  await write(directory, [
    ['alert', noon - 2 * day, alert('why; to follow: block; seen at record 1')],
    ['alert', noon, alert('why; seen at record 1')],
    ['alert', noon, alert('why; to follow: block, end-session; seen at record 1')],
    ['alert', noon, alert('why; to follow: slow; seen at record 1')],
    ['response', noon, { reason: 'block', detail: 'To the alert at record 3: until then' }],
    ['response', noon, { reason: 'slow', detail: 'To the alert at record 4: until then' }],
    ['response', noon, { reason: 'slow', detail: 'of no alert' }],
  ]);
  const watching = new AuditWatching({
    directories: [directory],
    timezone: 'UTC',
    hours,
    detectors: usualDetectors,
    relations: null,
  });
  await watching.look(go);
  expect(watching.takeUnanswered()).toEqual([
    {
      sequence: 3,
      time: noon,
      detector: 'two-places',
      person: expect.objectContaining(subject) as object,
      deeds: ['end-session'],
    },
  ]);
  expect(watching.takeUnanswered()).toEqual([]);
});

it('says in words that it cannot read the log, and goes on once it can', async () => {
  const directory = auditDirectory();
  const log = await openTestLog(auditDirectory());
  const clock = { now: () => noon, monotonic: () => 0 };
  const task = { directories: [join(directory, 'gone')], timezone: 'UTC', hours, detectors: usualDetectors, relations: null };
  const thread = new AuditWatchThread(task, {
    audit: log,
    clock,
    log: silentLog,
    leadership: oneGateway.leadership,
    responses: alertSettings(null).responses,
    responder: nobody,
  });
  await eventually(() => thread.notices().length > 0, 'the notice');
  expect(thread.notices()[0]).toMatch(/^The detectors cannot go on, so nobody is alerted: /);
  await thread.close();
  await log.close();
});
