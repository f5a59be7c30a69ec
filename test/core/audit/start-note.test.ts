// The sentence of a start, written and read back.

import { expect, test } from 'vitest';
import { readStartNote, writeStartNote } from '../../../src/core/audit/start-note.ts';

test.each([
  ['from no file', { port: 80, node: '24.18.1', settings: null, more: '' }, 'listening on port 80, Node 24.18.1'],
  [
    'from a file, and one EHR without encryption',
    { port: 443, node: '24.18.1', settings: '1f0c2d3e4a5b6978', more: '; "pacs" by http: because "a, b"' },
    'listening on port 443, Node 24.18.1, gateway.yaml 1f0c2d3e4a5b6978; "pacs" by http: because "a, b"',
  ],
])('%s', (_case, note, text) => {
  expect(writeStartNote(note)).toBe(text);
  expect(readStartNote(text)).toEqual(note);
});

test('anything else is none', () => {
  expect(readStartNote('listening somewhere')).toBeNull();
});
