import { describe, expect, it } from 'vitest';
import { noRecord } from '../../../src/core/audit/encode-record.ts';
import { readRecord } from '../../../src/core/audit/read-record.ts';

const tail = `,"prev":"${noRecord}","hash":"${'a'.repeat(64)}"}`;

describe('readRecord', () => {
  it('reads what the chain needs', () => {
    const record = readRecord(`{"seq":3,"event":"start","detail":"hello"${tail}`);
    expect(record).toMatchObject({ sequence: 3, previousHash: noRecord, hash: 'a'.repeat(64), event: 'start', detail: 'hello' });
    expect(readRecord(`{"seq":3,"event":"start"${tail}`)?.detail).toBeNull();
  });

  it.each([
    ['no JSON', '{"seq":3'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['no event', `{"seq":3,"x":1${tail}`],
    ['a sequence that is text', `{"seq":"3","event":"start"${tail}`],
    ['a sequence that is a fraction', `{"seq":3.5,"event":"start"${tail}`],
    ['a sequence written another way', `{"seq":3e0,"event":"start"${tail}`],
    ['a prev that is no hash', `{"seq":3,"event":"start","prev":"12","hash":"${noRecord}"}`],
    ['a prev that is no text', `{"seq":3,"event":"start","prev":1,"hash":"${noRecord}"}`],
    ['a hash in capitals', `{"seq":3,"event":"start","prev":"${noRecord}","hash":"${'A'.repeat(64)}"}`],
    ['a hash that is no text', `{"seq":3,"event":"start","prev":"${noRecord}","hash":1}`],
    ['a second sequence', `{"seq":3,"seq":4,"event":"start"${tail}`],
    ['something behind the hash', `{"seq":3,"event":"start"${tail.slice(0, -1)},"x":1}`],
  ])('does not take %s for a record', (_name, line) => {
    expect(readRecord(line)).toBeNull();
  });
});
