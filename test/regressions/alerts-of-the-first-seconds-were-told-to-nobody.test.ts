// A receiver of alerts that is new is told of what comes. Where that began was decided by the thread at its first look, and on a busy
// machine that was seconds after the gateway had opened: an alert of these seconds was on record, and nobody was told of it. A
// story of a whole day failed by it now and then. It begins with the gateway now.

import { afterAll, expect, test } from 'vitest';
import { AuditFeedThread, alertWords } from '../../src/adapters/audit-feed-thread.ts';
import { removeAuditDirectories, systemClock } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import { eventually } from '../support/demo-story.ts';
import { FeedStory } from '../support/feed-story.ts';
import { FhirReceiver } from '../support/fhir-receiver.ts';
import { silentLog } from '../support/silent-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterAll(removeAuditDirectories);

test('what was on record before is not told, what comes before the thread looks is', async () => {
  const certificate = makeCertificate(temporaryDirectory(), 'hooks');
  const server = await new FhirReceiver().open(certificate);
  const log = await new FeedStory().start();
  const alert = async (sub: string): Promise<void> => {
    const subject = { issuer: 'https://idp', sub, name: sub };
    await log.record('alert', { subject, reason: 'after-hours', patient: 'token-of-7', detail: 'At night; seen at record 1' });
  };
  await alert('before');
  const receivers = [
    {
      kind: 'webhook',
      url: `https://127.0.0.1:${server.port}/hook`,
      as: 'json',
      authorization: 'Bearer x',
      trustFile: certificate.certificate,
      detectors: null,
      budget: 100,
    } as const,
  ];
  const notify = { receivers, clinic: 'Northside', timezone: 'America/Chicago', gateway: 'https://ehr.example', number: 1 };
  const needs = { clock: systemClock, log: silentLog, resolve: async () => new Map<string, string>() };
  const thread = new AuditFeedThread({ directories: [log.directory], feeds: [], notify }, needs, alertWords);
  await alert('first');
  await alert('second');
  await eventually(() => server.posted.length === 2, 'both alerts');
  expect(server.posted.map(({ event }) => event['person'])).toEqual(['first', 'second']);
  await thread.close();
  await log.stop();
  server.close();
});
