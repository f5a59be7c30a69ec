// A clinic whose EHR is a real Orthanc behind the gateway, with the shipped preset and one service account.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from './clinic.ts';
import type { Clinic } from './clinic.ts';
import { countingRelay } from './counting-relay.ts';
import type { CountingRelay } from './counting-relay.ts';
import { startOrthanc } from './orthanc.ts';
import type { Orthanc } from './orthanc.ts';

export interface OrthancClinic {
  readonly place: Clinic;
  readonly gateway: Gateway;
  readonly orthanc: Orthanc;
  /** What goes from the gateway to Orthanc. */
  readonly relay: CountingRelay;
  readonly close: () => Promise<void>;
}

const rules = `mode: enforce
roles:
  physician: Clinic-Physicians
  nurse: Clinic-Nurses
  records: Clinic-Records
  front-desk: Clinic-FrontDesk
  it: Clinic-IT
rules:
  - { name: look, area: ehr.view, allow: [physician, nurse, records, it] }
  - { name: take, area: ehr.download, allow: [physician, nurse, records], export: [physician, records] }
  - { name: send, area: ehr.upload, allow: physician }
  - { name: remove, area: ehr.delete, allow: it }
  - { name: keep-running, area: ehr.admin, allow: it }
downloads:
  everyone: { files: 100/hour, size: 200MB/day, patients: 60/hour, then: refuse }
  physician: { files: 2/hour, then: refuse }
`;

/** Starts all of it. Without `password` the account's right one is used. */
export async function orthancClinic(program: string, password?: string): Promise<OrthancClinic> {
  const orthanc = await startOrthanc(program);
  const relay = await countingRelay(orthanc.origin);
  const secrets = mkdtempSync(join(tmpdir(), 'wardgate-orthanc-secret-'));
  const secret = join(secrets, 'password');
  writeFileSync(secret, password ?? orthanc.password, { mode: 0o600 });
  const applicationLines = ['preset: orthanc', `signOn: { account: ${orthanc.account}, passwordFile: ${secret} }`];
  const place = await clinic({ rules, upstream: relay.origin, applicationLines });
  const gateway = await openGateway(place);
  const close = async (): Promise<void> => {
    await gateway.close();
    await place.close();
    await relay.close();
    await orthanc.close();
    rmSync(secrets, { recursive: true, force: true });
  };
  return { place, gateway, orthanc, relay, close };
}
