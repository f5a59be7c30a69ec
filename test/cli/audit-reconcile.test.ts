// `wardgate audit reconcile`: a clinic's week in small. A gateway runs before an EHR that keeps an access log, and somebody
// who knows the EHR's address goes past the gateway.

import { rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { RequestOptions } from 'node:http';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { startGateway } from '../../src/main.ts';
import { auditDirectory, openTestLog, removeAuditDirectories, verify } from '../support/audit-log.ts';
import { eventually, linesOf, records } from '../support/demo-story.ts';
import { sessionConfiguration, signedIn } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { answerOk, startWireEhr } from '../support/wire-ehr.ts';

const everything = '{ name: all, paths: /**, allow: everyone }';
const charts = '{ name: charts, paths: "/chart/{patient}/**", patient: path.patient, allow: everyone }';
const noon = Date.parse('2026-11-23T12:00:00.000Z');
let directory: string;
let home: string;

beforeAll(async () => {
  directory = auditDirectory();
  home = dirname(directory);
  const log = await openTestLog(directory);
  for (const [at, target] of ['/chart?pid=-', '/list', '/never'].entries()) {
    const fields = { request: `r-${at}`, application: 'ehr', method: 'GET', target } as const;
    await log.append(auditEntry('attempt', noon + at * 1000, fields));
    await log.append(auditEntry('outcome', noon + at * 1000, { ...fields, status: 200, durationMilliseconds: 10 }));
  }
  await log.append(auditEntry('ehr-sign-on', noon + 4000, { application: 'ehr' }));
  await log.close();
});
afterAll(removeAuditDirectories);

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await auditCommand(['reconcile', ...args], print);
  return { code, out, err, text: out.join('\n') };
}

function logLine(second: number, target: string, address = '10.0.0.5'): string {
  return `${address} - - [23/Nov/2026:12:00:0${second} +0000] "GET ${target} HTTP/1.1" 200 1\n`;
}

function logged(name: string, bytes: string | Buffer): string {
  const file = join(home, name);
  writeFileSync(file, bytes);
  return file;
}

const copy = () => ['--dir', directory, '--gateway', '10.0.0.5'];
const explained = logLine(1, '/chart?pid=7') + logLine(2, '/list');

test('where every line is explained it ends with 0, and never says more than that', async () => {
  const { code, out, text } = await run(...copy(), '--ehr-log', logged('good.log', explained));
  expect([code, out.at(-1)]).toEqual([0, 'Unexplained: 0']);
  expect(text).toContain('Matched: 2 of 2, within 120 seconds');
  expect(text).toContain("The clocks differ: the EHR's is 1 s ahead (middle of 2 matches)");
  expect(text).toContain('This cannot see: ');
  expect(text.toLowerCase()).not.toContain('complian');
});

test('ids in the addresses of the log are matched with the tokens of the record, and only with those', async () => {
  const { place, config, tokens } = await withPatients();
  const [seven, doc] = [tokens.tokenOf('90817263'), tokens.tokenOf('Zoë.pdf')];
  await recorded(place, [`/chart/${seven}/notes?view=-`, `/files/${doc}?${seven}=-`, '/plain?x=-', `/chart/${seven}`]);
  const lines = [
    logLine(1, '/chart/90817263/notes?view=full'),
    logLine(2, '/files/Zo%c3%ab.pdf?90817263=1'),
    logLine(3, '/plain?x=1'),
    logLine(3, '/chart/90817264', '10.0.0.5'),
  ];
  const file = logged('tokens.log', lines.join(''));
  const { code, text } = await run('--dir', place, '--gateway', '10.0.0.5', '--patients', config, '--ehr-log', file);
  expect(code).toBe(1);
  expect(text).toContain('Matched: 3 of 4');
  // What is listed stands as it does where it was found.
  expect(text).toContain(`GET /chart/90817264  200  ${file}:4`);
  expect(text).toContain(`record 7  GET /chart/${seven}`);
  const blind = await run('--dir', place, '--ehr-log', file);
  expect([blind.code, blind.err[0]]).toEqual([2, 'Record 1 has tokens in its address: name the gateway.yaml with --patients']);
  const orthanc = logged('tokens-orthanc.log', 'I1123 12:00:01.000000 HttpServer.cpp:1244] (http) GET /files/Zoë.pdf\n');
  expect((await run('--dir', place, '--patients', config, '--ehr-log', orthanc)).text).toContain('Matched: 1 of 1');
});

/** A log of a day with these targets, and a gateway's state whose key made the tokens. */
async function withPatients() {
  const ehr = await startWireEhr();
  const { configuration, directory: there } = await sessionConfiguration({ rules: [everything] }, ehr.origin);
  const gateway = await startGateway(configuration, silentLog);
  const { patientTokens: tokens } = gateway.composed.state;
  await tokens.remember('90817263');
  await gateway.close();
  await ehr.close();
  onTestFinished(() => rmSync(there, { recursive: true, force: true }));
  return { place: auditDirectory(), config: join(there, 'gateway.yaml'), tokens };
}

async function recorded(place: string, targets: readonly string[]): Promise<void> {
  const log = await openTestLog(place);
  for (const [at, target] of targets.entries()) {
    const fields = { request: `r-${at}`, application: 'ehr', method: 'GET', target } as const;
    await log.append(auditEntry('attempt', noon + at * 1000, fields));
    await log.append(auditEntry('outcome', noon + at * 1000, { ...fields, status: 200, durationMilliseconds: 10 }));
  }
  await log.close();
}

test('each list stands under its name, and no value of a query is shown', async () => {
  const bytes = `${explained}${logLine(3, '/chart?pid=9&=1', '10.0.0.9')}${logLine(3, '/other')}torn`;
  const file = logged('bad.log', bytes);
  const { code, text } = await run(...copy(), '--ehr-log', file, '--tolerance', '1s', '--also', directory);
  expect(code).toBe(1);
  expect(text).toContain(
    `no record explains: 1\n  2026-11-23 12:00:03  10.0.0.9  GET /chart?pid&  200  ${file}:3\nRequests from the gateway's address beside`,
  );
  expect(text).toContain(`GET /other  200  ${file}:4\nRequests on record that the log does not show`);
  expect(text).toContain('record 5  GET /never');
  expect(text).toContain(`Lines that cannot be read: 1\n  ${file}:5: it is not a line`);
  expect(text).toContain('Note: The clocks differ by more than half the tolerance');
  expect(text).toContain('Unexplained: 2');
  expect(text).not.toContain('pid=9');
});

test('CSV and JSON have the same', async () => {
  const file = logged('forms.log', explained + logLine(3, '/x', '10.0.0.9'));
  expect((await run(...copy(), '--ehr-log', file, '--csv')).out).toEqual([
    'list,time,address,request,status,where',
    `roundUs,2026-11-23T12:00:03.000Z,10.0.0.9,GET /x,200,${file}:3`,
    'notInLog,2026-11-23T12:00:02.000Z,,GET /never,,record 5',
  ]);
  const { out } = await run(...copy(), '--ehr-log', file, '--json');
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    unexplained: 1,
    matched: 2,
    roundUs: { count: 1, rows: [{ address: '10.0.0.9', where: `${file}:3` }] },
    log: { since: '2026-11-23T12:00:01.000Z', until: '2026-11-23T12:00:03.000Z' },
    counts: { lines: 3, unreadable: 0 },
  });
});

test('several files are one log, whatever their order, and packed ones too', async () => {
  const packed = logged('access.log.1.gz', gzipSync(logLine(1, '/chart?pid=7')));
  const { code, text } = await run(...copy(), '--ehr-log', logged('access.log', logLine(2, '/list').trimEnd()), packed);
  expect(code).toBe(0);
  expect(text).toContain('Matched: 2 of 2');
});

test("Orthanc's log is known by its lines; it has no address and no query", async () => {
  const file = logged(
    'orthanc.log',
    'W1123 12:00:00.000000 main.cpp:1] Orthanc starts\nI1123 12:00:01.000000 HttpServer.cpp:1244] (http) GET /chart\n',
  );
  const { code, text } = await run('--dir', directory, '--ehr-log', file);
  expect(code).toBe(0);
  expect(text).toContain('Read: 2 lines (orthanc), 1 requests, 1 other lines, 0 unreadable');
  expect(text).toContain('Note: No --gateway was named');
});

test('only the time and the application that were asked for are compared', async () => {
  const file = logged('time.log', explained + logLine(9, '/x', '10.0.0.9'));
  const some = await run('--dir', directory, '--ehr-log', file, '--until', '2026-11-23T12:00');
  expect([some.code, some.text]).toEqual([0, expect.stringContaining('3 requests outside the time asked for')]);
  expect(some.text).toContain('The log reaches from nothing');
  expect(some.text).toContain('The clocks cannot be compared');
  expect((await run(...copy(), '--ehr-log', file, '--application', 'lab')).text).toContain('Matched: 0 of 3');
});

test('an empty log and one from before the record are told as such', async () => {
  expect((await run(...copy(), '--ehr-log', logged('empty.log', ''))).text).toContain('Read: 0 lines');
  const early = logged('early.log', logLine(1, '/list').replace('2026', '2025'));
  expect((await run(...copy(), '--ehr-log', early)).text).toContain('Note: The log begins before the record');
});

test.each`
  args                                 | says
  ${[]}                                | ${'--ehr-log is missing'}
  ${['--ehr-log', '/none.log']}        | ${'There is no file "/none.log"'}
  ${['FILE', '--tolerance', '2h']}     | ${'--tolerance "2h" is not a time from 1s to 1h'}
  ${['FILE', '--format', 'w3c']}       | ${'--format "w3c" is none of common, combined, orthanc'}
  ${['FILE']}                          | ${'cannot be told from its first lines'}
  ${['FILE', '--config', 'none.yaml']} | ${'--dir and --config cannot stand together'}
`('$args is wrong usage', async ({ args, says }: { args: string[]; says: string }) => {
  const file = logged('nothing.log', 'what\n');
  const { code, err } = await run('--dir', directory, ...args.map((one) => (one === 'FILE' ? file : one)));
  expect([code, err[0]]).toEqual([2, expect.stringContaining(says)]);
});

test('of a gateway that runs, the one request that went past it is listed and nothing else, and both is on record', async () => {
  const ehr = await startWireEhr();
  const rules = { rules: [charts, everything] };
  const { configuration, directory: place } = await sessionConfiguration(rules, ehr.origin);
  const gateway = await startGateway(configuration, silentLog);
  onTestFinished(async () => {
    await gateway.close();
    await ehr.close();
    rmSync(place, { recursive: true, force: true });
  });
  const log: string[] = [];
  ehr.answer = (asked) => {
    const [date = '', time = ''] = new Date().toISOString().slice(0, 19).split('T');
    const [year, month = '', day] = date.split('-');
    const name = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(Number(month) * 3 - 3, Number(month) * 3);
    log.push(`${asked.socket.remoteAddress} - - [${day}/${name}/${year}:${time} +0000] "${asked.line}" 200 2 "-" "x"\n`);
    answerOk(asked);
  };
  const { id, session } = signedIn('nurse');
  await gateway.composed.state.sessions.create(session);
  const host = configuration.settings.applications.get('ehr')?.host ?? '';
  const through = { port: gateway.port, headers: { host, cookie: `wardgate=${id}` } };
  const paths = ['/chart?pid=7', '/chart?pid=8', '/list', '/chart/90817263/notes?x=1', '/files/4711/scan-90817263.pdf?4711'];
  for (const path of paths) expect(await get({ ...through, path })).toBe(200);
  expect(await get({ port: Number(new URL(ehr.origin).port), localAddress: '127.0.0.2', path: '/chart?pid=9' })).toBe(200);
  const file = join(place, 'access.log');
  writeFileSync(file, log.join(''));
  const args = ['--config', join(place, 'gateway.yaml'), '--ehr-log', file, '--gateway', '127.0.0.1'];
  const { code, text } = await run(...args, '--application', 'ehr');
  expect(text).toContain('Matched: 5 of 6');
  expect(text).toMatch(
    /^Requests in the log of the EHR that no record explains: 1\n {2}\S+ \S+ {2}127\.0\.0\.2 {2}GET \/chart\?pid {2}200 .*:6\nRead: 6/,
  );
  expect(code).toBe(1);
  expect((await run(...args, '--application', 'none')).err[0]).toBe('There is no application "none": one of ehr');
  const read = () => records({ auditDirectory: gateway.composed.audit.directory }).filter(({ event }) => event === 'order');
  const orders = await eventually(() => (read().length === 2 ? read() : null), 'both orders on record');
  expect(
    orders.map(({ detail }) =>
      String(detail)
        .replace(/ehr-log=[^)]*/, 'ehr-log=FILE')
        .replace(/user ".*"/, 'user "x"'),
    ),
  ).toEqual([
    '"audit reconcile" (application=ehr, gateway=127.0.0.1, ehr-log=FILE) by operating-system user "x"',
    '"audit reconcile" (found 1 unexplained, 5 matched of 6 requests) by operating-system user "x"',
  ]);
  expect(linesOf({ auditDirectory: gateway.composed.audit.directory }).join('\n')).not.toMatch(/90817263|4711/);
  await gateway.close();
  expect(await verify(gateway.composed.audit.directory)).toMatchObject({ sound: true });
});

test('what cannot be recorded is not shown', async () => {
  const { configuration, directory: place } = await sessionConfiguration({ rules: [everything] }, 'http://127.0.0.1:9');
  // Somebody else holds the log, and is no gateway that could be asked.
  const log = await openTestLog(configuration.settings.audit.directory);
  onTestFinished(async () => {
    await log.close();
    rmSync(place, { recursive: true, force: true });
  });
  const { code, out } = await run('--config', join(place, 'gateway.yaml'), '--ehr-log', logged('held.log', explained));
  expect([code, out]).toEqual([2, []]);
});

function get(options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', agent: false, ...options }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });
}
