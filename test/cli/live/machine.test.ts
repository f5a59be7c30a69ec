// What `check --live` says of this machine and of the ways to the EHR: names, disk, doors, and how the probes run together.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { around, closingWords } from '../../../src/cli/live/close-door.ts';
import { findings } from '../../../src/cli/live/finding.ts';
import type { Finding, Probe } from '../../../src/cli/live/finding.ts';
import { judgeRoom, judgeSpeed, probeDisk } from '../../../src/cli/live/probe-disk.ts';
import { isOwnOnly, probeDns } from '../../../src/cli/live/probe-dns.ts';
import { probeDoor } from '../../../src/cli/live/probe-door.ts';
import { portOf } from '../../../src/cli/live/reaches.ts';
import { claimLines, closingLine, findingLine } from '../../../src/cli/live/report.ts';
import { runProbes } from '../../../src/cli/live/run-probes.ts';
import { tryDoor } from '../../../src/cli/live/try-door.ts';
import { liveConfiguration } from '../../support/live-configuration.ts';
import { freePort } from '../../../src/demo/free-port.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const line = ({ probe, verdict, says, fix }: Finding): string => `${probe} ${verdict}: ${says}${fix === null ? '' : `; ${fix}`}`;

async function listening(host = '127.0.0.1'): Promise<number> {
  const server = createServer((_request, response) => response.end('EHR'));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

describe('names', () => {
  const own = ['127.0.0.1', '10.20.0.9', 'fe80::1'];
  const unknown = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  test.each<readonly [what: string, lookup: () => Promise<readonly string[]>, proxy: boolean, line: RegExp]>([
    ['that lead here', () => Promise.resolve(['10.20.0.9']), false, /^dns ok: .* leads to 10\.20\.0\.9, which is this machine$/],
    [
      'that lead elsewhere',
      () => Promise.resolve(['10.20.0.9', '10.20.0.8']),
      false,
      /^dns warning: .* not this machine \(10\.20\.0\.9\); let it lead/,
    ],
    ['that lead to the proxy', () => Promise.resolve(['10.20.0.8']), true, /^dns ok: .* where the proxy in front should be$/],
    [
      'that nobody knows',
      unknown('ENOTFOUND'),
      false,
      /^dns failed: .* no name that DNS knows; .* address 10\.20\.0\.9 of this machine/,
    ],
    ['that DNS does not answer for', unknown('EAI_AGAIN'), false, /^dns failed: .* cannot be looked up: the DNS server/],
  ])('%s', async (_what, lookup, proxy, expected) => {
    const { settings } = await liveConfiguration({
      address: 'https://ehr.clinic.example',
      gateway: ['listen: { tlsEndedBy: [10.20.0.8] }'],
    });
    const listen = { ...settings.listen, trustedProxies: proxy ? settings.listen.trustedProxies : [] };
    const found = await probeDns({ lookup, ownAddresses: () => own }, settings.applications.values(), listen);
    expect(found.map(line)).toEqual([expect.stringMatching(expected)]);
  });

  test('an address needs none, and localhost may lead where it does', async () => {
    const needs = { lookup: () => Promise.resolve(['127.0.0.53']), ownAddresses: () => [] };
    for (const [address, says] of [
      ['http://127.0.0.1:8080', /needs no name/],
      ['http://localhost:8080', /leads to 127\.0\.0\.53$/],
    ] as const) {
      const { settings } = await liveConfiguration({ address });
      const found = await probeDns(needs, settings.applications.values(), settings.listen);
      expect(found).toMatchObject([{ verdict: 'ok', says: expect.stringMatching(says) }]);
    }
  });

  test.each(['127.0.0.1', '::1', 'fe80::2', '169.254.0.7'])('%s is of no use to others', (address) => {
    expect(isOwnOnly(address)).toBe(true);
  });
});

describe('the disk', () => {
  const day = 86_400_000;
  const now = Date.UTC(2026, 10, 29, 12);
  const written = (days: number, bytes: number) =>
    Array.from({ length: days }, (_, at) => ({ bytes, begun: Date.UTC(2026, 10, 29 - at) }));

  test.each`
    times              | verdict      | says
    ${[1, 2, 3]}       | ${'ok'}      | ${/durable after 2\.0 ms, the slowest of 3 after 3\.0 ms$/}
    ${[20, 20, 900]}   | ${'ok'}      | ${/after 20 ms, the slowest of 3 after 900 ms$/}
    ${[21, 21, 21]}    | ${'warning'} | ${/every answer waits/}
    ${[100, 100, 101]} | ${'warning'} | ${/every answer waits/}
    ${[101, 101, 101]} | ${'failed'}  | ${/every answer waits/}
  `('that takes $times ms is $verdict', ({ times, verdict, says }: { times: number[]; verdict: string; says: RegExp }) => {
    expect(judgeSpeed('/audit', times)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  });

  test.each`
    free    | segments           | verdict      | says
    ${5e10} | ${[]}              | ${'ok'}      | ${/^50 GB free; too little was recorded/}
    ${5e10} | ${written(1, 1e6)} | ${'ok'}      | ${/too little was recorded/}
    ${1e9}  | ${[]}              | ${'warning'} | ${/^1\.0 GB free; too little/}
    ${5e10} | ${written(5, 0)}   | ${'ok'}      | ${/more than ten years at the present 0 B a day/}
    ${5e10} | ${written(5, 1e8)} | ${'ok'}      | ${/450 days at the present 111 MB a day/}
    ${5e11} | ${written(5, 1e8)} | ${'ok'}      | ${/more than ten years/}
    ${1e11} | ${written(5, 1e8)} | ${'ok'}      | ${/2 years at the present/}
    ${6e9}  | ${written(5, 1e8)} | ${'warning'} | ${/54 days at the present/}
    ${1e9}  | ${written(5, 1e8)} | ${'failed'}  | ${/9 days at the present .* a full disk stops the gateway/}
  `(
    'with $free bytes free is $verdict',
    ({ free, segments, verdict, says }: { free: number; segments: never[]; verdict: string; says: RegExp }) => {
      expect(judgeRoom('/audit', free, segments, now)).toMatchObject({ verdict, says: expect.stringMatching(says) });
    },
  );

  test('is measured where the record lies, and nothing is left there', async () => {
    const directory = temporaryDirectory();
    const audit = join(directory, 'audit');
    mkdirSync(audit);
    for (const ago of [0, 1, 2, 30]) {
      const date = new Date(Date.now() - ago * day).toISOString().slice(0, 10);
      writeFileSync(join(audit, `${date}.jsonl`), 'x'.repeat(1000));
    }
    const before = readdirSync(audit);
    const found = await probeDisk({
      directory: audit,
      fallbackDirectory: join(directory, 'not', 'yet'),
      keepSeconds: 1,
      anchors: [],
      feeds: [],
      recertification: { everySeconds: null, removeWithinSeconds: 1 },
    });
    expect(found.map(({ probe, of }) => `${probe} ${of}`)).toEqual([
      `disk-speed ${audit}`,
      `disk-room ${audit}`,
      `disk-speed ${join(directory, 'not', 'yet')}`,
      `disk-room ${join(directory, 'not', 'yet')}`,
    ]);
    expect(found.filter(({ probe }) => probe === 'disk-speed').map(({ says }) => says)).toEqual([
      expect.stringMatching(/durable after/),
      expect.stringMatching(/durable after/),
    ]);
    // Three segments of the last days, about 1.4 KB a day.
    expect(found[1]?.says).toMatch(/at the present 1\.\d KB a day|too little/);
    expect(readdirSync(audit)).toEqual(before);
    expect(readdirSync(directory)).toEqual(['audit']);
  });

  test('that cannot be written is told', async () => {
    const directory = join(temporaryDirectory(), 'audit');
    writeFileSync(directory, 'a file where a directory should be');
    const [speed] = await probeDisk({
      directory,
      fallbackDirectory: null,
      keepSeconds: 1,
      anchors: [],
      feeds: [],
      recertification: { everySeconds: null, removeWithinSeconds: 1 },
    });
    expect(speed).toMatchObject({
      verdict: 'failed',
      says: expect.stringMatching(/ENOTDIR/),
      fix: expect.stringMatching(/as the user/),
    });
  });
});

describe('the direct door', () => {
  const doorOf = async (upstream: string, own: readonly string[]) => {
    const { settings } = await liveConfiguration({ upstream, application: ['plainHttpBecause: a test', 'signOn: none'] });
    const [application] = settings.applications.values();
    if (application === undefined) throw new Error('No application');
    return probeDoor(application, own);
  };

  test('of an EHR on loopback alone is closed', async () => {
    const door = await doorOf(`http://127.0.0.1:${await listening()}`, ['127.0.0.1', '127.8.8.8']);
    expect(line(door.finding)).toMatch(/^door ok: Closed: the EHR listens on this machine alone/);
    expect(door).toMatchObject({ isOnThisMachine: true, from: '127.0.0.1' });
  });

  test('of an EHR that listens at an address of the network too is told, with what does not show', async () => {
    // The test has no second machine: a loopback address that counts as one of the network stands for it.
    const port = await listening('0.0.0.0');
    const { finding } = await doorOf(`http://127.0.0.1:${port}`, ['127.0.0.1', '::ffff:127.0.0.1']);
    expect(line(finding)).toMatch(
      /^door warning: .* listens at .*a firewall may shut that to others, which does not show from here/,
    );
    expect(finding.fix).toMatch(/127\.0\.0\.1 alone.*Test-NetConnection ::ffff:127\.0\.0\.1 -Port \d+/);
  });

  test('of an EHR on another machine cannot be judged from here, and how to judge it is told', async () => {
    // Written so, this machine is another one for the configuration.
    const port = await listening();
    const door = await doorOf(`http://[::ffff:127.0.0.1]:${port}`, []);
    expect(line(door.finding)).toMatch(
      /^door unknown: Open to this machine, as it must be; whether it is shut to others does not show/,
    );
    expect(door.finding.fix).toContain(`Test-NetConnection ::ffff:7f00:1 -Port ${port}`);
    expect(door.isOnThisMachine).toBe(false);
  });

  test('of an EHR that is not reached says nothing', async () => {
    const { finding } = await doorOf(`http://[::ffff:127.0.0.1]:${await freePort()}`, []);
    expect(line(finding)).toBe('door unknown: The EHR is not reached from here, so nothing can be said of its door');
  });

  test('is told how to be closed, with the addresses of this clinic', () => {
    const words = closingWords('ehr', { host: '10.20.0.5', port: 8081, from: '10.20.0.9', isOnThisMachine: false }).join('\n');
    expect(words).toContain('so that only the gateway (10.20.0.9) gets in');
    expect(words).toContain('-LocalPort 8081 -Action Block -RemoteAddress 0.0.0.1-10.20.0.8,10.20.0.10-255.255.255.255');
    expect(words).toContain('nft insert rule inet filter input tcp dport 8081 ip saddr != 10.20.0.9 drop');
    expect(words).toContain('iptables -I INPUT -p tcp --dport 8081 ! -s 10.20.0.9 -j DROP');
    const unreached = closingWords('ehr', { host: '10.20.0.5', port: 8081, from: null, isOnThisMachine: false }).join('\n');
    expect(unreached).toContain('GATEWAY stands for the IPv4 address of this machine');
    expect(unreached).toContain('RANGES-WITHOUT-GATEWAY');
    const here = closingWords('ehr', { host: '127.0.0.1', port: 8081, from: '127.0.0.1', isOnThisMachine: true }).join('\n');
    expect(here).toMatch(/Listen 127\.0\.0\.1:8081[\s\S]*Connector[\s\S]*IIS[\s\S]*Docker/);
  });

  test.each([
    ['10.20.0.0', ['0.0.0.1-10.19.255.255', '10.20.0.1-255.255.255.255']],
    ['0.0.0.1', ['0.0.0.2-255.255.255.255']],
    ['255.255.255.255', ['0.0.0.1-255.255.255.254']],
  ])('everybody but %s is %j', (address, ranges) => {
    expect(around(address)).toEqual(ranges);
  });

  test.each<readonly [what: string, door: () => Promise<string>, verdict: string, says: RegExp]>([
    ['an EHR', async () => `http://127.0.0.1:${await listening()}`, 'open', /^Open: it answers with status 200/],
    ['something else', async () => `https://127.0.0.1:${await listening()}`, 'open', /^Open: something listens there/],
    ['nothing', async () => `http://127.0.0.1:${await freePort()}`, 'closed', /^Closed: the connection is refused/],
    ['no name', () => Promise.resolve('http://no-such-ehr.invalid:8081'), 'unknown', /^It cannot be told/],
  ])('from a workstation that reaches %s', async (_what, door, verdict, says) => {
    const tried = await tryDoor(await door());
    expect(tried).toMatchObject({ verdict, says: expect.stringMatching(says) });
    expect(tried.note.length).toBeGreaterThan(20);
  });

  test.each(['ehr:8081', 'http://ehr/login', ''])('%j is no door', async (text) => {
    await expect(tryDoor(text)).rejects.toThrow(
      /^Door ".*" (?:is not an address, write for example http:\/\/10\.20\.0\.5:8081|must |does not say https:\/\/ or http:\/\/, write http:\/\/ehr:8081)/,
    );
  });

  test('ports are those of the scheme where none is written', () => {
    expect(['http://a', 'https://a', 'http://a:81'].map(portOf)).toEqual([80, 443, 81]);
  });
});

describe('probes', () => {
  const probe = (name: string, run: Probe['run'], seconds = 5): Probe => ({ name, seconds, run });
  const fine = (name: string) => probe(name, () => Promise.resolve([findings(name).ok('It is well')]));

  test('run at once, are told in order, and none stops the others', async () => {
    const told: string[] = [];
    let given: AbortSignal | null = null;
    const hangs = probe(
      'hangs',
      (signal) => {
        given = signal;
        return new Promise(() => undefined);
      },
      0.05,
    );
    const all = [fine('first'), probe('throws', () => Promise.reject(new Error('No such thing'))), hangs, fine('last')];
    const found = await runProbes(all, (some) => told.push(...some.map(line)));
    expect(told).toEqual([
      'first ok: It is well',
      'throws failed: It broke off: No such thing',
      'hangs failed: Not told within 0.05 seconds; try it again; look at the network and at DNS',
      'last ok: It is well',
    ]);
    expect(found.map(line)).toEqual(told);
    expect(given).toMatchObject({ aborted: true });
  });

  test('are summed up, and coloured only where asked for', () => {
    const { ok, warning, failed, unknown } = findings('disk', '/audit');
    expect(closingLine([ok('x')])).toBe('Nothing failed');
    expect(closingLine([failed('x'), warning('x'), unknown('x'), warning('x')])).toBe(
      '1 failed, 2 warnings, 1 not to be seen from here',
    );
    expect(findingLine(failed('It is full', 'make room'), false)).toBe('FAILED   disk /audit: It is full; make room');
    expect(findingLine(findings('redis').ok('Fine'), true)).toBe('\u001b[32mok      \u001b[0m redis: Fine');
    expect(findingLine(ok('Says \u001b[2J\u202eevil'), false)).toBe('ok       disk /audit: Says \\u001b[2J\\u202eevil');
    expect(claimLines({ name: 'Ada\u202e', groups: ['a'] })).toEqual([
      'The claims that came:',
      '  name: "Ada\\u202e"',
      '  groups: ["a"]',
    ]);
  });
});
