// Target 4: a large download with its bytes metered, beside the bare pass-through, and many slow readers of it at once.

import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { atLeast, atMost } from '../goals.ts';
import { startTarget } from '../measure.ts';
import type { ForkedTarget, Target } from '../measure.ts';
import { heldMegabytes, startSized } from '../orders.ts';
import type { Found, Setting } from '../part.ts';
import { forgetPeak, resident } from '../resident.ts';
import { median } from '../summary.ts';

const bytes = 1_000_000_000;
const readers = 200;
const slowSeconds = 10;
const path = (size: number): string => `/openemr/interface/chart/file?pid=7&bytes=${size}`;

export async function downloads({ rounds }: Setting): Promise<Found> {
  const started: Target[] = [];
  const keep = async <T extends Target>(target: Promise<T>): Promise<T> => {
    started.push(await target);
    return target;
  };
  try {
    const upstream = (await keep(startTarget('ehr', './targets/ehr.ts', []))).ready.port;
    const bare = await keep(startTarget('bare node:http', './targets/bare.ts', [String(upstream)]));
    const gateway = await keep(startSized('Wardgate', { upstream }));
    const rates = { bare: [] as number[], gateway: [] as number[] };
    const growths: number[] = [];
    // The first download of a process pays for its buffers and its compiled code.
    for (const target of [bare, gateway]) await download(target, bytes / 5);
    // A gigabyte takes seconds: more than three of each tell nothing more.
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      rates.bare.push(await download(bare, bytes));
      const before = (await heldMegabytes(gateway)).resident;
      forgetPeak(pidOf(gateway));
      rates.gateway.push(await download(gateway, bytes));
      growths.push(resident(pidOf(gateway)).peakMegabytes - before);
    }
    const [bareRate, rate, growth] = [median(rates.bare), median(rates.gateway), median(growths)];
    const together = await slowly(gateway);
    const under = 'Downloads of one gigabyte';
    const figure = (name: string, value: number, unit: string) => ({ name, value, unit, under });
    return {
      rows: [
        figure('bare node:http', bareRate, 'MB/s'),
        figure('Wardgate, metered', rate, 'MB/s'),
        figure('Wardgate, growth to the peak during one', growth, 'MB'),
        figure(`Wardgate, growth to the peak with ${readers} slow readers`, together, 'MB'),
      ],
      goals: [
        atLeast('4a', "rate of a metered download, times the bare pass-through's", rate / bareRate, 0.9),
        atMost('4b', 'memory that one download of 1 GB adds, MB', growth, 20),
        atMost('4c', `memory that ${readers} slow readers of it add together, MB`, together, 100),
      ],
    };
  } finally {
    for (const target of started) await target.stop();
  }
}

function pidOf({ child, name }: ForkedTarget): number {
  if (child.pid === undefined) throw new Error(`Target "${name}" does not run`);
  return child.pid;
}

/** Megabytes a second. */
function download({ ready }: Target, size: number): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: ready.port, path: path(size), headers: ready.headers }, (reply) => {
      let got = 0;
      reply.on('data', (chunk: Buffer) => void (got += chunk.length));
      reply.on('error', reject);
      reply.on('end', () => {
        if (got !== size) return reject(new Error(`${got} bytes of ${size} came, status ${reply.statusCode ?? 0}`));
        return resolve(size / 1e6 / ((performance.now() - began) / 1000));
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Each takes a little now and then, as over a bad line. Megabytes at the peak above what the gateway held before. */
async function slowly(gateway: ForkedTarget): Promise<number> {
  const before = (await heldMegabytes(gateway)).resident;
  forgetPeak(pidOf(gateway));
  const sockets = await Promise.all(Array.from({ length: readers }, () => slowReader(gateway)));
  const timer = setInterval(() => {
    for (const socket of sockets) socket.resume();
  }, 500);
  await wait(slowSeconds * 1000);
  clearInterval(timer);
  const lost = sockets.filter(({ destroyed }) => destroyed).length;
  for (const socket of sockets) socket.destroy();
  if (lost > 0) throw new Error(`${lost} of ${readers} slow readers were cut, so nothing was measured`);
  return resident(pidOf(gateway)).peakMegabytes - before;
}

function slowReader({ ready }: Target): Promise<Socket> {
  const headers = Object.entries(ready.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(ready.port, '127.0.0.1', () => socket.write(`GET ${path(bytes)} HTTP/1.1\r\n${headers.join('')}\r\n`));
    socket.on('error', reject);
    socket.once('data', (chunk: Buffer) => {
      socket.on('data', () => socket.pause());
      if (chunk.toString('latin1').startsWith('HTTP/1.1 200')) resolve(socket);
      else reject(new Error('A slow reader was refused'));
    });
  });
}
