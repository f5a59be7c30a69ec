// A clinic with two applications in one gateway, EHR and PACS, each with an upstream of its own; and people in one browser.

import { generateSync } from 'otplib';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr, DemoEhrOptions } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from './clinic.ts';
import type { Clinic, ClinicOptions } from './clinic.ts';
import { CookieClient } from './cookie-client.ts';
import { ShiftingClock } from './shifting-clock.ts';

export interface TwoApplications extends Clinic {
  readonly pacs: DemoEhr;
  readonly gateway: Gateway;
  readonly clock: ShiftingClock;
}

const rules = [
  'mode: enforce',
  'roles: { physician: Clinic-Physicians, nurse: Clinic-Nurses, privacy: Clinic-Privacy }',
  'rules:',
  '  - { name: charts, application: ehr, paths: [/chart], allow: [physician, nurse], patient: query.pid, download: always }',
  '  - { name: screens, application: ehr, paths: [/**], allow: [physician, nurse] }',
  '  - { name: sockets, application: pacs, paths: [/ws/**], allow: physician, webSocket: true }',
  '  - { name: files, application: pacs, paths: [/documents/file], allow: physician, patient: query.pid }',
  '  - { name: lists, application: pacs, paths: [/documents/**], allow: [physician, nurse], patient: query.pid, freshFactor: 5m }',
  '  - { name: images, application: pacs, paths: [/chart], allow: physician, patient: query.pid, download: always }',
  '  - { name: viewer, application: pacs, paths: [/main, /patients], allow: [physician, nurse] }',
  '  - { name: console, area: wardgate.console, allow: privacy }',
  'downloads: { everyone: { files: 3/hour } }',
].join('\n');

export async function twoApplications(
  options: ClinicOptions = {},
  ehr: Partial<DemoEhrOptions> = {},
): Promise<TwoApplications & { readonly end: () => Promise<void> }> {
  const pacs = await startDemoEhr({ signOn: 'header', headerName: 'X-Pacs-User', faults: true, ...ehr });
  const lines = ['preset: legacy-demo', 'signOn: { header: X-Pacs-User }'];
  const place = await clinic({ rules, ...options, second: { name: 'pacs', upstream: pacs.origin, lines } });
  const clock = new ShiftingClock();
  const gateway = await openGateway(place, undefined, clock);
  const end = async (): Promise<void> => {
    await gateway.close();
    await pacs.close();
    await place.close();
  };
  return { ...place, pacs, gateway, clock, end };
}

/** The code of the story's moment; each counts once, so a minute passes first. */
export function nextCode({ personas, clock }: Pick<TwoApplications, 'personas' | 'clock'>, name: string): string {
  clock.forward({ minutes: 1 });
  const secret = personas.find((one) => one.name === name)?.totpSecret ?? '';
  return generateSync({ secret, epoch: Math.floor(clock.now() / 1000) });
}

/** Signs in at the EHR, second factor included. */
export async function arriveAtEhr(house: TwoApplications, name: string, client = new CookieClient()): Promise<CookieClient> {
  const challenge = await client.page(`${house.origin}/.wardgate/sign-in?login_hint=${name}&return=%2Fmain`);
  const arrived = await client.form(challenge.url, { code: nextCode(house, name) });
  if (arrived.url !== `${house.origin}/main`) throw new Error(`Signing in ended at ${arrived.url}: ${arrived.text}`);
  return client;
}
