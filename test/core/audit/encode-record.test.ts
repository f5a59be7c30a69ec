import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, noRecord, sealRecord } from '../../../src/core/audit/encode-record.ts';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../../src/core/audit/entry.ts';

const place = { sequence: 7, previousHash: noRecord, boot: 'boot-1', monotonic: 1234.9 };
const time = Date.UTC(2026, 10, 23, 9, 5, 6, 7);

function line(fields: Partial<AuditEntry>, at = time): string {
  return sealRecord(encodeRecord(auditEntry('attempt', at, fields), place), 'f'.repeat(64));
}

function parsed(fields: Partial<AuditEntry>, at = time): Record<string, unknown> {
  return JSON.parse(line(fields, at)) as Record<string, unknown>;
}

const everything: Partial<AuditEntry> = {
  request: 'r1',
  subject: { issuer: 'https://idp', sub: 's1', name: 'n.okafor' },
  roles: ['nurse', 'records'],
  session: 'ref',
  factor: 'totp',
  device: 'WS-OR2',
  address: '10.20.5.17',
  agent: 'Browser',
  application: 'ehr',
  method: 'GET',
  target: '/chart?pid=7',
  targetHash: 'ab',
  patient: '7',
  patientSource: 'query',
  category: 'chart',
  action: 'read',
  rule: 'charts',
  decision: 'allowed',
  reason: 'none',
  wouldRefuse: 'no-rule',
  status: 200,
  bytesIn: 0,
  bytesOut: 5120,
  durationMilliseconds: 12.5,
  endedBy: 'forward',
  policy: 'cd',
  grant: 'g1',
  detail: 'more',
};

describe('encodeRecord', () => {
  it('writes every field in its fixed place', () => {
    expect(line(everything)).toBe(
      '{"seq":7,"time":"2026-11-23T09:05:06.007Z","boot":"boot-1","monotonic":1234,"event":"attempt","request":"r1",' +
        '"subject":{"issuer":"https://idp","sub":"s1","name":"n.okafor"},"roles":["nurse","records"],"session":"ref",' +
        '"factor":"totp","device":"WS-OR2","address":"10.20.5.17","agent":"Browser","application":"ehr","method":"GET","target":"/chart?pid=7",' +
        '"targetHash":"ab","patient":"7","patientSource":"query","category":"chart","action":"read","rule":"charts",' +
        '"decision":"allowed","reason":"none","wouldRefuse":"no-rule","status":200,"bytesIn":0,"bytesOut":5120,"durationMilliseconds":12.5,' +
        `"endedBy":"forward","policy":"cd","grant":"g1","detail":"more","prev":"${noRecord}","hash":"${'f'.repeat(64)}"}`,
    );
  });

  it('leaves null fields out', () => {
    expect(Object.keys(parsed({}))).toEqual(['seq', 'time', 'boot', 'monotonic', 'event', 'prev', 'hash']);
  });

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
  ])('leaves out the number %s that JSON cannot say', (_name, status) => {
    expect(parsed({ status })).not.toHaveProperty('status');
  });

  it.each([
    ['not a number', Number.NaN, '1970-01-01T00:00:00.000Z'],
    ['before 1970', -5, '1970-01-01T00:00:00.000Z'],
    ['beyond the year 9999', 1e17, '9999-12-31T23:59:59.999Z'],
  ])('writes a time that is %s as the nearest it can', (_name, at, written) => {
    expect(parsed({}, at)['time']).toBe(written);
  });

  it.each([
    ['target', 4096],
    ['agent', 256],
    ['detail', 512],
    ['patient', 256],
  ] as const)('keeps %s whole at %i characters and marks the cut above', (key, most) => {
    expect(parsed({ [key]: 'x'.repeat(most) })[key]).toBe('x'.repeat(most));
    expect(parsed({ [key]: 'x'.repeat(most + 1) })[key]).toBe(`${'x'.repeat(most - 1)}…`);
  });

  it('does not leave half a character at the cut', () => {
    expect(parsed({ patient: '😀'.repeat(200) })['patient']).toBe(`${'😀'.repeat(127)}…`);
  });

  it.each([
    ['32 names', Array.from({ length: 32 }, (_none, index) => `r${index}`), 32],
    ['33 names', Array.from({ length: 33 }, (_none, index) => `r${index}`), 33],
    ['512 characters', ['a'.repeat(256), 'b'.repeat(256)], 2],
  ])('keeps roles of %s', (_name, roles, count) => {
    const written = parsed({ roles })['roles'] as string[];
    expect(written).toHaveLength(count);
    expect(written).toEqual(count === 33 ? [...roles.slice(0, 32), '…'] : roles);
  });

  it('marks roles that are too long in total, and keeps an empty list', () => {
    expect(parsed({ roles: ['a'.repeat(256), 'b'.repeat(256), 'c'] })['roles']).toEqual(['a'.repeat(256), 'b'.repeat(256), '…']);
    expect(parsed({ roles: [] })['roles']).toEqual([]);
  });

  it('stays under 64 KiB whatever the fields hold', () => {
    const worst = '\u0001'.repeat(5000);
    const fields = Object.fromEntries(
      Object.entries(everything).map(([key, value]) => [key, typeof value === 'string' ? worst : value]),
    );
    const subject = { issuer: worst, sub: worst, name: worst };
    const roles = Array.from({ length: 40 }, () => '\u0001'.repeat(16));
    const entry = { ...auditEntry('recovery-code-used', time, fields), subject, roles };
    const text = encodeRecord(entry, { sequence: 2 ** 52, previousHash: noRecord, boot: worst, monotonic: 1e15 });
    expect(Buffer.byteLength(sealRecord(text, noRecord))).toBeLessThan(65_536);
  });

  const hostile = [
    'line\nbreak\r\n',
    'nul\u0000 esc\u001b[2J del\u007f c1\u0085\u009b',
    'rtl\u202egpj.exe \u2066isolate\u2069 \u200e\u200f\u061c',
    'separators \u2028 \u2029',
    'lone \ud800 and \udfff',
    'quote " backslash \\ "},"hash":"',
    'tags \u{e0041}\u{e007f} zero\u200bwidth \ufeff soft\u00adhyphen',
    'plain Zoë 王 😀',
  ];

  it.each(hostile)('brings %j back as it was, without a raw control or invisible character', (text) => {
    const written = line({ patient: text, target: text, subject: { issuer: text, sub: text, name: text }, roles: [text] });
    expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    const back = JSON.parse(written) as Record<string, unknown>;
    expect(back).toMatchObject({ patient: text, target: text, subject: { issuer: text, sub: text, name: text }, roles: [text] });
  });

  it('brings any text back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const written = line({ patient: text });
        expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect((JSON.parse(written) as { patient: string }).patient).toBe(text);
      }),
    );
  });
});
