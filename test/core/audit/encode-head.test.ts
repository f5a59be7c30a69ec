import { describe, expect, it } from 'vitest';
import { encodeHead, headBytes, readHead, sealHead } from '../../../src/core/audit/encode-head.ts';
import { readOutageNote, writeOutageNote } from '../../../src/core/audit/outage-note.ts';

const head = {
  file: '2026-11-23.100000.jsonl',
  size: 2 ** 50,
  sequence: 2 ** 50,
  hash: 'c'.repeat(64),
  time: '2026-11-23T09:05:06.007Z',
};
const signature = Buffer.alloc(64, 7).toString('base64');

describe('the signed head', () => {
  it('reads back what was written, and says what was signed', () => {
    const encoded = encodeHead(head);
    expect(readHead(sealHead(encoded, signature))).toEqual({ head, signedText: encoded, signature });
  });

  it('always has the same length', () => {
    expect(sealHead(encodeHead(head), signature)).toHaveLength(headBytes);
    expect(sealHead(encodeHead({ ...head, file: '', size: 0, sequence: 0 }), signature)).toHaveLength(headBytes);
  });

  it.each([
    ['empty', ''],
    ['cut', sealHead(encodeHead(head), signature).slice(0, 200)],
    ['of another version', sealHead(encodeHead(head), signature).replace('"version":1', '"version":2')],
    ['without a size', sealHead(encodeHead(head).replace('"size"', '"seize"'), signature)],
    ['with half a sequence', sealHead(encodeHead({ ...head, sequence: 1.5 }), signature)],
    ['with a hash that is none', sealHead(encodeHead({ ...head, hash: 'zz' }), signature)],
    ['with a number for a hash', sealHead(encodeHead(head).replace(`"${head.hash}"`, '7'), signature)],
    ['with a number for a file', sealHead(encodeHead(head).replace(`"${head.file}"`, '7'), signature)],
    ['with a number for a time', sealHead(encodeHead(head).replace(`"${head.time}"`, '7'), signature)],
    ['that is no JSON', sealHead(encodeHead(head).replace(':', '='), signature).replace('"version"=1', '"version":1,,')],
  ])('does not read a head %s', (_name, content) => {
    expect(readHead(content)).toBeNull();
  });
});

describe('the note of an outage', () => {
  it.each([
    { cause: 'ENOSPC', abandoned: '2026-11-23.jsonl', after: 120, repeated: 3 },
    { cause: 'EIO', abandoned: null, after: 0, repeated: 0 },
    { cause: 'odd (cause) "with" marks', abandoned: '2026-11-23.2.jsonl', after: 9_007_199_254_740_991, repeated: 10_000 },
  ])('reads back %j', (note) => {
    const { cause: _cause, ...rest } = note;
    expect(readOutageNote(writeOutageNote(note))).toEqual(rest);
  });

  it('reads no other sentence', () => {
    expect(readOutageNote('Recording goes on after 3 s, 0 records were refused meanwhile')).toBeNull();
  });

  it('fits a record whatever the cause', () => {
    expect(
      writeOutageNote({ cause: 'x'.repeat(9999), abandoned: 'y'.repeat(30), after: 2 ** 53, repeated: 10_000 }).length,
    ).toBeLessThan(512);
  });
});
