// A real FHIR server (HAPI) that holds every event against the definitions of HL7 before it stores it: a feed brings it each kind of
// record there is, it takes them all, once, and finds them again by patient and date.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessOrder } from '../../src/adapters/access-order.ts';
import { AuditFeed } from '../../src/adapters/audit-feed.ts';
import { systemClock } from '../../src/adapters/clock-system.ts';
import { FeedCursor } from '../../src/adapters/feed-cursor.ts';
import { FhirFeed } from '../../src/adapters/feed-fhir.ts';
import type { FhirFeedSettings } from '../../src/core/audit/feed/feed-settings.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { auditEventProblems } from '../support/check-audit-event.ts';
import { chartRead, everyEvent, fillings } from '../support/every-event.ts';
import { FeedStory } from '../support/feed-story.ts';
import { startHapi } from '../support/hapi.ts';
import type { HapiServer } from '../support/hapi.ts';
import { requirement } from '../support/requirements.ts';

const needed = requirement('hapi');
/** Whose charts the first round is of, so that they can be counted. */
const patient = '4711';

needed.describe('HAPI FHIR', () => {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-hapi-'));
  let certificate: CertificateFiles;
  let server: HapiServer;

  beforeAll(async () => {
    certificate = makeCertificate(directory, 'server');
    server = await startHapi(needed.path ?? '', certificate);
  }, 180_000);
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
    removeAuditDirectories();
  });

  test('takes every kind of record from the feed, once, and finds it again', { timeout: 300_000 }, async () => {
    const log = await new FeedStory().start();
    for (const event of everyEvent) await log.record(event, { ...chartRead, request: null, patient });
    const others = ['outcome', 'refusal', 'offboarded'] as const;
    for (const [, fields] of fillings) for (const event of others) await log.record(event, { ...fields, request: null });
    await log.stop();
    const settings: FhirFeedSettings = {
      kind: 'fhir',
      url: server.url,
      authorization: null,
      trustFile: certificate.certificate,
      certificateFile: null,
      keyFile: null,
      patients: 'token',
      from: 'beginning',
    };
    const feed = new AuditFeed({
      where: server.url,
      directories: [log.directory],
      begin: 'beginning',
      receiver: new FhirFeed(settings, log.directory, systemClock),
      cursor: new FeedCursor(log.directory, server.url),
      order: accessOrder,
    });
    await feed.look();
    await feed.close();
    expect(feed.status).toMatchObject({ told: log.written, behind: 0, failure: null, refused: 0 });
    expect((await server.find('date=ge2026-11-23T12:00:00Z&date=le2026-11-23T12:01:00Z')).total).toBe(log.written);
    expect((await server.find('date=ge2026-11-23T12:01:00Z')).total).toBe(0);
    expect((await server.find('patient.identifier=nobody')).total).toBe(0);
    const { total, events } = await server.find(`patient.identifier=${patient}`);
    expect([total, new Set(events.map(hashOf)).size]).toEqual([everyEvent.length, everyEvent.length]);
    // What the server gives back still is what we sent.
    for (const { id: _id, meta, ...event } of events) {
      const { profile } = (meta ?? {}) as { profile?: unknown };
      expect(auditEventProblems(profile === undefined ? event : { ...event, meta: { profile } })).toEqual([]);
    }
  });
});

function hashOf(event: Readonly<Record<string, unknown>>): string {
  return /"hash","valueString":"([0-9a-f]{64})"/.exec(JSON.stringify(event))?.[1] ?? '';
}
