// Anchors over the network: an object store and a syslog receiver that are real, and that are down, slow, unwilling or somebody
// else. None of it holds the tree up, nothing is lost for good, and every failure is said.

import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuditTree } from '../../src/adapters/audit-tree.ts';
import type { AnchorSettings } from '../../src/config/settings.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { noon, patients, record, treeLog } from '../support/audit-tree.ts';
import type { TreeLog } from '../support/audit-tree.ts';
import { makeCertificate } from '../support/certificate.ts';
import type { CertificateFiles } from '../support/certificate.ts';
import { DayClock, day, runDays } from '../support/epoch-days.ts';

let [good, other]: CertificateFiles[] = [];
const closing: (() => void)[] = [];

const soon = { timeout: 20_000 };
const certificates = mkdtempSync(join(tmpdir(), 'wardgate-anchors-'));

beforeAll(() => {
  good = makeCertificate(certificates, 'store');
  other = makeCertificate(certificates, 'somebody-else');
});
afterAll(() => rmSync(certificates, { recursive: true }));
afterEach(() => {
  for (const close of closing.splice(0)) close();
  removeAuditDirectories();
});

function tls(): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(good?.certificate ?? ''), key: readFileSync(good?.key ?? '') };
}

interface Stored {
  readonly method: string | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

class Store {
  readonly got: Stored[] = [];
  answer: number | 'never' | 'redirect' = 200;
  #server: Server | null = null;
  port = 0;

  async open(port = 0): Promise<this> {
    const server = createServer(tls(), (request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        this.got.push({ method: request.method, path: request.url ?? '', headers: request.headers, body });
        if (this.answer === 'never') return;
        if (this.answer === 'redirect') response.setHeader('location', 'https://127.0.0.1:1/elsewhere');
        response.writeHead(this.answer === 'redirect' ? 307 : this.answer).end('x'.repeat(100_000));
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    closing.push(() => this.close());
    return this;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

function put(port: number, more: Partial<Extract<AnchorSettings, { kind: 'put' }>> = {}): AnchorSettings {
  return { kind: 'put', url: `https://127.0.0.1:${port}/bucket/`, headers: [], trustFile: good?.certificate ?? null, ...more };
}

function anchored({ directory }: TreeLog, anchors: readonly AnchorSettings[], clock = new DayClock()): AuditTree {
  const signingKeyFile = join(dirname(directory), 'audit-signing.key');
  return new AuditTree({ directories: [directory], signingKeyFile, anchors, keepSeconds: 3600 }, clock);
}

async function status(tree: AuditTree) {
  return (await tree.look()).anchors[0];
}

describe('object storage', () => {
  it('gets each checkpoint as an object of its own, never over another, with what a lock asks for', async () => {
    const store = await new Store().open();
    const log = treeLog();
    await record(log, patients(3));
    const headers: [string, string][] = [
      ['X-Amz-Object-Lock-Mode', 'COMPLIANCE'],
      ['x-amz-object-lock-retain-until-date', '{retain-until}'],
      ['authorization', 'Bearer secret'],
    ];
    const tree = anchored(log, [put(store.port, { headers })]);
    await expect.poll(async () => (await status(tree))?.size, soon).toBe(3);
    const [sent] = store.got;
    expect(sent?.method).toBe('PUT');
    expect(sent?.path).toMatch(/^\/bucket\/wardgate-[0-9a-f]{16}-000000000003-[0-9a-f]{16}\.txt$/);
    expect(sent?.body).toBe(readFileSync(join(log.directory, 'tree/checkpoint'), 'utf8'));
    expect(sent?.headers).toMatchObject({
      'if-none-match': '*',
      authorization: 'Bearer secret',
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': '2026-11-23T13:00:00Z',
      'content-md5': expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    });
    // The next run knows how far it was, and sends nothing twice.
    const again = anchored(log, [put(store.port)]);
    expect(await status(again)).toMatchObject({ size: 3, at: noon, failure: null });
    expect(store.got).toHaveLength(1);
  });

  it.each<[string, (store: Store) => AnchorSettings, RegExp]>([
    ['answers 403', (store) => put(Object.assign(store, { answer: 403 }).port), /^it answered 403$/],
    [
      'leads elsewhere, which is not followed',
      (store) => put(Object.assign(store, { answer: 'redirect' }).port),
      /^it answered 307$/,
    ],
    ['is somebody else', (store) => put(store.port, { trustFile: other?.certificate ?? '' }), /^DEPTH_ZERO_SELF_SIGNED_CERT$/],
    [
      'has another name',
      (store) => put(store.port, { url: `https://127.0.0.2:${store.port}/` }),
      /^(ERR_TLS_CERT_ALTNAME_INVALID|ECONNREFUSED)$/,
    ],
    ['is down', () => put(1), /^ECONNREFUSED$/],
  ])('%s: said, and the tree goes on', async (_what, anchor, failure) => {
    const store = await new Store().open();
    const log = treeLog();
    await record(log, patients(3));
    const tree = anchored(log, [anchor(store)]);
    await expect.poll(async () => (await status(tree))?.failure, soon).toMatch(failure);
    expect(await tree.look()).toMatchObject({ size: 3, anchors: [{ size: 0, at: null }] });
    expect(JSON.stringify(await tree.look())).not.toContain('authorization');
  });

  it('has it already, from a try whose answer was lost', async () => {
    const store = await new Store().open();
    store.answer = 412;
    const log = treeLog();
    await record(log, patients(3));
    const tree = anchored(log, [put(store.port)]);
    await expect.poll(async () => (await status(tree))?.size, soon).toBe(3);
  });

  it('does not answer: looks go on meanwhile, and another anchor gets its own', async () => {
    const store = await new Store().open();
    store.answer = 'never';
    const log = treeLog();
    await record(log, patients(3));
    const tree = anchored(log, [put(store.port), { kind: 'directory', path: log.anchor }]);
    await tree.look();
    await expect.poll(() => store.got.length, soon).toBe(1);
    await record(log, patients(300, 3));
    const looked = await tree.look();
    expect(looked).toMatchObject({ size: 303, anchors: [{ size: 0, failure: null }, { size: 3 }] });
    expect(readdirSync(log.anchor)).toHaveLength(1);
  });

  it('was away for days: it gets the last of each, then the newest, in order, each once', async () => {
    const store = await new Store().open();
    const log = treeLog();
    const run = await runDays(log);
    await run.record(patients(10));
    await run.settle();
    const first = anchored(log, [put(store.port)], run.clock);
    await expect.poll(async () => (await status(first))?.size, soon).toBe(10);
    store.answer = 503;
    for (const from of [10, 20]) {
      run.clock.at += day;
      await run.record(patients(10, from));
      await run.settle();
    }
    await run.close();
    const failing = anchored(log, [put(store.port)], run.clock);
    await expect.poll(async () => (await status(failing))?.failure, soon).toBe('it answered 503');
    store.answer = 200;
    store.got.length = 0;
    run.clock.at += 300_000;
    const newest = readFileSync(join(log.directory, 'tree/checkpoint'), 'utf8');
    await expect.poll(async () => (await status(failing))?.size, soon).toBe(Number(newest.split('\n')[1]));
    expect(store.got.map(({ body }) => body)).toEqual([
      readFileSync(join(log.directory, 'tree/checkpoints/2026-11-24.txt'), 'utf8'),
      newest,
    ]);
  });
});

describe('syslog', () => {
  interface Receiver {
    readonly port: number;
    readonly got: () => string;
  }

  async function receiver(): Promise<Receiver> {
    let got = '';
    const server = createTlsServer(tls(), (socket) => {
      socket.on('data', (piece) => (got += piece.toString()));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    return { port: (server.address() as AddressInfo).port, got: () => got };
  }

  it('gets each checkpoint as one message of RFC 5424, its octets counted', async () => {
    const { port, got } = await receiver();
    const log = treeLog();
    await record(log, patients(3));
    const tree = anchored(log, [{ kind: 'syslog', host: '127.0.0.1', port, trustFile: good?.certificate ?? null }]);
    await expect.poll(async () => (await status(tree))?.size, soon).toBe(3);
    const [, octets = '', message = ''] = /^(\d+) ([^]*)$/.exec(got()) ?? [];
    expect(Buffer.byteLength(message)).toBe(Number(octets));
    expect(message).toMatch(
      /^<85>1 2026-11-23T12:00:00\.000Z \S+ wardgate \d+ audit-checkpoint - \{"checkpoint":"wardgate-audit/,
    );
    const { checkpoint } = JSON.parse(message.slice(message.indexOf('{'))) as { checkpoint: string };
    expect(checkpoint).toBe(readFileSync(join(log.directory, 'tree/checkpoint'), 'utf8'));
  });

  it.each<[string, (port: number) => AnchorSettings, RegExp]>([
    ['down', () => ({ kind: 'syslog', host: '127.0.0.1', port: 1, trustFile: good?.certificate ?? '' }), /^ECONNREFUSED$/],
    [
      'somebody else',
      (port) => ({ kind: 'syslog', host: '127.0.0.1', port, trustFile: other?.certificate ?? '' }),
      /SELF_SIGNED/,
    ],
  ])('%s: said', async (_what, anchor, failure) => {
    const { port, got } = await receiver();
    const log = treeLog();
    await record(log, patients(3));
    const tree = anchored(log, [anchor(port)]);
    await expect.poll(async () => (await status(tree))?.failure, soon).toMatch(failure);
    expect(got()).toBe('');
  });
});

describe('a directory', () => {
  it('keeps one of an hour when they have grown old, and its newest', async () => {
    const log = treeLog();
    const clock = new DayClock();
    const tree = anchored(log, [{ kind: 'directory', path: log.anchor }], clock);
    await record(log, patients(1));
    await tree.look();
    for (const size of [2, 3]) {
      await record(log, patients(1, size));
      clock.at += 60_000;
      await tree.look();
    }
    const names = readdirSync(log.anchor).sort();
    expect(names).toHaveLength(3);
    for (const [index, name] of names.entries()) utimesSync(join(log.anchor, name), noon / 1000 + index, noon / 1000 + index);
    clock.at += 3 * day;
    await record(log, patients(1, 9));
    await tree.look();
    expect(readdirSync(log.anchor).sort().slice(0, -1)).toEqual([names[2]]);
  });
});
