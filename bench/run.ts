// `npm run bench`: what the gateway costs with everything on, beside what people would otherwise put there. Figures of
// different runs or machines do not compare; the ratios within one do. A machine that is busy with something else measures
// that instead: the load is told beside the figures. `docs/performance.md` tells the method.
//
// It runs its parts one after the other. A part is a file `bench/parts/<name>.ts` that exports one async function of type
// `Part` (`bench/part.ts`), named as the file, and a line in `parts` below. It is given
// `{ machine, rounds, seconds, connections }` and returns `{ rows, goals }`:
//   rows   what was measured: a `Row` (the cost of requests, from `interleaved` or `summary`), a `Figure` (`{ name, value,
//          unit }`) or an `Absent` (`{ name, missing }`); `under` gives a row the heading of a table of its own.
//   goals  `atMost(id, what, measured, limit)` or `atLeast(...)` of `bench/goals.ts`, one for each target of the part.
// It starts what it measures as processes of its own (`startTarget` of `bench/measure.ts`), ends them also where it fails,
// measures interleaved and in medians of `rounds`, and prints nothing: standard output belongs to this file, and progress
// goes to standard error. `--parts cost,peers` runs those alone; `--quick` the part `cost`, within 45 seconds.

import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Goal } from './goals.ts';
import type { Machine, Part, PartRow } from './part.ts';
import { cost } from './parts/cost.ts';
import { downloads } from './parts/downloads.ts';
import { growth } from './parts/growth.ts';
import { pageScript } from './parts/page-script.ts';
import { peers } from './parts/peers.ts';
import { sharedStore } from './parts/shared-store.ts';
import { sizes } from './parts/sizes.ts';
import { starting } from './parts/starting.ts';
import { printed } from './print.ts';

/** In the order in which they run. */
const parts: Readonly<Record<string, Part>> = {
  cost,
  peers,
  downloads,
  sizes,
  starting,
  'shared-store': sharedStore,
  'page-script': pageScript,
  growth,
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    parts: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '64' },
  },
});

const machine: Machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMegabytes: Math.round(totalmem() / 1e6),
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
};
// Quick: five rounds of three targets, and of two at half load, within 45 seconds, which a slow machine spends unwarmed.
const setting = {
  machine,
  rounds: atLeastOne('rounds', values.rounds),
  seconds: atLeastOne('seconds', values.seconds ?? (values.quick ? '1' : '3')),
  connections: atLeastOne('connections', values.connections),
  warmUpSeconds: values.quick ? 4 : 30,
};

function atLeastOne(option: string, text: string): number {
  const number = Number(text);
  if (!(number >= 1)) throw new Error(`Cannot take "--${option} ${text}": give a number of at least 1`);
  return number;
}

function chosen(): readonly [string, Part][] {
  const wanted = values.quick ? 'cost' : values.parts;
  if (wanted === undefined) return Object.entries(parts);
  return wanted.split(',').map((name) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`There is no part "${name}": choose from ${Object.keys(parts).join(', ')}`);
    return [name, part];
  });
}

const rows: PartRow[] = [];
const goals: Goal[] = [];
for (const [name, part] of chosen()) {
  process.stderr.write(`Measuring: ${name}\n`);
  const found = await part(setting);
  rows.push(...found.rows);
  goals.push(...found.goals);
}

if (values.json) console.log(JSON.stringify({ machine, rows, targets: goals }));
else {
  const { rounds, seconds, connections } = setting;
  console.log(
    `Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, load ${machine.loadBefore.toFixed(1)} at the start; 4 KB replies, ${connections} connections, medians of ${rounds} rounds of ${seconds} s, interleaved.\n`,
  );
  console.log(printed(rows, goals, values.markdown));
}
