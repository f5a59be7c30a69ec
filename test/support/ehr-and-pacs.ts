// A clinic's EHR and a real Orthanc as two applications, written as docs/several-applications.md says; and the cable to Orthanc, so
// that a story can have a download stand still.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chaosProxy } from './chaos-proxy.ts';
import type { ChaosProxy } from './chaos-proxy.ts';
import type { ClinicOptions } from './clinic.ts';
import { dicomFile } from './dicom-file.ts';
import { images, startOrthanc } from './orthanc.ts';
import type { Orthanc } from './orthanc.ts';

export interface Pacs {
  readonly orthanc: Orthanc;
  readonly cable: ChaosProxy;
  /** For the clinic or the two gateways. */
  readonly options: ClinicOptions;
  /** Path of one image as a file: a quarter of a megabyte. */
  readonly file: string;
  close(): Promise<void>;
}

const rules = `mode: enforce
roles: { physician: Clinic-Physicians, nurse: Clinic-Nurses, records: Clinic-Records, privacy: Clinic-Privacy }
rules:
  - { name: screens, area: ehr.shell, allow: everyone }
  - { name: messages, area: ehr.messages, allow: everyone, webSocket: true }
  - { name: charts, area: ehr.chart, allow: [physician, nurse] }
  - { name: documents, area: ehr.documents, allow: [physician, nurse, records] }
  - { name: images, area: pacs.view, allow: [physician, nurse, records] }
  - { name: files, area: pacs.download, allow: [physician, records], export: [physician, records] }
  - { name: console, area: wardgate.console, allow: privacy }
downloads: { everyone: { files: 2/hour, then: refuse } }
`;

/** `program` is Orthanc. */
export async function startPacs(program: string): Promise<Pacs> {
  const orthanc = await startOrthanc(program);
  const cable = await chaosProxy(orthanc.port);
  const secrets = mkdtempSync(join(tmpdir(), 'wardgate-pacs-'));
  const secret = join(secrets, 'password');
  writeFileSync(secret, orthanc.password, { mode: 0o600 });
  const lines = ['preset: orthanc', `signOn: { account: ${orthanc.account}, passwordFile: ${secret} }`];
  const close = async (): Promise<void> => {
    await cable.close();
    await orthanc.close();
    rmSync(secrets, { recursive: true, force: true });
  };
  const second = { name: 'pacs', upstream: `http://127.0.0.1:${cable.port}`, lines };
  return { orthanc, cable, options: { rules, second }, file: await uploaded(orthanc), close };
}

async function uploaded({ ask }: Orthanc): Promise<string> {
  const [like] = images;
  if (like === undefined) throw new Error('There is no image to upload one like it');
  const large = { ...like, series: `${like.series}.9`, instance: `${like.instance}.9`, size: 512 };
  const answer = await ask('/instances', { method: 'POST', body: new Uint8Array(dicomFile(large)) });
  const { ID } = (await answer.json()) as { ID?: string };
  if (ID === undefined) throw new Error(`The large image was answered ${answer.status}`);
  return `/instances/${ID}/file`;
}
