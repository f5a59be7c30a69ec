// A WebSocket of a real client to the demo's EHR: it talks, and it lives no longer than the session or the gateway.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Demo } from '../../src/cli/start-demo.ts';
import { eventually, records, signIn, story } from '../support/demo-story.ts';

describe('with the demo EHR', () => {
  let demo: Demo;
  let cookie = '';

  beforeAll(async () => {
    demo = await story({ idle: '1m', endAfterLock: '30m', gatewayLines: ['limits: { drain: 1s }'] });
    cookie = (await signIn(demo, 'nurse')).cookieHeader(demo.origin);
  });
  afterAll(async () => demo.close());

  async function talk(): Promise<{ readonly socket: WebSocket; readonly heard: string[]; readonly codes: number[] }> {
    const socket = new WebSocket(`${demo.origin.replace('http', 'ws')}/ws/messages`, {
      headers: { cookie, origin: demo.origin },
    });
    const heard: string[] = [];
    const codes: number[] = [];
    socket.on('message', (data: Buffer) => void heard.push(data.toString()));
    socket.on('close', (code) => void codes.push(code));
    socket.on('error', () => undefined);
    await eventually(() => heard.length > 0, 'the greeting');
    return { socket, heard, codes };
  }

  test('it greets by name, echoes, and lives beneath a lock, and ends with 4401 when that has lasted too long', async () => {
    const { socket, heard, codes } = await talk();
    expect(heard[0]).toMatch(/^Welcome, /);
    socket.send('echo');
    await eventually(() => heard.includes('echo'), 'the echo');
    const { state, clock } = demo.gateway.composed;
    const [session] = await state.sessions.ofSubject(demo.provider.issuer, 'nurse');
    if (!session) throw new Error('The session has gone');
    await state.sessions.update(session.key, { lastActiveAt: clock.now() - 61_000 });
    await eventually(() => records(demo).find((one) => one['event'] === 'locked'), 'the lock', 12_000);
    socket.send('beneath');
    await eventually(() => heard.includes('beneath'), 'the echo beneath the lock');
    await state.sessions.update(session.key, { lockedAt: clock.now() - 1_800_000 });
    await eventually(() => codes.length > 0, 'the close', 12_000);
    expect(codes).toEqual([4401]);
    const ended = await eventually(() => records(demo).find((one) => one['event'] === 'session-ended'), 'the record');
    expect(ended).toMatchObject({ reason: 'idle' });
  });

  test('it ends with 1001 when the gateway stops', async () => {
    cookie = (await signIn(demo, 'physician')).cookieHeader(demo.origin);
    const { codes } = await talk();
    await demo.gateway.close();
    await eventually(() => codes.length > 0, 'the close');
    expect(codes).toEqual([1001]);
    expect(
      records(demo).some(
        (one) => one['event'] === 'outcome' && one['target'] === '/ws/messages' && one['reason'] === 'session-ended',
      ),
    ).toBe(true);
  });
});
