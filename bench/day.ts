// `npm run bench:day`: a day of a clinic of 500 people, a million requests and so about two million records, through the
// real writer; then indexed, verified, searched and reported. Takes minutes; `--requests 50000` makes a smaller day.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDay } from './day/run-day.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    requests: text('1010000'),
    people: text('500'),
    patients: text('40000'),
    json: { type: 'boolean', default: false },
  },
});
const directory = mkdtempSync(join(tmpdir(), 'wardgate-bench-day-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const { steps, records, sound, index } = await runDay(directory, {
  began: Date.parse('2026-10-01T00:00:00.000Z'),
  people: Number(values.people),
  patients: Number(values.patients),
  requests: Number(values.requests),
  seed: 7,
});
index.close();
if (!sound) throw new Error('The record of the day does not verify, so nothing was measured');
if (values.json) console.log(JSON.stringify({ records, steps }));
else {
  console.log(`A day of ${values.people} people: ${values.requests} requests, ${records} records\n`);
  console.log(`${''.padEnd(38)}${'seconds'.padStart(10)}${'MB'.padStart(8)}${'count'.padStart(14)}`);
  for (const { what, seconds, residentMegabytes, count } of steps)
    console.log(
      `${what.padEnd(38)}${seconds.toFixed(2).padStart(10)}${residentMegabytes.toFixed(0).padStart(8)}${String(count).padStart(14)}`,
    );
}
