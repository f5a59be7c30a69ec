// `npm run bench`: the gateway with everything on, beside a bare pass-through and the usual assembly of parts, measured
// interleaved in one run. Figures of different runs or machines do not compare; the ratios within one do. A machine that is
// busy with something else measures that instead: the load is told beside the figures.

import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { goals } from './goals.ts';
import { measure, startTarget } from './measure.ts';
import type { Round, Target } from './measure.ts';
import { summary, table } from './summary.ts';
import type { Row } from './summary.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '64' },
  },
});

const rounds = Number(values.rounds);
// Five rounds of three targets, and of two at half load, within 45 seconds.
const seconds = Number(values.seconds ?? (values.quick ? '1.2' : '3'));
const connections = Number(values.connections);
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMegabytes: Math.round(totalmem() / 1e6),
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
};

/** Every target once in each round, so that whatever else the machine does hits all of them alike. */
async function interleaved(targets: readonly Target[], ratePerSecond?: number): Promise<Row[]> {
  const measured = new Map<Target, Round[]>(targets.map((target) => [target, []]));
  for (let i = 0; i < rounds; i += 1) {
    for (const target of targets) measured.get(target)?.push(await measure(target, seconds, connections, ratePerSecond));
  }
  return targets.map((target) => summary(target.name, measured.get(target) ?? []));
}

const upstream = await startTarget('upstream', './targets/upstream.ts', []);
const start = (name: string, file: string): Promise<Target> => startTarget(name, file, [String(upstream.ready.port)]);
const bare = await start('bare node:http', './targets/bare.ts');
const express = await start('Express + express-session + http-proxy', './targets/express.ts');
const gateway = await start('Wardgate, everything on', './targets/gateway.ts');
const targets = [bare, express, gateway];

for (const target of targets) await measure(target, 1, connections);
const [bareRow, expressRow, gatewayRow] = (await interleaved(targets)) as [Row, Row, Row];
const half = Math.floor(gatewayRow.requestsPerSecond / 2);
const [bareAtHalf, gatewayAtHalf] = (await interleaved([bare, gateway], half)) as [Row, Row];
for (const target of [...targets, upstream]) target.child.disconnect();

const rows = [bareRow, expressRow, gatewayRow];
const reached = goals({ bare: bareRow, express: expressRow, gateway: gatewayRow, bareAtHalf, gatewayAtHalf });
if (values.json) {
  const atHalf = [bareAtHalf, gatewayAtHalf].map((row) => ({ ...row, name: `${row.name}, at half load` }));
  console.log(JSON.stringify({ machine, connections, seconds, rounds, rows: [...rows, ...atHalf], targets: reached }));
} else {
  console.log(
    `Node ${machine.node}, ${machine.cores} cores, load ${machine.loadBefore.toFixed(1)} at the start; 4 KB replies, ${connections} connections, medians of ${rounds} rounds of ${seconds} s, interleaved\n`,
  );
  console.log(`${table(rows)}\n\nAt ${half} requests per second:\n${table([bareAtHalf, gatewayAtHalf])}\n`);
  for (const { id, what, value, limit, met } of reached)
    console.log(`${met ? 'met   ' : 'missed'}  ${id.padEnd(3)}${what}: ${value}, at most ${limit}`);
}
