// A day with alerts, questions, searches by name, refusals and failures of the EHR; then everything that leaves the gateway for
// people who may see no patient (log, metrics, mail, webhook) and the record itself are searched for every patient there is.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importDemoPatients } from '../../src/cli/import-demo-patients.ts';
import { demoCharts, importDemoRelations } from '../../src/cli/import-demo-relations.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { listName, patients } from '../../src/demo/ehr/patients.ts';
import type { OperationsLog } from '../../src/ports.ts';
import { makeCertificate } from '../support/certificate.ts';
import { arrive, recordsOf, roleLines, script } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, linesOf, story } from '../support/demo-story.ts';
import { FhirReceiver } from '../support/fhir-receiver.ts';
import { MailServer } from '../support/mail-server.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**', /finder], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse] }
  - { name: review, area: wardgate.review, allow: privacy }
  - { name: console, area: wardgate.console, allow: privacy }
`;

/** As the operations log would print it, with what stands in the errors. */
const logged: string[] = [];
const note = (fields: Readonly<Record<string, unknown>>, message: string): void => {
  const whole = (_key: string, value: unknown): unknown =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack, cause: value.cause } : value;
  logged.push(`${message} ${JSON.stringify(fields, whole)}`);
};
const log: OperationsLog = { info: note, warn: note, error: note };

const directory = mkdtempSync(join(tmpdir(), 'wardgate-outside-'));
const clock = new ShiftingClock();
const mail = new MailServer();
const hook = new FhirReceiver();
let demo: Demo;

const url = (path: string): string => demo.origin + path;
const ofNurse = patients[demoCharts.nurse - 1];
const typed = `It was ${ofNurse?.givenName ?? ''} ${ofNurse?.familyName ?? ''}, ${ofNurse?.mrn ?? ''}`;

/** What names a patient, whoever reads it; a number alone is none, and the record keeps it as a token. */
const needles = patients.flatMap((one) => [listName(one), `${one.givenName} ${one.familyName}`, one.mrn, one.phone, one.street]);

function post(client: CookieClient, path: string, fields: Record<string, string>) {
  const navigation = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: demo.origin };
  return client.ask(url(path), {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { ...navigation, ...type },
  });
}

beforeAll(async () => {
  const certificate = makeCertificate(directory, 'hooks');
  await mail.open();
  await hook.open(certificate);
  const alerts = `notify:
  - { webhook: "https://127.0.0.1:${hook.port}/alerts", trust: "${certificate.certificate}" }
  - { mail: [privacy@clinic.example], server: "smtp://127.0.0.1:${mail.port}", sender: wardgate@clinic.example }
detectors:
  after-hours: off
  own-chart: { response: [note, notify, ask] }
  household: { response: [note, notify, ask] }
  confidential-patient: { response: [note, notify] }
  many-patients: { moreThan: 3, response: [note, notify] }
`;
  demo = await story({ rules, alerts, clock, log });
  await importDemoPatients(demo);
  await importDemoRelations(demo, clock.now());
}, 60_000);

afterAll(async () => {
  await demo.close();
  mail.close();
  hook.close();
  rmSync(directory, { recursive: true });
});

test('a day with all of it', async () => {
  const nurse = await arrive(demo, 'nurse', clock);
  const physician = await arrive(demo, 'physician', clock);
  const officer = await arrive(demo, 'security', clock);
  for (const pid of [demoCharts.nurse, demoCharts.confidential, 30, 31, 32, 33]) await nurse.page(url(`/chart?pid=${pid}`));
  await physician.page(url(`/chart?pid=${demoCharts.sameHomeAsPhysician}`));
  for (const { familyName, mrn } of patients.slice(0, 5)) {
    await nurse.page(url(`/finder?q=${encodeURIComponent(familyName)}`));
    await physician.page(url(`/finder?name=${encodeURIComponent(familyName)}&mrn=${mrn}`));
    // Refused, and asked of the EHR where it breaks off.
    await (await arrive(demo, 'billing', clock)).page(url(`/chart?pid=1&name=${encodeURIComponent(familyName)}`));
    clock.forward({ minutes: 1 });
  }
  for (const fault of ['reset', 'slow', 'garbage']) {
    await script(physician, url(`/faults/${fault}?mrn=${patients[3]?.mrn ?? ''}`)).catch(() => undefined);
  }
  await eventually(() => recordsOf(demo, 'response').filter(({ reason }) => reason === 'ask').length === 2, 'the questions');
  const page = (await nurse.page(url('/.wardgate/question'))).text;
  expect(page).toContain(ofNurse?.familyName);
  const id = /name="case" value="([\w-]+)"/.exec(page)?.[1] ?? '';
  expect((await post(nurse, '/.wardgate/question', { case: id, answer: 'other', text: typed })).status).toBeLessThan(400);
  const review = '/.wardgate/console/review';
  expect((await post(officer, `${review}/case?id=${id}`, { kind: 'finding', text: typed })).status).toBeLessThan(400);
  for (const path of [`?patient=${demoCharts.nurse}`, '?person=nurse', '/people', '/review', `/review/case?id=${id}`])
    expect((await officer.page(url(`/.wardgate/console${path}`))).status).toBe(200);
  await eventually(() => mail.mails.length >= 3 && hook.posted.length >= 3, 'the alerts at both receivers');
});

test('the log and the metrics name no patient', async () => {
  expect(logged.length).toBeGreaterThan(3);
  const { text } = await demo.gateway.composed.metrics.text();
  for (const needle of needles) {
    expect(logged.join('\n')).not.toContain(needle);
    expect(text).not.toContain(needle);
  }
  // Nor the address that a chart has, in which a number is one.
  expect(logged.join('\n')).not.toMatch(/[?&](?:pid|mrn|name|q)=/);
});

test('mails and webhooks name no patient, by name or by number', () => {
  const told = [...mail.mails.map(({ text }) => text), ...hook.posted.map(({ event }) => JSON.stringify(event))];
  expect(told.length).toBeGreaterThanOrEqual(6);
  for (const needle of needles) expect(told.join('\n')).not.toContain(needle);
  const tokens = linesOf(demo).flatMap((line) => [...line.matchAll(/~[a-z0-9]{20,}/g)].map(([token]) => token));
  expect(tokens.length).toBeGreaterThan(5);
  for (const token of new Set(tokens)) expect(told.join('\n')).not.toContain(token);
  expect(told.join('\n')).not.toMatch(/\b(?:pid|patient|chart|record number)\W{0,3}\d/i);
});

test('the record holds no name, no number of a patient and no word that was typed', () => {
  const record = linesOf(demo).join('\n');
  for (const needle of [...needles, typed]) expect(record).not.toContain(needle);
  for (const { familyName } of patients.slice(0, 5)) expect(record).not.toContain(familyName);
});
