// Commands that read the record, at one of two gateways that share a PostgreSQL: they answer for both, and say so where they cannot.

import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openPostgresDb } from '../../src/adapters/state-db-postgres.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import { replay } from '../../src/cli/replay.ts';
import { report } from '../../src/cli/report.ts';
import { rules as rulesCommand } from '../../src/cli/rules.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { openEmbeddedState } from '../../src/adapters/embedded-state.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SharedAuditDb } from '../../src/adapters/audit-shared-db.ts';
import { AuditTree } from '../../src/adapters/audit-tree.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { openTestLog, systemClock } from '../support/audit-log.ts';
import { told } from '../support/backup-clinic.ts';
import { storeOn, withPostgres } from '../support/index-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const rules = `roles: { nurse: G-Nurses }
rules:
  - { name: charts, paths: '/chart/**', methods: [GET], allow: nurse }
`;
const narrower = rules.replace('allow: nurse', 'allow: physician').replace('roles: {', 'roles: { physician: G-Physicians,');
const minute = 60_000;
const lately = Math.floor((Date.now() - 60 * minute) / minute) * minute;
const whose = `~${'a'.repeat(26)}`;
const nia = { issuer: 'https://login.northside.example', sub: 'u1', name: 'n.okafor' };

interface Home {
  readonly config: string;
  readonly directory: string;
  readonly audit: string;
}

function gatewayAt(url: string, schema: string): Home {
  const directory = temporaryDirectory();
  const audit = join(directory, 'data', 'audit');
  mkdirSync(audit, { recursive: true, mode: 0o700 });
  const config = join(directory, 'gateway.yaml');
  createMasterKey(join(directory, 'master.key'));
  writeFileSync(
    config,
    `clinic: { name: Northside, timezone: Europe/Berlin, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }
listen: { port: 8443, certificate: ehr.pem, keyFile: ehr.key }
zones: { clinic: 10.0.0.0/8 }
applications: { ehr: { address: 'https://ehr.northside.example', upstream: 'https://10.20.0.5', signOn: { header: X-User } } }
signIn: { issuer: 'https://login.northside.example', clientId: wardgate, clientSecretFile: secret }
secondFactor: { methods: totp, enrolFrom: clinic }
lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }
masterKeyFile: master.key
store: { durable: { url: "${url}", schema: ${schema} } }
`,
  );
  writeFileSync(join(directory, 'rules.yaml'), rules);
  return { config, directory, audit };
}

/** The charts that the nurse opened here, each so many minutes after an hour ago as its number, or its place, says. */
async function opened({ audit }: Home, charts: readonly (number | string)[]): Promise<void> {
  const log = await openTestLog(audit);
  for (const [place, chart] of charts.entries()) {
    const at = typeof chart === 'number' ? chart : place;
    const fields = {
      request: `r-${at}`,
      subject: nia,
      roles: ['nurse'],
      address: '10.1.2.3',
      application: 'ehr',
      method: 'GET',
      target: `/chart/${chart}`,
      patient: whose,
      rule: 'charts',
      bytesIn: 0,
      policy: hash('sha256', rules, 'hex').slice(0, 16),
    } as const;
    await log.append(auditEntry('attempt', lately + at * minute, fields));
    await log.append(auditEntry('outcome', lately + at * minute, { ...fields, decision: 'allowed', status: 200, bytesOut: 10 }));
  }
  await log.close();
}

const chartsIn = (out: string): readonly string[] =>
  out.split('\n').flatMap((line) => (line.includes('/chart/') ? [line.split('  ')[0] ?? ''] : []));

withPostgres('at one of two gateways', (server) => {
  async function two(schema: string, atA = [1, 3], atB = [2, 4]): Promise<readonly [Home, Home]> {
    const [a, b] = [gatewayAt(server().url, schema), gatewayAt(server().url, schema)];
    await opened(a, atA);
    await opened(b, atB);
    // Each brings its own records, as a gateway that runs does all the time; the first of them is gateway 1.
    for (const { config } of [a, b]) await told(auditCommand, 'search', '--config', config);
    return [a, b];
  }

  test('a search finds the records of both, by their names, and goes on from there', async () => {
    const [a, b] = await two('searched');
    const search = (...more: string[]) => told(auditCommand, 'search', '--event', 'outcome', ...more);
    for (const { config } of [a, b]) {
      const found = await search('--config', config);
      expect([found.code, chartsIn(found.out)]).toEqual([0, ['2/3', '3', '2/1', '1']]);
    }
    const first = await search('--config', a.config, '--last', '3');
    expect(first.err).toContain('There are more: --before 2/1');
    expect(chartsIn((await search('--config', a.config, '--before', '2/1')).out)).toEqual(['1']);
    const hours = await told(auditCommand, 'search', '--config', a.config, '--hours', '--json', '--since', '2h');
    const counts = hours.out
      .split('\n')
      .flatMap((line) => (line.includes('"outcome"') ? [JSON.parse(line) as { count: number }] : []));
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    // Whoever has a copy of the log can call its records as the others do.
    const copies = await told(auditCommand, 'show', '--dir', b.audit, '--dir', a.audit);
    expect(chartsIn(copies.out)).toEqual(['1', '2', '2/1', '2/2', '3', '4', '2/3', '2/4']);
  });

  test('a replay, what was observed, and the log of an EHR go by the records of both', async () => {
    const [a] = await two('replayed');
    const next = join(a.directory, 'new.yaml');
    writeFileSync(next, narrower);
    const replayed = await told(replay, '--rules', next, '--config', a.config);
    expect(replayed.err).toBe('');
    expect(replayed).toMatchObject({ code: 1, out: expect.stringContaining('Would lose: 1 person, 4 requests') });
    const observed = await told(rulesCommand, 'observed', '--config', a.config);
    expect(observed).toMatchObject({ code: 0, out: expect.stringContaining('4 recorded requests') });
    const log = join(a.directory, 'access.log');
    const lines = [1, 2, 3, 4].map((at) => {
      const [day, month, date, year, time] = new Date(lately + at * minute).toUTCString().replace(',', '').split(' ');
      expect(day).toHaveLength(3);
      return `10.0.0.5 - - [${date === undefined ? '' : `${month}/${date}/${year}`}:${time} +0000] "GET /chart/${at} HTTP/1.1" 200 1\n`;
    });
    writeFileSync(log, lines.join(''));
    const reconciled = await told(auditCommand, 'reconcile', '--config', a.config, '--ehr-log', log, '--tolerance', '10s');
    expect(reconciled.out).toContain('Unexplained: 0');
    expect(reconciled.code).toBe(0);
    const long = await told(replay, '--rules', next, '--config', a.config, '--since', '90d');
    expect(long).toMatchObject({ code: 1, err: expect.stringContaining('keeps whole records for 36 days') });
  });

  test('a replay asks the store for the ids behind tokens in addresses', async () => {
    const a = gatewayAt(server().url, 'tokens');
    const sealer = new FileSealer(join(a.directory, 'master.key'));
    const judge = () => ({ standing: 'active' }) as never;
    const store = { durable: storeOn(server(), 'tokens'), redis: null };
    const place = {
      directory: join(a.directory, 'data'),
      sealer,
      clock: new FakeClock(),
      log: new FakeLog(),
      touchStepMilliseconds: 1000,
    };
    const state = await openEmbeddedState({ ...place, store, judge });
    await state.patientTokens.remember('4711');
    const token = state.patientTokens.tokenOf('4711');
    await state.close();
    await opened(a, [token, 'other']);
    const next = join(a.directory, 'new.yaml');
    writeFileSync(next, narrower.replace('rules:\n', 'rules:\n  - { name: own, paths: /chart/4711, allow: nurse }\n'));
    const { out } = await told(replay, '--rules', next, '--config', a.config);
    expect(out).toContain('2 recorded requests');
    expect(out).toContain('Would lose: 1 person, 1 requests');
  });

  test('a report counts both, and beside it lie the proofs of this log', async () => {
    await (await openPostgresDb({ ...storeOn(server(), 'reported'), log: new FakeLog() })).close();
    // Hours apart, so that none is a visit together with another.
    const [, b] = await two('reported', [-600, -200], [-400, -1]);
    const args = ['patient', '--patient', whose, '--since', '1d', '--config', b.config];
    const made = JSON.parse((await told(report, ...args, '--json')).out) as {
      readonly coverage: { readonly together: { readonly logs: number } };
    };
    expect(made.coverage.together.logs).toBe(2);
    const signingKeyFile = join(b.directory, 'data', 'audit-signing.key');
    const tree = new AuditTree({ directories: [b.audit], signingKeyFile, anchors: [], keepSeconds: 3600 }, systemClock);
    const out = temporaryDirectory();
    const filed = { yet: false };
    const making = told(report, ...args, '--out', out).finally(() => (filed.yet = true));
    // As the gateway does beside it.
    while (!filed.yet) {
      await tree.look(true);
      await setImmediate();
    }
    expect(await making).toMatchObject({
      code: 0,
      err: '2 records of the report stand in logs of other gateways: make it there as well for their proofs\n',
    });
    const bundle = JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8')) as {
      readonly records: readonly { readonly line: string }[];
    };
    const targets = bundle.records.map(({ line }) => (JSON.parse(line) as { readonly target?: string }).target);
    expect(new Set(targets)).toEqual(new Set(['/chart/-400', '/chart/-1']));
  });

  test('what another gateway has not brought is told', async () => {
    const [a, b] = await two('late');
    const saidLast = async (time: number): Promise<void> => {
      const db = new SharedAuditDb(storeOn(server(), 'late'));
      await db.ask('UPDATE audit_gateways SET looked_at = $1 WHERE number = 2', [time]);
      await db.close();
    };
    await saidLast(1000);
    const words = 'Gateway 2 has brought no record since 1970-01-01T00:00:01.000Z';
    expect((await told(auditCommand, 'search', '--config', a.config)).err).toContain(words);
    const next = join(a.directory, 'new.yaml');
    writeFileSync(next, rules);
    // Nobody can say that nobody loses anything.
    expect(await told(replay, '--rules', next, '--config', a.config)).toMatchObject({
      code: 1,
      out: expect.stringContaining(words),
    });
    // One that was stopped in order wrote nothing since.
    const log = await openTestLog(b.audit);
    await (
      await log.append(auditEntry('stop', Date.now()))
    ).durable;
    await log.close();
    expect((await told(auditCommand, 'search', '--config', b.config)).code).toBe(0);
    await saidLast(1000);
    expect((await told(auditCommand, 'search', '--config', a.config)).err).not.toContain('Gateway 2');
  });

  test('without PostgreSQL it is said how one log can be read', async () => {
    const lost = gatewayAt('postgres://wardgate@127.0.0.1:9/wardgate', 'lost');
    await opened(lost, [1]);
    const { code, out, err } = await told(auditCommand, 'search', '--config', lost.config);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/The record of all gateways cannot be read: .*; one log alone can be with "wardgate audit … --dir"/);
  });
});
