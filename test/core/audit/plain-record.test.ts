import { describe, expect, it } from 'vitest';
import { noRecord } from '../../../src/core/audit/encode-record.ts';
import { auditEntry } from '../../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../../src/core/audit/entry.ts';
import { plainRecord } from '../../../src/core/audit/plain-record.ts';
import { readRecord } from '../../../src/core/audit/read-record.ts';
import { nextLine } from '../../support/chained-log.ts';
import { chartRead, everyEvent, fillings } from '../../support/every-event.ts';

const hash = 'a'.repeat(64);
const head = '{"seq":3,"time":"2025-11-23T14:05:06.123Z","boot":"b1","monotonic":17,"event":"start"';
const tail = `,"prev":"${noRecord}","hash":"${hash}"}`;

/** Both readings of the same bytes. */
function readings(bytes: Buffer): { readonly plain: number | null; readonly full: number | null } {
  return {
    plain: plainRecord(bytes.toString('latin1'))?.sequence ?? null,
    full: readRecord(bytes.toString('utf8'))?.sequence ?? null,
  };
}

/** Every field that a record can have, as text of its own. */
const whole: Partial<AuditEntry> = {
  ...chartRead,
  factor: 'totp',
  targetHash: '9f86d081884c7d65',
  download: 'disposition',
  pace: 'slowed',
  reason: 'no-rule',
  wouldRefuse: 'no-rule',
  activity: 'navigation',
  bytesIn: 0,
  durationMilliseconds: 4,
  endedBy: 'forward',
  grant: 'g-1',
  detail: 'Zoë Müller, 25 % – “fine”',
};

describe('plainRecord', () => {
  it.each(everyEvent)('knows a record of the kind %s by its form', (event) => {
    for (const [, fields] of fillings) {
      const line = nextLine([], auditEntry(event, 1_763_906_706_123, fields));
      expect(readings(Buffer.from(line))).toEqual({ plain: line.includes('\\') ? null : 1, full: 1 });
    }
  });

  it('knows one that says everything there is to say', () => {
    const entry = auditEntry('outcome', 1_763_906_706_123, whole);
    expect(Object.entries(entry).filter(([, value]) => value === null)).toEqual([]);
    expect(readings(Buffer.from(nextLine([], entry)))).toEqual({ plain: 1, full: 1 });
  });

  it('tells what it says first as the full reading does', () => {
    const lines = everyEvent.flatMap((event) =>
      fillings.map(([, fields]) => nextLine([], auditEntry(event, 1_763_906_706_123, fields))),
    );
    for (const line of lines.filter((one) => !one.includes('\\'))) {
      const { sequence, event, fields } = readRecord(line) ?? {};
      const told = { sequence, event, request: fields?.['request'] ?? null };
      expect(plainRecord(Buffer.from(line).toString('latin1'))).toEqual(told);
    }
  });

  it('leaves one with an escape to whoever reads it', () => {
    const line = Buffer.from(nextLine([], auditEntry('order', 1_763_906_706_123, { detail: 'by "root"' })));
    expect(readings(line)).toEqual({ plain: null, full: 1 });
  });

  it.each([
    ['a number with a fraction', `${head},"durationMilliseconds":1.5${tail}`, 3],
    ['a negative number', `${head},"status":-1${tail}`, 3],
    ['a number with an exponent', `${head},"bytesOut":1e21${tail}`, 3],
    ['a key we do not know', `${head},"shoe":"41"${tail}`, 3],
    ['keys in another order', `${head},"detail":"x","request":"r"${tail}`, 3],
    ['a key twice', `${head},"detail":"x","detail":"y"${tail}`, 3],
    ['room between keys', `${head}, "detail":"x"${tail}`, 3],
    ['a record of nothing before the first', `${head.replace('3', '0')}${tail}`, 0],
    ['a subject with another key', `${head},"subject":{"machine":"lab","sub":"x"}${tail}`, 3],
    ['a request beyond ASCII', `${head},"request":"é"${tail}`, 3],
    ['an event beyond ASCII', `${head.replace('start', 'stärt')}${tail}`, 3],
    ['a subject that is a list', `${head},"subject":[]${tail}`, 3],
    ['the highest number that is told exactly', `${head.replace('3', '9007199254740991')}${tail}`, 9_007_199_254_740_991],
    ['an escape', `${head},"detail":"\\u0041"${tail}`, 3],
    ['no JSON', '{"seq":3', null],
    ['nothing', '', null],
    ['half a line', `${head}${tail}`.slice(0, -1), null],
    ['something behind its end', `${head}${tail} `.replace(' ', ',"x":1}'), null],
    ['a return at its end', `${head}${tail}\r\n`.replace('\n', 'x'), null],
    ['something before its beginning', `x${head}${tail}`, null],
    ['two records in a line', `${head}${tail}${head}${tail}`, null],
    ['a second number in it', `${head},"seq":4${tail}`, null],
    ['a second number in place of the time', `${head.replace('"time":"2025-11-23T14:05:06.123Z"', '"seq":4')}${tail}`, null],
    ['a second event that is none', `${head},"event":7${tail}`, null],
    ['an event that is a number', `${head.replace('"start"', '7')}${tail}`, null],
    ['a second hash that is none', `${head},"hash":"0"${tail.replace(`,"hash":"${hash}"`, '')}`, null],
    ['a hash before that differs', `${head},"prev":"${noRecord}","hash":"${noRecord}","x":1}`, null],
    ['a hash in capitals', `${head}${tail.replace(hash, hash.toUpperCase())}`, null],
    ['a hash that is too short', `${head}${tail.replace(hash, hash.slice(1))}`, null],
    ['no previous hash', `${head},"hash":"${hash}"}`, null],
    ['a number with a zero before it', `${head.replace('3', '03')}${tail}`, null],
    ['a time on the clock with a zero before it', `${head.replace('17', '017')}${tail}`, null],
    ['a status with a zero before it', `${head},"status":0200${tail}`, null],
    ['a number beyond what is told exactly', `${head.replace('3', '9007199254740993')}${tail}`, null],
    ['a number that is text', `${head.replace('3', '"3"')}${tail}`, null],
    ['a text with a bare quote', `${head},"detail":"x"y"${tail}`, null],
    ['a text that does not end', `${head},"detail":"x${tail.replaceAll('"', '')}`, null],
    ['a text with a backslash before its end', `${head},"detail":"x\\"${tail}`, null],
    ['a text with an escape that there is not', `${head},"detail":"\\x41"${tail}`, null],
    ['a text with a control', `${head},"detail":"x\ty"${tail}`, null],
    ['a text with a zero', `${head},"detail":"x\0y"${tail}`, null],
    ['a text with a line feed', `${head},"detail":"x\ny"${tail}`, null],
    ['roles that end with a comma', `${head},"roles":["a",]${tail}`, null],
    ['roles without their end', `${head},"roles":["a"${tail}`, null],
    ['a subject that ends with a comma', `${head},"subject":{"machine":"lab",}${tail}`, null],
    ['a comma too many', `${head},${tail}`, null],
  ])('agrees with the full reading of %s, or leaves it to that', (_name, line, full) => {
    const found = readings(Buffer.from(line));
    expect(found.full).toBe(full);
    expect([null, full]).toContain(found.plain);
  });

  it('agrees whatever bytes stand in a text, of which UTF-8 leaves many without a meaning', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const line = Buffer.concat([Buffer.from(`${head},"detail":"`), Buffer.of(byte), Buffer.from(`"${tail}`)]);
      const { plain, full } = readings(line);
      expect([null, full]).toContain(plain);
      expect(plain === null).toBe(full === null || byte === 0x5c);
    }
  });

  it('leaves a request that is not the same in every reading to whoever reads it', () => {
    expect(plainRecord(Buffer.from(`${head},"request":"é"${tail}`).toString('latin1'))).toBeNull();
  });

  it.each([
    ['a quote in two bytes', [0xc0, 0xa2]],
    ['a backslash in two bytes', [0xc1, 0x9c]],
    ['a quote that takes the place of a second byte', [0xc3, 0x22]],
    ['the mark of a byte order', [0xef, 0xbb, 0xbf]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
  ])('agrees about %s', (_name, bytes) => {
    const line = Buffer.concat([Buffer.from(`${head},"detail":"`), Buffer.from(bytes), Buffer.from(`"${tail}`)]);
    const { plain, full } = readings(line);
    expect([null, full]).toContain(plain);
  });

  it('takes no longer than the line is long', () => {
    const line = `${head},"roles":[${'"a",'.repeat(30_000)}"a"${tail}`;
    const from = performance.now();
    expect(plainRecord(line)).toBeNull();
    expect(performance.now() - from).toBeLessThan(1000);
  });
});
