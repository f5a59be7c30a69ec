// Target 5: what many rules cost a decision, and what many sessions and open WebSockets hold in memory.

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { atMost } from '../goals.ts';
import { measure, startTarget } from '../measure.ts';
import type { ForkedTarget, Target } from '../measure.ts';
import { heldMegabytes, order, startSized } from '../orders.ts';
import type { Found, Setting } from '../part.ts';
import { decisions } from '../decisions.ts';

const sessions = 100_000;
const webSockets = 5000;
const warmUpSeconds = 10;
const warmUpConnections = 64;
/** A process has files for both ends of each. */
const peopleWithSockets = 10;

export async function sizes(setting: Setting): Promise<Found> {
  const upstream = await startTarget('ehr', './targets/ehr.ts', []);
  try {
    const decided = await decisions(setting.rounds);
    const held = await alone(upstream.ready.port, 1, sessionsHeld);
    const sockets = await alone(upstream.ready.port, peopleWithSockets, socketsHeld);
    const under = 'Sizes';
    const figure = (name: string, value: number, unit: string) => ({ name, value, unit, under });
    return {
      rows: [
        ...decided.map(({ name, microseconds }) => figure(`decide, ${name}`, microseconds, 'µs')),
        figure(`${sessions} sessions, in objects`, held.objects, 'MB'),
        figure(`${sessions} sessions, resident`, held.resident, 'MB'),
        figure(`${webSockets} open WebSockets, in objects, each`, kilobytesEach(sockets.objects), 'KB'),
        figure(`${webSockets} open WebSockets, resident, each`, kilobytesEach(sockets.resident), 'KB'),
      ],
      goals: [
        atMost(
          '5a',
          'decide with 10,000 rules, the slowest kind of address, µs',
          Math.max(...decided.map((one) => one.microseconds)),
          3,
        ),
        // Some may lie in room that the work before has left behind: what is in objects counts in any case.
        atMost('5b', '100,000 sessions above the empty gateway, MB', Math.max(held.resident, held.objects), 150),
        atMost('5c', 'one of 5,000 open WebSockets, KB', kilobytesEach(Math.max(sockets.resident, sockets.objects)), 30),
      ],
    };
  } finally {
    upstream.stop();
  }
}

interface Held {
  readonly resident: number;
  readonly objects: number;
}

/** Kilobytes each, of megabytes for all. */
function kilobytesEach(megabytes: number): number {
  return (megabytes * 1000) / webSockets;
}

async function alone(upstream: number, people: number, held: (gateway: ForkedTarget) => Promise<Held>): Promise<Held> {
  const gateway = await startSized('Wardgate', { upstream, people });
  try {
    return await held(gateway);
  } finally {
    gateway.stop();
  }
}

/** An empty gateway that has worked: the room in which a program makes its garbage grows once, and stays. */
async function work(gateway: ForkedTarget): Promise<void> {
  await measure(gateway, warmUpSeconds, warmUpConnections);
}

async function sessionsHeld(gateway: ForkedTarget): Promise<Held> {
  await work(gateway);
  await order(gateway, { order: 'sessions', count: 1000 });
  const before = await heldMegabytes(gateway);
  await order(gateway, { order: 'sessions', count: sessions - 2000 });
  return growth(before, await heldMegabytes(gateway), (sessions - 2000) / sessions);
}

function growth(before: Held, after: Held, share: number): Held {
  return { resident: (after.resident - before.resident) / share, objects: (after.objects - before.objects) / share };
}

async function socketsHeld(gateway: ForkedTarget): Promise<Held> {
  const cookies = await order<readonly string[]>(gateway, { order: 'cookies' });
  const open: Socket[] = [];
  const more = async (count: number): Promise<void> => {
    for (let from = 0; from < count; from += 100) {
      const many = Array.from({ length: 100 }, (_, at) => openSocket(gateway, cookies[(from + at) % cookies.length] ?? ''));
      open.push(...(await Promise.all(many)));
    }
  };
  try {
    await work(gateway);
    const empty = await heldMegabytes(gateway);
    await more(webSockets);
    const after = await heldMegabytes(gateway);
    const lost = open.filter(({ destroyed }) => destroyed).length;
    if (lost > 0) throw new Error(`${lost} of ${webSockets} WebSockets were closed, so nothing was measured`);
    return growth(empty, after, 1);
  } finally {
    for (const socket of open) socket.destroy();
  }
}

function openSocket({ ready }: Target, cookie: string): Promise<Socket> {
  const headers = {
    host: 'localhost:1',
    origin: 'http://localhost:1',
    cookie,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(ready.port, '127.0.0.1', () =>
      socket.write(`GET /openemr/interface/chart/live?pid=7 HTTP/1.1\r\n${lines.join('')}\r\n`),
    );
    socket.on('error', reject);
    socket.once('data', (chunk: Buffer) => {
      const [status = ''] = chunk.toString('latin1').split('\r\n', 1);
      socket.resume();
      if (status.startsWith('HTTP/1.1 101')) resolve(socket);
      else reject(new Error(`A WebSocket was answered "${status}"`));
    });
  });
}
