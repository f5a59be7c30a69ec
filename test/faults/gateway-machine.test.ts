// The machine fails the gateway: no descriptor is left, its thread stands still, its clock is set. A gateway in a process of its
// own refuses what it cannot do, lets nobody in by it, goes on by itself, and its record has no gap.

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { expectAccounted } from '../support/accounted.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import { eventually, seenByEhr } from '../support/demo-story.ts';
import { enrol, tryCode } from '../support/enrol.ts';
import type { Enrolled } from '../support/enrol.ts';
import { jumpingGateway } from '../support/jumping-gateway.ts';
import { RawConnection } from '../support/raw-connection.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const block = fileURLToPath(new URL('../support/block-on-signal.ts', import.meta.url));
const thrower = fileURLToPath(new URL('../support/throw-on-signal.ts', import.meta.url));

let place: Clinic;
let asked = 0;

beforeEach(async () => {
  place = await clinic();
});
afterEach(async () => {
  await endCommands();
  await place.close();
});

/** The status of a page of the EHR, under an address of its own; 0 where the connection was not taken or broke. */
async function open({ client }: Enrolled): Promise<number> {
  asked += 1;
  try {
    return (await client.ask(`${place.origin}/chart?pid=7&n=${asked}`, { headers: script })).status;
  } catch {
    return 0;
  }
}

function canLimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
}

describe.skipIf(!canLimit())('no descriptor is left (skipped where prlimit is missing)', () => {
  test('what is open goes on, the record too, nobody else gets anything, and afterwards everybody does', async () => {
    const gateway = await gatewayProcess(place.file);
    const nurse = await enrol(place.origin, 'newcomer');
    expect(await open(nurse)).toBe(200);
    const headers = { cookie: nurse.client.cookieHeader(place.origin), origin: place.origin };
    const line = new WebSocket(`${place.origin.replace('http', 'ws')}/ws/messages`, { headers });
    await new Promise((resolve) => line.once('message', resolve));
    const limit = (files: number): void => {
      execFileSync('prlimit', [`--nofile=${files}:`, '--pid', String(gateway.pid)]);
    };
    limit(readdirSync(`/proc/${gateway.pid}/fd`).length + 10);
    const crowd = await Promise.all(Array.from({ length: 40 }, () => RawConnection.open(place.port)));
    // Whatever becomes of a request now, it is 200 for somebody who may, or a refusal, or nothing.
    const told = await Promise.all(Array.from({ length: 20 }, () => open(nurse)));
    expect(told.filter((status) => ![0, 200, 502, 503].includes(status))).toEqual([]);
    expect(told).toContain(0);
    const echoed = new Promise((resolve) => line.once('message', (data: Buffer) => resolve(data.toString())));
    line.send('still there');
    expect(await echoed).toBe('still there');
    for (const one of crowd) await one.close();
    await eventually(async () => (await open(nurse)) === 200, 'the next page');
    limit(4096);
    line.terminate();
    expect(await gateway.end()).toEqual({ code: 0, signal: null });
    await expectAccounted(place.ehr.requests(), place.auditDirectory);
  });
});

/** What `/readyz` says; null where nobody answers. */
async function readiness(): Promise<{ readonly status: number; readonly text: string } | null> {
  try {
    const reply = await fetch(`http://127.0.0.1:${place.healthPort}/readyz`);
    return { status: reply.status, text: await reply.text() };
  } catch {
    return null;
  }
}

const isReady = (): Promise<boolean> => eventually(async () => (await readiness())?.status === 200, 'it to be ready');

describe('the thread stands still', () => {
  test('nobody is answered meanwhile, then everybody is, once; it is not ready for a moment, and says why', async () => {
    const gateway = await gatewayProcess(place.file, { flags: ['--import', block] });
    const nurse = await enrol(place.origin, 'newcomer');
    expect(await open(nurse)).toBe(200);
    await isReady();
    const before = seenByEhr(place, '/chart');
    gateway.child.kill('SIGUSR2');
    const waiting = Array.from({ length: 10 }, () => open(nurse));
    const notReady = await eventually(async () => {
      const told = await readiness();
      return told?.status === 503 ? told.text : null;
    }, 'it not to be ready');
    expect(notReady).toMatch(/^not ready: .*its thread stood still for \d+\.\d seconds a moment ago/);
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(seenByEhr(place, '/chart')).toBe(before + 10);
    await isReady();
    expect(gateway.stdout()).toMatch(/"seconds":[\d.]+,.*The thread stood still/);
    expect(await stalls()).toBeGreaterThanOrEqual(1);
    await expectAccounted(place.ehr.requests(), place.auditDirectory);
  });

  test('a process that was stopped stood still, and says so when it goes on', async () => {
    const gateway = await gatewayProcess(place.file);
    await isReady();
    const before = await stalls();
    gateway.child.kill('SIGSTOP');
    const unanswered = fetch(`http://127.0.0.1:${place.healthPort}/healthz`, { signal: AbortSignal.timeout(1500) });
    await expect(unanswered).rejects.toThrow();
    gateway.child.kill('SIGCONT');
    await eventually(async () => (await readiness())?.status === 503, 'it not to be ready');
    await isReady();
    expect(await stalls()).toBeGreaterThan(before);
  });
});

/** How many its metrics count. */
async function stalls(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${place.healthPort}/metrics`)).text();
  return Number(/^wardgate_event_loop_stall_seconds_count (\d+)$/m.exec(text)?.[1]);
}

test('an error that nobody caught ends the gateway, and the next one goes on', async () => {
  const gateway = await gatewayProcess(place.file, { flags: ['--import', thrower] });
  const nurse = await enrol(place.origin, 'newcomer');
  expect(await open(nurse)).toBe(200);
  gateway.child.kill('SIGUSR2');
  expect((await gateway.ended).code).toBeGreaterThan(0);
  expect(gateway.stderr()).toContain('Nobody catches this');
  expect(await open(nurse)).toBe(0);
  await gatewayProcess(place.file);
  expect(await open(nurse)).toBe(200);
  await expectAccounted(place.ehr.requests(), place.auditDirectory);
});

describe('the clock is set', () => {
  const codeIn = (nurse: Enrolled, seconds: number): string =>
    generateSync({ secret: nurse.secret, epoch: Math.floor(Date.now() / 1000) + seconds });

  test.each([
    // After an hour nobody was seen for longer than a session may wait: it is over, and nothing else is.
    ['an hour ahead', 3600, 401],
    ['a year back', -365 * 86_400, 200],
  ])('%s: nobody new gets in until it is right again, and the record is whole', async (_how, seconds, status) => {
    const gateway = await jumpingGateway(place);
    const nurse = await enrol(place.origin, 'newcomer');
    const [code = ''] = nurse.recoveryCodes;
    expect(await open(nurse)).toBe(200);
    await gateway.clockAhead({ seconds });
    expect(await open(nurse)).toBe(status);
    // Not even by a good one: what the provider says is of another hour, and is not believed until the clocks agree.
    for (const tried of [nurse.usedCode, codeIn(nurse, seconds), code])
      expect(await tryCode(place.origin, 'newcomer', tried)).toMatchObject({ signedIn: false });
    await gateway.clockAhead({ seconds: 0 });
    expect(await tryCode(place.origin, 'newcomer', code)).toMatchObject({ signedIn: true });
    expect(await gateway.end()).toEqual({ code: 0, signal: null });
    await expectAccounted(place.ehr.requests(), place.auditDirectory);
  });
});
