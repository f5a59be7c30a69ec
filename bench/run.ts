// `npm run bench`: the gateway with everything on, beside a bare pass-through and the usual assembly of parts, measured
// interleaved in one run. Figures of different runs or machines do not compare; the ratios within one do.

import { parseArgs } from 'node:util';
import { measure, startTarget } from './measure.ts';
import type { Round, Target } from './measure.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
  },
});

const files: readonly (readonly [string, string])[] = [
  ['bare node:http', './targets/bare.ts'],
  ['Express + express-session + http-proxy', './targets/express.ts'],
  ['Wardgate, everything on', './targets/gateway.ts'],
];

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function summary(rounds: readonly Round[]) {
  const of = (key: keyof Round): number[] => rounds.map((round) => round[key]);
  const costs = of('microsecondsPerRequest');
  return {
    microsecondsPerRequest: median(costs),
    spread: [Math.min(...costs), Math.max(...costs)] as const,
    requestsPerSecond: median(of('requestsPerSecond')),
    p50Milliseconds: median(of('p50Milliseconds')),
    p99Milliseconds: median(of('p99Milliseconds')),
    residentMegabytes: median(of('residentMegabytes')),
  };
}

const upstream = await startTarget('upstream', './targets/upstream.ts', []);
const targets: Target[] = [];
for (const [name, file] of files) targets.push(await startTarget(name, file, [String(upstream.ready.port)]));

const seconds = Number(values.seconds);
const connections = Number(values.connections);
for (const target of targets) await measure(target, 1, connections);
const rounds = new Map<Target, Round[]>(targets.map((target) => [target, []]));
for (let i = 0; i < Number(values.rounds); i += 1) {
  for (const target of targets) rounds.get(target)?.push(await measure(target, seconds, connections));
}

const results = targets.map((target) => ({ name: target.name, ...summary(rounds.get(target) ?? []) }));
const bare = results[0]?.microsecondsPerRequest ?? Number.NaN;
if (values.json)
  console.log(JSON.stringify({ node: process.version, connections, seconds, rounds: Number(values.rounds), results }));
else {
  console.log(
    `Node ${process.version}, 4 KB replies, ${connections} connections, medians of ${values.rounds} rounds of ${seconds} s, interleaved\n`,
  );
  console.log(
    `${''.padEnd(42)}${'µs/request'.padStart(12)}${'spread'.padStart(14)}${'× bare'.padStart(9)}${'req/s'.padStart(9)}${'p50 ms'.padStart(8)}${'p99 ms'.padStart(8)}${'RSS MB'.padStart(8)}`,
  );
  for (const row of results) {
    const spread = `${row.spread[0].toFixed(0)}–${row.spread[1].toFixed(0)}`;
    console.log(
      `${row.name.padEnd(42)}${row.microsecondsPerRequest.toFixed(1).padStart(12)}${spread.padStart(14)}${(row.microsecondsPerRequest / bare).toFixed(2).padStart(9)}${row.requestsPerSecond.toFixed(0).padStart(9)}${row.p50Milliseconds.toFixed(1).padStart(8)}${row.p99Milliseconds.toFixed(1).padStart(8)}${row.residentMegabytes.toFixed(0).padStart(8)}`,
    );
  }
}
for (const target of [...targets, upstream]) target.child.disconnect();
