// Checkpoints, the notes that carry them, and proofs, as texts.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../../src/core/tree/checkpoint.ts';
import { readProof, writeProof } from '../../../src/core/tree/proof-file.ts';
import { keyIdInput, readNote, writeNote } from '../../../src/core/tree/signed-note.ts';

const root = createHash('sha256').update('root').digest();
const checkpoint = { origin: 'wardgate-audit/0123456789abcdef', size: 1234, root };
const text = writeCheckpoint(checkpoint);
const keyId = Uint8Array.of(1, 2, 3, 4);
const signature = new Uint8Array(64).fill(7);

describe('a checkpoint', () => {
  it('is read as it was written', () => {
    expect(text).toBe(`wardgate-audit/0123456789abcdef\n1234\n${root.toString('base64')}\n`);
    expect(readCheckpoint(text)).toEqual(checkpoint);
  });

  it.each([
    ['no origin', text.replace(/^[^\n]+/, '')],
    ['a size with a zero before it', text.replace('\n1234', '\n01234')],
    ['a size no number holds', text.replace('\n1234', '\n9999999999999999')],
    ['a root cut short', text.replace('=\n', '\n')],
    ['a root with bits behind its end', text.replace(/.=\n$/, '/=\n')],
    ['another line', `${text}more\n`],
    ['nothing', ''],
  ])('with %s is none', (_what, damaged) => {
    expect(readCheckpoint(damaged)).toBeNull();
  });
});

describe('a signed note', () => {
  it('is read as it was written', () => {
    const note = { text, signatures: [{ name: 'a', keyId, signature }, { name: 'b', keyId, signature }] }; // prettier-ignore
    const read = readNote(writeNote(note));
    expect(read?.text).toBe(text);
    expect(read?.signatures.map(({ name, signature: bytes }) => [name, [...bytes]])).toEqual([
      ['a', [...signature]],
      ['b', [...signature]],
    ]);
  });

  it.each([
    ['no empty line', 'text\n\u2014 a AAAAAAAA\n'],
    ['no newline at its end', 'text\n\n\u2014 a AAAAAAAA'],
    ['no signature', 'text\n\n'],
    ['another dash', 'text\n\n- a AAAAAAAA\n'],
    ['a key id and nothing behind it', 'text\n\n\u2014 a AAAAAA==\n'],
    ['base64 that is not its own', 'text\n\n\u2014 a AAAAAAB=\n'],
  ])('with %s is none', (_what, damaged) => {
    expect(readNote(damaged)).toBeNull();
  });

  it('takes its key id from name and key', () => {
    expect([...keyIdInput('ab', Uint8Array.of(9, 8))]).toEqual([0x61, 0x62, 0x0a, 1, 9, 8]);
  });
});

describe('a proof', () => {
  const proof = { record: Buffer.from('{"seq":7}'), index: 6, path: [root, root], checkpoint: 'note' };

  it('is read as it was written', () => {
    expect(readProof(writeProof(proof))).toEqual(proof);
    expect(readProof(writeProof({ ...proof, path: [] }))?.path).toEqual([]);
  });

  it.each(['', writeProof(proof).replace('@v1', '@v2'), writeProof(proof).replace('index 6', 'index 06')])(
    'of another form is none (%#)',
    (content) => {
      expect(readProof(content)).toBeNull();
    },
  );
});
