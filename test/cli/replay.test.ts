// A record larger than the memory it is given, read once through; how far back it reads; and what it says it cannot tell.

import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { encodeRecord, noRecord, sealRecord } from '../../src/core/audit/encode-record.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../../src/core/audit/entry.ts';
import { replay } from '../../src/cli/replay.ts';
import { rules as rulesCommand } from '../../src/cli/rules.ts';
import { told } from '../support/backup-clinic.ts';
import { command, endCommands } from '../support/command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(endCommands);

const rules = `roles: { nurse: [G-Nurses, G-Night], physician: G-Physicians }
rules:
  - { name: bulk, paths: [/bulk], when: { query: { size: all } }, allow: physician }
  - { name: charts, paths: ['/chart/**', /bulk], methods: [GET, POST], allow: [nurse, physician] }
`;

const gateway = `clinic: { name: Northside, timezone: Europe/Berlin, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }
listen: { port: 8443, certificate: ehr.pem, keyFile: ehr.key }
zones: { clinic: 10.0.0.0/8 }
applications: { ehr: { address: 'https://ehr.northside.example', upstream: 'https://10.20.0.5', signOn: { header: X-User } } }
signIn: { issuer: 'https://login.northside.example', clientId: wardgate, clientSecretFile: secret }
secondFactor: { methods: totp, enrolFrom: clinic }
lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }
`;

interface Recorded extends Partial<AuditEntry> {
  readonly event?: AuditEvent;
  readonly daysAgo?: number;
}

const day = 86_400_000;

/** A clinic on disk with these records, one a request; files by day as the log writes them. */
function clinicWith(recorded: Iterable<Recorded>) {
  const directory = temporaryDirectory();
  const audit = join(directory, 'data', 'audit');
  mkdirSync(audit, { recursive: true });
  const [config, next] = [join(directory, 'gateway.yaml'), join(directory, 'new.yaml')];
  writeFileSync(config, gateway);
  writeFileSync(join(directory, 'rules.yaml'), rules);
  const days = new Map<string, string[]>();
  let sequence = 0;
  for (const { event = 'outcome', daysAgo = 1, ...fields } of recorded) {
    sequence += 1;
    const entry = auditEntry(event, Date.now() - daysAgo * day, { ...request, ...fields });
    const encoded = encodeRecord(entry, { sequence, previousHash: noRecord, boot: 'b', monotonic: 1 });
    const date = new Date(entry.time).toISOString().slice(0, 10);
    const lines = days.get(date) ?? [];
    lines.push(sealRecord(encoded, 'f'.repeat(64)));
    days.set(date, lines);
  }
  for (const [date, lines] of days) writeFileSync(join(audit, `${date}.jsonl`), `${lines.join('\n')}\n`);
  const ask = async (text: string, ...more: string[]) => {
    writeFileSync(next, text);
    return told(replay, '--rules', next, '--config', config, ...more);
  };
  return { directory, audit, config, next, ask };
}

const request: Partial<AuditEntry> = {
  subject: { issuer: 'https://login.northside.example', sub: 'u1', name: 'n.okafor' },
  roles: ['nurse'],
  address: '10.1.2.3',
  application: 'ehr',
  method: 'GET',
  target: '/chart/7',
  rule: 'charts',
  decision: 'allowed',
  status: 200,
  bytesIn: 0,
  policy: hash('sha256', rules, 'hex').slice(0, 16),
};

const narrower = rules.replace('allow: [nurse, physician]', 'allow: physician');

test('only the time that was asked for is read', async () => {
  const { ask } = clinicWith([{ daysAgo: 9 }, { daysAgo: 3 }, { daysAgo: 1 }]);
  expect((await ask(narrower)).out).toContain('Would lose: 1 person, 2 requests');
  expect((await ask(narrower, '--since', '2d')).out).toContain('Would lose: 1 person, 1 requests');
  expect((await ask(narrower, '--since', '2w')).out).toContain('Would lose: 1 person, 3 requests');
  expect(await ask(narrower, '--since', '7')).toMatchObject({ code: 2 });
});

test('the same rules change nothing, and that is 0', async () => {
  const { ask } = clinicWith([{}, { target: '/bulk?size=-' }, { target: '/chart/7', method: 'POST', bytesIn: 12 }]);
  expect(await ask(`# another comment\n${rules}`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nobody gains or loses'),
  });
});

test('a redacted value is told from what the old rules decided, and else not at all', async () => {
  // The nurse got through, so size was not "all".
  const wider = rules.replace('allow: physician }', 'allow: nobody }');
  const { ask } = clinicWith([{ target: '/bulk?size=-' }]);
  expect(await ask(wider)).toMatchObject({ code: 0 });
  const other = clinicWith([{ target: '/bulk?size=-', policy: '0'.repeat(16) }]);
  const answer = await other.ask(wider);
  expect(answer).toMatchObject({
    code: 1,
    out: expect.stringContaining('Cannot be told: 1, the value of a query field was not kept'),
  });
});

test.each<[string, Recorded, string]>([
  [
    'a sign-in that was asked for',
    { event: 'refusal', decision: 'refused', reason: 'sign-in-required', subject: null },
    '1, refused by something else than the rules',
  ],
  ['a stranger', { event: 'refusal', decision: 'refused', reason: 'no-rule', subject: null }, '1, of nobody who was signed in'],
  ['a sum of refusals', { event: 'refusals-summed' }, '1, summed records'],
  ['an address that was cut', { target: `/chart/${'7'.repeat(500)}...` }, '1, too long to be kept whole'],
  ['an attempt without an end', { event: 'attempt' }, '1 that have no end in the record'],
])('%s is not judged, and counted', async (_what, recorded, says) => {
  const { ask } = clinicWith([recorded]);
  const { code, out } = await ask(narrower);
  expect(out).toContain(`Not judged: ${says}`);
  expect(code).toBe(0);
});

test('roles are carried over by their groups', async () => {
  const { ask } = clinicWith([{}]);
  const renamed = rules
    .replace('nurse: [G-Nurses, G-Night]', 'care: [G-Night, G-Nurses]')
    .replace('[nurse, physician]', '[care, physician]');
  expect(await ask(renamed)).toMatchObject({ code: 0 });
  const split = rules
    .replace('nurse: [G-Nurses, G-Night]', 'day: G-Nurses, night: G-Night')
    .replace('[nurse, physician]', '[day, physician]');
  expect((await ask(split)).out).toContain('Cannot be told: 1, only some groups of a role');
});

test('an export that was let pass may have been a page', async () => {
  const { ask } = clinicWith([{}]);
  const exporting = rules.replace(
    'methods: [GET, POST], allow: [nurse, physician]',
    'methods: [GET, POST], allow: [nurse, physician], export: physician',
  );
  expect((await ask(exporting)).out).toContain('Cannot be told: 1, whether the reply was a file was not kept');
  const always = exporting.replace('export: physician', 'export: physician, download: always');
  expect((await ask(always)).out).toContain('export-not-permitted');
});

test('new rules that are not sound are not replayed', async () => {
  const { ask } = clinicWith([{}]);
  expect(await ask(rules.replace('nurse, phys', 'nurze, phys'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "nurse"'),
  });
});

test('nothing observed is nothing to propose', async () => {
  const { config } = clinicWith([{}]);
  expect(await told(rulesCommand, 'observed', '--config', config)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing would be refused'),
  });
});

test(
  'a record of many times the memory is read in a small heap, and what cannot be listed is counted',
  { timeout: 120_000 },
  async () => {
    const people = 7000;
    function* many(): Generator<Recorded> {
      for (let count = 0; count < 60_000; count += 1) {
        const name = `person-${count % people}`;
        yield {
          subject: { issuer: 'https://login.northside.example', sub: name, name },
          agent: 'a'.repeat(250),
          target: `/chart/${count}`,
        };
      }
    }
    const { config, next } = clinicWith(many());
    writeFileSync(next, narrower);
    const running = command(['replay', '--rules', next, '--config', config, '--json'], { flags: ['--max-old-space-size=40'] });
    expect(await running.ended).toMatchObject({ code: 1 });
    const found = JSON.parse(running.stdout()) as {
      changes: { count: number }[];
      unlisted: number;
      counts: { requests: number };
    };
    expect(found.counts.requests).toBe(60_000);
    expect(found.changes).toHaveLength(5000);
    expect(found.changes.reduce((sum, { count }) => sum + count, 0) + found.unlisted).toBe(60_000);
  },
);
