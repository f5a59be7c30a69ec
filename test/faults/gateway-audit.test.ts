// No record, no access, on a gateway that runs: while the record cannot be written nothing that may change something
// reaches the EHR, nothing of a chart reaches a browser, nobody can sign in, and the gateway goes on by itself afterwards.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Gateway } from '../../src/main.ts';
import { todaysFile, verify } from '../support/audit-log.ts';
import { clinic, openGateway } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { eventually, records, signIn } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';
import { requirement } from '../support/requirements.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const form = { ...script, 'content-type': 'application/x-www-form-urlencoded' };

let place: Clinic;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  place = await clinic();
  open.push(() => place.close());
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(endCommands);

async function opened(): Promise<Gateway> {
  const gateway = await openGateway(place);
  open.push(() => gateway.close());
  return gateway;
}

async function health(path: string): Promise<{ status: number; text: string }> {
  const reply = await fetch(`http://127.0.0.1:${place.healthPort}${path}`);
  return { status: reply.status, text: await reply.text() };
}

const read = (client: CookieClient): Promise<Reply> => client.ask(`${place.origin}/chart?pid=7`, { headers: script });
const write = (client: CookieClient): Promise<Reply> =>
  client.ask(`${place.origin}/chart/notes?pid=7`, { method: 'POST', body: 'note=better', headers: form });

/** 503 with the fault's name, and nothing of the chart. */
function expectRefused(reply: Reply): void {
  expect(reply.status).toBe(503);
  expect(JSON.parse(reply.text)).toMatchObject({ reason: 'audit-unavailable', retryAfterSeconds: 5 });
  expect(reply.headers['retry-after']).toBe('5');
  expect(reply.text).not.toMatch(/Allergies|Problems/);
}

/** Asks until the gateway serves again; every answer before that must be the refusal. */
async function recovered(client: CookieClient): Promise<void> {
  const until = performance.now() + 10_000;
  for (;;) {
    const reply = await read(client);
    if (reply.status === 200) break;
    expectRefused(reply);
    if (performance.now() > until) throw new Error('Waited ten seconds for the gateway to go on');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect((await write(client)).status).toBe(302);
  await expect.poll(async () => (await health('/readyz')).status).toBe(200);
}

describe('/dev/full as the file of the day', () => {
  test('refuses everything before the EHR, and goes on without a restart once it is gone', async () => {
    mkdirSync(place.auditDirectory, { recursive: true });
    const full = join(place.auditDirectory, todaysFile());
    symlinkSync('/dev/full', full);
    await opened();
    const stranger = new CookieClient();
    expect(await health('/healthz')).toMatchObject({ status: 200 });
    const ready = await health('/readyz');
    expect(ready).toMatchObject({ status: 503 });
    expect(ready.text).toContain('the audit log cannot be written');
    for (const target of ['/', '/main', '/chart?pid=7', '/static/style.css', '/nothing']) {
      expectRefused(await stranger.ask(place.origin + target, { headers: script }));
    }
    expect((await stranger.page(`${place.origin}/main`)).status).toBe(503);
    expect((await stranger.page(`${place.origin}/.wardgate/sign-in?login_hint=nurse`)).status).toBe(503);
    await expect(signIn(place, 'nurse')).rejects.toThrow();
    expect(place.ehr.requests()).toEqual([]);
    rmSync(full);
    await expect.poll(async () => (await health('/readyz')).status, { timeout: 10_000 }).toBe(200);
    const client = await signIn(place, 'physician');
    expect((await read(client)).status).toBe(200);
    expect(records(place).map((one) => one['event'])).toContain('audit-outage');
    expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
  });
});

describe('a directory that goes away', () => {
  test('refuses until it is back', { timeout: 60_000 }, async () => {
    await opened();
    const client = await signIn(place, 'nurse');
    expect((await read(client)).status).toBe(200);
    const aside = `${place.auditDirectory}-aside`;
    renameSync(place.auditDirectory, aside);
    // A file in its place, because the gateway would make the directory again.
    writeFileSync(place.auditDirectory, '');
    // The place of the file is looked at four times a second; the read that finds it gone waits ten seconds for it to come back.
    await expect.poll(async () => (await read(client)).status, { timeout: 15_000 }).toBe(503);
    const before = place.ehr.requests().length;
    expectRefused(await write(client));
    expectRefused(await read(client));
    await expect(signIn(place, 'physician')).rejects.toThrow();
    expect(place.ehr.requests()).toHaveLength(before);
    expect(await health('/readyz')).toMatchObject({ status: 503 });
    rmSync(place.auditDirectory);
    renameSync(aside, place.auditDirectory);
    await recovered(client);
    const attempts = new Set(records(place).filter((one) => one['event'] === 'attempt').map((one) => one['request'])); // prettier-ignore
    expect(requestIds().filter((id) => !attempts.has(id))).toEqual([]);
    expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
  });
});

/** The ids under which the EHR saw requests. */
function requestIds(): string[] {
  return place.ehr.requests().map(({ headers }) => {
    const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-request-id');
    return headers[at + 1] ?? '';
  });
}

function canMount(): boolean {
  const target = mkdtempSync(join(tmpdir(), 'wardgate-mount-probe-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', target]).status === 0;
  if (mounted) execFileSync('umount', [target]);
  rmSync(target, { recursive: true });
  return mounted;
}

describe.skipIf(!canMount())('a small disk (skipped where nothing can be mounted)', () => {
  function mount(options: string): void {
    mkdirSync(place.auditDirectory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place.auditDirectory]);
    const directory = place.auditDirectory;
    open.push(async () => void execFileSync('umount', ['-l', directory]));
  }
  const remount = (options: string): void => void execFileSync('mount', ['-o', `remount,${options}`, place.auditDirectory]);

  test('of 64 KiB from the start refuses everything, and is left once there is room', async () => {
    mount('size=64k');
    writeFileSync(join(place.auditDirectory, 'ballast'), Buffer.alloc(64 * 1024));
    await opened();
    expect(await health('/readyz')).toMatchObject({ status: 503 });
    await expect(signIn(place, 'nurse')).rejects.toThrow();
    expect(place.ehr.requests()).toEqual([]);
    remount('size=64m');
    await expect.poll(async () => (await health('/readyz')).status, { timeout: 10_000 }).toBe(200);
    const client = await signIn(place, 'physician');
    expect((await read(client)).status).toBe(200);
    expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
  });

  test('that fills up under way refuses from then on, and goes on once there is room', async () => {
    mount('size=24m');
    await opened();
    const client = await signIn(place, 'nurse');
    expect((await read(client)).status).toBe(200);
    const { bavail, bsize } = statfsSync(place.auditDirectory);
    writeFileSync(join(place.auditDirectory, 'ballast'), Buffer.alloc(bavail * bsize));
    // The last page of the file may still have room for a few records.
    await expect.poll(async () => (await read(client)).status, { timeout: 10_000, interval: 5 }).toBe(503);
    const ids = new Set(records(place).map((one) => one['request']));
    expect(requestIds().filter((id) => !ids.has(id))).toEqual([]);
    const before = place.ehr.requests().length;
    rmSync(join(place.auditDirectory, 'ballast'));
    expect(place.ehr.requests()).toHaveLength(before);
    await recovered(client);
    expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
  });

  test('that can only be read refuses everything until it can be written', async () => {
    mount('size=64m');
    remount('ro');
    await opened();
    expect(await health('/readyz')).toMatchObject({ status: 503 });
    await expect(signIn(place, 'nurse')).rejects.toThrow();
    expect(place.ehr.requests()).toEqual([]);
    remount('rw');
    await expect.poll(async () => (await health('/readyz')).status, { timeout: 10_000 }).toBe(200);
    const client = await signIn(place, 'physician');
    expect((await write(client)).status).toBe(302);
  });
});

const strace = requirement('strace');
/** Attaching to a running process is what many systems forbid. */
function mayTrace(): boolean {
  if (!strace.available) return false;
  const attach = `sleep 5 & timeout -s INT 1 ${strace.path} -o /dev/null -p $!; kill $!`;
  const { stderr } = spawnSync('sh', ['-c', attach], { encoding: 'utf8' });
  return /Process \d+ attached/.test(stderr);
}

describe.skipIf(!mayTrace())('a disk that no longer synchronises (skipped where strace is missing or may not attach)', () => {
  test('keeps writes from the EHR and every byte of a chart from the browser', { timeout: 60_000 }, async () => {
    const gateway = await gatewayProcess(place.file);
    const { client } = await enrol(place.origin, 'newcomer');
    expect((await read(client)).status).toBe(200);
    const failing = [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=fdatasync,fsync',
      '-e',
      'inject=fdatasync,fsync:error=EIO',
      '-p',
    ];
    const tracer = spawn(strace.path ?? '', [...failing, String(gateway.pid)], { stdio: 'ignore' });
    try {
      await eventually(() => tracerOf(gateway.pid) === tracer.pid, 'strace to hold the gateway');
      const before = place.ehr.requests().length;
      const wrote = await write(client);
      expectRefused(wrote);
      expectRefused(await read(client));
      expect(place.ehr.requests().slice(before).filter(({ method }) => method !== 'GET')).toEqual([]); // prettier-ignore
      expect(await health('/readyz')).toMatchObject({ status: 503 });
    } finally {
      tracer.kill('SIGINT');
      await once(tracer, 'close');
    }
    await recovered(client);
    expect(gateway.stdout()).toContain('cannot be written');
    expect(await gateway.end()).toEqual({ code: 0, signal: null });
    const attempts = new Set(records(place).filter((one) => one['event'] === 'attempt').map((one) => one['request'])); // prettier-ignore
    expect(requestIds().filter((id) => !attempts.has(id))).toEqual([]);
    expect(await verify(place.auditDirectory)).toMatchObject({ sound: true, flaw: null });
  });
});

/** The process that traces the given one, 0 for none. */
function tracerOf(pid: number): number {
  const status = execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8' });
  return Number(/TracerPid:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
