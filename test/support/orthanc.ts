// A real Orthanc from its package, on free loopback ports and a directory of its own, with a few made-up images. It is
// ended by its process id.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/demo/free-port.ts';
import { dicomFile } from './dicom-file.ts';
import type { DicomImage } from './dicom-file.ts';

const pluginDirectory = '/usr/share/orthanc/plugins';
const account = 'wardgate';
const password = 'orthanc-s3cret';

export interface Orthanc {
  readonly origin: string;
  readonly port: number;
  readonly account: string;
  readonly password: string;
  readonly hasDicomWeb: boolean;
  /** Asks Orthanc itself, past the gateway. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** Ids that Orthanc itself lists: `patients`, `studies`, `series` or `instances`. */
  readonly list: (level: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

const root = '1.2.826.0.1.3680043.10.543';

/** Two people; one has two studies, so that counting can tell them apart. */
export const images: readonly DicomImage[] = [
  image('Ramp^Rita', 'MRN-1', 'Knee, left', 1, 1),
  image('Ramp^Rita', 'MRN-1', 'Chest', 2, 2),
  image('Slope^Sam', 'MRN-2', 'Hand', 3, 3),
];

function image(patientName: string, patientId: string, studyDescription: string, study: number, instance: number): DicomImage {
  const ids = { study: `${root}.${study}`, series: `${root}.${study}.1`, instance: `${root}.${study}.1.${instance}` };
  return { patientName, patientId, studyDescription, ...ids, size: 128 };
}

export interface OrthancOptions {
  /** That of one that was ended, for one that takes its place; a free one otherwise. */
  readonly port?: number;
  /** Further names and passwords beside the account's. */
  readonly users?: Readonly<Record<string, string>>;
}

/** Starts Orthanc and uploads the images. Throws what Orthanc said when it does not come up. */
export async function startOrthanc(program: string, options: OrthancOptions = {}): Promise<Orthanc> {
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-orthanc-'));
  const [httpPort, dicomPort] = [options.port ?? (await freePort()), await freePort()];
  const file = join(directory, 'orthanc.json');
  const plugins = existsSync(pluginDirectory) ? [pluginDirectory] : [];
  const users = { ...options.users, [account]: password };
  writeFileSync(file, JSON.stringify({ ...configuration(directory, httpPort, dicomPort, plugins), RegisteredUsers: users }));
  const child = spawn(program, [file], { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const origin = `http://127.0.0.1:${httpPort}`;
  const authorization = `Basic ${Buffer.from(`${account}:${password}`).toString('base64')}`;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(origin + path, { ...init, headers: { authorization, connection: 'close' } });
  const list = async (level: string): Promise<readonly string[]> => (await (await ask(`/${level}`)).json()) as string[];
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await up(ask, () => child.exitCode !== null);
    for (const one of images) await upload(ask, one);
    return {
      origin,
      port: httpPort,
      account,
      password,
      hasDicomWeb: (await ask('/plugins/dicom-web')).status === 200,
      ask,
      list,
      close,
    };
  } catch (cause) {
    await close();
    throw new Error(`Orthanc did not come up: ${said.slice(-2000)}`, { cause });
  }
}

function configuration(directory: string, httpPort: number, dicomPort: number, plugins: readonly string[]) {
  return {
    Name: 'Wardgate test',
    StorageDirectory: join(directory, 'storage'),
    IndexDirectory: join(directory, 'index'),
    Plugins: plugins,
    HttpPort: httpPort,
    DicomPort: dicomPort,
    // Orthanc binds every address; this is what keeps others than this machine out.
    RemoteAccessAllowed: false,
    DicomServerEnabled: false,
    AuthenticationEnabled: true,
  };
}

async function up(ask: Orthanc['ask'], gone: () => boolean): Promise<void> {
  const until = performance.now() + 20_000;
  for (;;) {
    const answer = await ask('/system').catch(() => null);
    if (answer?.status === 200) return;
    if (gone() || performance.now() > until) throw new Error('It does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function upload(ask: Orthanc['ask'], one: DicomImage): Promise<void> {
  const answer = await ask('/instances', { method: 'POST', body: new Uint8Array(dicomFile(one)) });
  if (answer.status !== 200) throw new Error(`Image ${one.instance} was answered ${answer.status}: ${await answer.text()}`);
}
