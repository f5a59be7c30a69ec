// A gateway with a feed: people work while the receiver is away, the receiver gets all of it when it is there, also what the gateway
// recorded last, and the next run goes on behind it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { startGateway } from '../../src/main.ts';
import { makeCertificate } from '../support/certificate.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { silentLog } from '../support/silent-log.ts';
import { SyslogReceiver } from '../support/syslog-receiver.ts';

const certificates = mkdtempSync(join(tmpdir(), 'wardgate-feeds-'));
afterAll(() => rmSync(certificates, { recursive: true }));

const soon = { timeout: 20_000 };

const numberOf = (message: string): number =>
  Number(Buffer.from(/type="seq" value="([^"]+)"/.exec(message)?.[1] ?? '', 'base64').toString());

async function health(place: Clinic, path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${place.healthPort}${path}`)).text();
}

test('the receiver is away, comes, and sees two runs', { timeout: 90_000 }, async () => {
  const certificate = makeCertificate(certificates, 'arr');
  const arr = await new SyslogReceiver(certificate).open();
  arr.die();
  const address = `tls://127.0.0.1:${arr.port}`;
  const feed = `{ syslog: "${address}", trust: "${certificate.certificate}", patients: resolved }`;
  const place = await clinic();
  const text = readFileSync(place.file, 'utf8');
  writeFileSync(place.file, text.replace('audit: { keep: 6y }', `audit: { keep: 6y, feeds: ${feed} }`));
  try {
    const first = await openGateway(place);
    const nurse = await signIn(place, 'nurse');
    expect((await nurse.page(`${place.origin}/chart?pid=7`)).status).toBe(200);
    await expect.poll(async () => health(place, '/readyz'), soon).toContain(`its feed "${address}": ECONNREFUSED`);
    expect(await health(place, '/metrics')).toContain(`wardgate_audit_feed_failing{feed="${address}"} 1`);
    await arr.open();
    await eventually(() => arr.messages.some((message) => message.includes('ParticipantObjectID="7"')), 'the chart');
    await expect.poll(async () => health(place, '/readyz'), soon).not.toContain('its feed');
    expect(await health(place, '/metrics')).toContain(`wardgate_audit_feed_lag_seconds{feed="${address}"} 0`);
    await first.close();
    expect(arr.messages.at(-1)).toContain('csd-code="110121"');
    const ofFirst = arr.messages.length;
    const loaded = await loadConfiguration(place.file);
    if (!loaded.ok) expect.fail('The files have not changed');
    const second = await startGateway(loaded.configuration, silentLog);
    await eventually(() => arr.messages.length > ofFirst, 'the next run');
    await second.close();
    // In the log's order and each once; an attempt without its outcome would be told behind what came meanwhile.
    const numbers = arr.messages.map(numberOf);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
    expect(numbers.at(-1)).toBe(records(place).at(-1)?.['seq']);
    // Every record but the attempts, which their outcomes tell.
    expect(numbers).toEqual(records(place).flatMap(({ seq, event }) => (event === 'attempt' ? [] : [seq])));
  } finally {
    arr.die();
    await place.close();
  }
});
