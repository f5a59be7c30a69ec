// A gateway that tells a webhook of alerts: while nobody listens the health page says so, and then the alert comes, in words, with a
// link to its record and without the patient.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { FhirReceiver } from '../support/fhir-receiver.ts';

const certificates = mkdtempSync(join(tmpdir(), 'wardgate-notify-'));
afterAll(() => rmSync(certificates, { recursive: true }));

async function health(place: Clinic, path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${place.healthPort}${path}`)).text();
}

test('the receiver is away, comes, and is told what happened', { timeout: 90_000 }, async () => {
  const certificate = makeCertificate(certificates, 'hooks');
  const hook = await new FhirReceiver().open(certificate);
  hook.close();
  const place = await clinic();
  const url = `https://127.0.0.1:${hook.port}/alerts`;
  writeFileSync(
    join(dirname(place.file), 'alerts.yaml'),
    `notify: { webhook: "${url}", trust: "${certificate.certificate}" }\ndetectors: { many-patients: { moreThan: 3 }, after-hours: { response: note } }\n`,
  );
  try {
    const gateway = await openGateway(place);
    const stranger = new CookieClient();
    const challenge = await stranger.page(`${place.origin}/.wardgate/sign-in?login_hint=nurse&return=/main`);
    for (let tries = 0; tries < 5; tries += 1) await stranger.form(challenge.url, { code: '000000' });
    const soon = { timeout: 20_000 };
    await expect
      .poll(async () => health(place, '/readyz'), soon)
      .toContain(`Alerts do not reach "webhook at 127.0.0.1:${hook.port}`);
    expect(await health(place, '/metrics')).toMatch(/wardgate_alerts_receiver_failing\{receiver="webhook at [^"]*"\} 1/);
    // What is a secret is not shown.
    expect(await health(place, '/readyz')).not.toContain('/alerts');
    await hook.open(certificate);
    await eventually(() => hook.posted.length > 0, 'the alert');
    const alert = records(place).find(({ event }) => event === 'alert');
    expect(hook.posted[0]?.event).toMatchObject({
      product: 'wardgate',
      kind: 'alert',
      title: 'Failed sign ins: nurse',
      person: 'nurse',
      detector: 'failed-sign-ins',
      lines: ['5 attempts to sign in or unlock failed within 15 minutes'],
      link: `${place.origin}/.wardgate/console?show=alerts&days=all&before=${Number(alert?.['seq']) + 1}`,
    });
    await expect.poll(async () => health(place, '/readyz'), soon).not.toContain('Alerts do not reach');
    // The link leads to the alert.
    const link = new URL(String(hook.posted[0]?.event['link']));
    const officer = await signIn(place, 'security', `${link.pathname}${link.search}`);
    expect((await officer.page(link.href)).text).toContain('failed-sign-ins');
    const physician = await signIn(place, 'physician');
    for (let pid = 1; pid <= 5; pid += 1) await physician.page(`${place.origin}/chart?pid=${pid}`);
    await eventually(() => hook.posted.some(({ event }) => event['person'] === 'physician'), 'the second alert');
    // What the clinic wants on record alone is told to nobody.
    expect(hook.posted.map(({ event }) => event['detector'])).not.toContain('after-hours');
    await gateway.close();
  } finally {
    hook.close();
    await place.close();
  }
});
