// Targets 1 and 3: what a request costs with everything on, beside a bare pass-through and the usual assembly of parts, and
// how long it waits at half of the load that the gateway bears.

import { atMost } from '../goals.ts';
import type { Goal } from '../goals.ts';
import { interleaved } from '../interleaved.ts';
import { startTarget } from '../measure.ts';
import type { ForkedTarget, Target } from '../measure.ts';
import type { Figure, Found, Setting } from '../part.ts';
import { requestSide } from '../request-side.ts';
import { shippedFlags } from '../shipped-flags.ts';
import type { Row } from '../summary.ts';

/** What a request may cost with everything on, times the bare pass-through. */
export const targetOne = 1.15;

export async function cost(setting: Setting): Promise<Found> {
  const started: Target[] = [];
  const start = async (...asked: Parameters<typeof startTarget>): Promise<ForkedTarget> => {
    const target = await startTarget(...asked);
    started.push(target);
    return target;
  };
  try {
    const upstream = [String((await start('upstream', './targets/upstream.ts', [])).ready.port)];
    const bare = await start('bare node:http', './targets/bare.ts', upstream);
    const express = await start('Express + express-session + http-proxy', './targets/express.ts', upstream);
    const gateway = requestSide(await start('Wardgate, everything on', './targets/gateway.ts', upstream, shippedFlags));
    const rows = (await interleaved([bare, express, gateway], setting)) as [Row, Row, Row];
    const rate = Math.floor(rows[2].requestsPerSecond / 2);
    const atHalf = (await interleaved([bare, gateway], setting, rate)) as [Row, Row];
    const under = `Half load, ${rate} requests per second`;
    return {
      rows: [...rows, ...besideRows(rows[2]), ...atHalf.map((row) => ({ ...row, under }))],
      goals: costGoals(rows, atHalf),
    };
  } finally {
    for (const target of started) await target.stop();
  }
}

/** What runs off the request thread, as rows of their own. */
function besideRows({ name, beside }: Row): readonly Figure[] {
  return Object.entries(beside).map(([thread, value]) => ({ name: `${name}: thread ${thread}`, value, unit: 'µs/request' }));
}

/** Rows in the order in which they are measured. */
export function costGoals(
  [bare, express, gateway]: readonly [Row, Row, Row],
  [bareAtHalf, gatewayAtHalf]: readonly [Row, Row],
): readonly Goal[] {
  const times = (beside: Row): number => gateway.microsecondsPerRequest / beside.microsecondsPerRequest;
  return [
    atMost('1a', 'processor time per request, times the bare pass-through', times(bare), targetOne),
    atMost('1b', 'processor time per request, times Express with http-proxy', times(express), 0.55),
    atMost('3', 'added p99 at half load, ms', gatewayAtHalf.p99Milliseconds - bareAtHalf.p99Milliseconds, 1.5),
  ];
}
