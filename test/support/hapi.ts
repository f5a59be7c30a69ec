// Java programs for tests that stand on HAPI FHIR (`.ci/run` tells how its folder is filled): a FHIR server that validates what it
// is given, on a free loopback port with everything in memory, and the schema of DICOM's audit messages.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/demo/free-port.ts';
import { makePfx } from './certificate.ts';
import type { CertificateFiles } from './certificate.ts';

export interface HapiServer {
  readonly url: string;
  /** How many AuditEvents fit a query, and the first of them. */
  find(query: string): Promise<{ readonly total: number; readonly events: readonly Readonly<Record<string, unknown>>[] }>;
  close(): Promise<void>;
}

const options = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx768m', '-Djava.awt.headless=true'];

function program(home: string, name: string): string[] {
  return [...options, '-cp', join(home, '*'), fileURLToPath(new URL(`./java/${name}.java`, import.meta.url))];
}

/** What is wrong with each message; "valid" where nothing is. */
export function dicomSchemaSays(home: string, messages: readonly string[]): string[] {
  const input = messages.map((message) => `${message}\n`).join('');
  const done = spawnSync('java', program(home, 'DicomSchema'), { input, encoding: 'utf8', maxBuffer: 1e8 });
  if (done.status !== 0) throw new Error(`The schema cannot be read: ${done.stderr}`);
  return done.stdout.split('\n').slice(0, -1);
}

/** Throws what it said when it does not come up. */
export async function startHapi(home: string, certificate: CertificateFiles): Promise<HapiServer> {
  const port = await freePort();
  const passphrase = 'for a test alone';
  const store = makePfx(certificate, join(dirname(certificate.certificate), 'hapi.p12'), { passphrase });
  const child = spawn('java', [...program(home, 'FhirServer'), store, passphrase, String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const url = `https://127.0.0.1:${port}/fhir`;
  const ask = (path: string) => get(`${url}${path}`, readFileSync(certificate.certificate));
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Nothing is kept, so it need not take leave.
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  try {
    await up(() => ask('/metadata'), child);
  } catch (cause) {
    await close();
    throw new Error(`The FHIR server did not come up: ${said.slice(-3000)}`, { cause });
  }
  return {
    url,
    close,
    find: async (query) => {
      const { text } = await ask(`/AuditEvent?${query}&_count=500`);
      const { total = 0, entry = [] } = JSON.parse(text) as { total?: number; entry?: { resource: Record<string, unknown> }[] };
      return { total, events: entry.map(({ resource }) => resource) };
    },
  };
}

function get(address: string, ca: Buffer): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/fhir+json' };
    request(address, { ca, agent: false, headers }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .once('error', reject)
      .end();
  });
}

async function up(ask: () => Promise<{ readonly status: number }>, child: ChildProcess): Promise<void> {
  const until = performance.now() + 150_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer?.status === 200) return;
    if (child.exitCode !== null || performance.now() > until) throw new Error('It does not answer');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
