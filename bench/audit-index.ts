// `npm run bench:index`: the search index over a large record. What a request costs the index's thread, and how long a
// person's page, a patient's page and the hours of thirty days take. Millions of rows take minutes to make; `--rows` or
// `--records` (two a request) asks for fewer, and then the figures are of fewer.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AuditIndex } from '../src/adapters/audit-index.ts';
import type { IndexedRecord } from '../src/adapters/audit-index.ts';
import { countHours, searchIndex } from '../src/adapters/audit-index-search.ts';
import { median } from './summary.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    records: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
/** One row a request, which is two records. */
const rows = values.records === undefined ? Number(values.rows) : Math.ceil(Number(values.records) / 2);
const days = 30;
const dayMilliseconds = 86_400_000;
const began = Date.parse('2026-10-01T00:00:00.000Z');
const people = 500;
const patients = 40_000;

/** A clinic of 500 people: the same request twice is rare, the same screens are not. */
function recordOf(event: 'attempt' | 'outcome', request: number, sequence: number): IndexedRecord {
  const person = (request * 7919) % people;
  const patient = (request * 104_729) % patients;
  const fields = {
    time: new Date(began + Math.floor((request * days * dayMilliseconds) / rows)).toISOString(),
    request: `bench0-${request.toString(36).padStart(4, '0')}`,
    subject: { issuer: 'https://login.example', sub: `sub-${person}`, name: `person${person}` },
    session: `session-${(request * 31) % 900}`,
    address: `10.20.${person % 8}.${person % 250}`,
    application: 'ehr',
    method: 'GET',
    target: `/openemr/interface/patient_file/page${request % 280}.php?pid=-&set=-`,
    patient: String(patient),
    category: 'chart',
    action: 'read',
    rule: `rule-${request % 12}`,
    decision: request % 50 === 0 ? 'refused' : 'allowed',
    ...(event === 'outcome' ? { status: 200, bytesOut: 8192 } : {}),
  };
  const record = { sequence, previousHash: '', hash: String(sequence), event, detail: null, fields };
  return { sequence, record, attempt: null };
}

const directory = mkdtempSync(join(tmpdir(), 'wardgate-bench-index-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, 'index.db');
const index = new AuditIndex(file);

let sequence = 0;
let after = 0;
let batch: IndexedRecord[] = [];
const before = process.cpuUsage();
for (let request = 0; request < rows; request += 1) {
  batch.push(recordOf('attempt', request, (sequence += 1)), recordOf('outcome', request, (sequence += 1)));
  if (batch.length < 2000 && request + 1 < rows) continue;
  index.add(after, batch);
  after = sequence;
  batch = [];
}
const used = process.cpuUsage(before);
const microsecondsPerRequest = (used.user + used.system) / rows;

/** Milliseconds: the middle and the longest of many looks, each at something else. */
function timed(look: (at: number) => number): { readonly median: number; readonly longest: number } {
  const taken = Array.from({ length: 200 }, (_, at) => {
    const start = performance.now();
    if (look(at) === 0) throw new Error('Nothing was found, so nothing was measured');
    return performance.now() - start;
  });
  return { median: median(taken), longest: Math.max(...taken) };
}

const { database } = index;
const until = began + days * dayMilliseconds;
const measured = [
  [
    'a page of a person',
    50,
    timed((at) => searchIndex(database, { person: `person${(at * 37) % people}` }, 200).requests.length),
  ],
  [
    'a page of a patient',
    50,
    timed((at) => searchIndex(database, { patient: [String((at * 613) % patients)] }, 200).requests.length),
  ],
  [
    'a page of a person within one day',
    50,
    timed((at) => {
      const since = began + (at % days) * dayMilliseconds;
      return searchIndex(database, { person: `person${at}`, since, until: since + dayMilliseconds }, 200).requests.length;
    }),
  ],
  ['what was refused lately', 50, timed(() => searchIndex(database, { decision: 'refused' }, 200).requests.length)],
  ['a text in the address', 50, timed((at) => searchIndex(database, { text: `page${at}.php` }, 200).requests.length)],
  ['the hours of 30 days', 100, timed(() => countHours(database, began, until).length)],
] as const;

if (values.json) {
  const looks = measured.map(([what, limit, times]) => ({ what, limit, ...times }));
  console.log(JSON.stringify({ rows, microsecondsPerRequest, bytes: statSync(file).size, looks }));
} else {
  console.log(`${rows} requests in the index, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  console.log(`processor time of the index's thread: ${microsecondsPerRequest.toFixed(1)} µs a request\n`);
  console.log(`${''.padEnd(38)}${'median ms'.padStart(10)}${'longest'.padStart(10)}${'at most'.padStart(10)}`);
  for (const [what, limit, { median: middle, longest }] of measured)
    console.log(
      `${what.padEnd(38)}${middle.toFixed(1).padStart(10)}${longest.toFixed(1).padStart(10)}${String(limit).padStart(10)}${longest > limit ? '  missed' : ''}`,
    );
}
index.close();
