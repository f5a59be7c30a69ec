// What stands in the stream, read by this version: its own entries as they were written, those of others never as less than they
// may mean.

import { expect, test } from 'vitest';
import { entryFields, heartbeatFields, readEntry, toldFields } from '../../src/adapters/redis-entry.ts';

test.each<[string, readonly string[], object]>([
  ['a heartbeat', heartbeatFields('g1', 7), { kind: 'heartbeat', gateway: 'g1', number: 7 }],
  [
    'what was told',
    toldFields('g1', 'grants', ['a', '"b']),
    { kind: 'told', gateway: 'g1', topic: 'grants', entries: ['a', '"b'] },
  ],
  ['that everything may have changed', entryFields('g1', 'everything'), { kind: 'everything', gateway: 'g1' }],
  ['that one leaves', entryFields('g1', 'leaving'), { kind: 'leaving', gateway: 'g1' }],
  ['a heartbeat of a newer format', ['f', '9', 'k', 'heartbeat', 'g', 'g2', 'n', '1', 'z', 'more'], { kind: 'heartbeat' }],
  [
    'what a newer format tells',
    ['f', '2', 'k', 'told', 'g', 'g2', 't', 'grants', 'e', '[]'],
    { kind: 'everything', gateway: 'g2' },
  ],
  ['a kind that is not known', ['f', '1', 'k', 'moved', 'g', 'g2'], { kind: 'everything', gateway: 'g2' }],
  [
    'a topic that only a newer version knows',
    ['f', '1', 'k', 'told', 'g', 'g2', 't', 'wards', 'e', '["a"]'],
    { kind: 'everything', gateway: 'g2' },
  ],
  [
    'a topic of a newer version, of which that one says that nothing here stands for it',
    ['f', '1', 'k', 'told', 'g', 'g2', 't', 'wards', 'e', '["a"]', 'u', 'pass'],
    { kind: 'passed', gateway: 'g2' },
  ],
  ['the same of a kind and a format', ['f', '3', 'k', 'moved', 'g', 'g2', 'u', 'pass'], { kind: 'passed', gateway: 'g2' }],
  [
    'what is known, though whoever does not know it may pass over it',
    ['f', '1', 'k', 'told', 'g', 'g2', 't', 'grants', 'e', '["a"]', 'u', 'pass'],
    { kind: 'told', topic: 'grants', entries: ['a'] },
  ],
  ['another word for passing over', ['f', '1', 'k', 'moved', 'g', 'g2', 'u', 'yes'], { kind: 'everything', gateway: 'g2' }],
  ['keys that are no list', ['f', '1', 'k', 'told', 'g', 'g2', 't', 'grants', 'e', '{}'], { kind: 'everything' }],
  ['keys that are no texts', ['f', '1', 'k', 'told', 'g', 'g2', 't', 'grants', 'e', '[1]'], { kind: 'everything' }],
  ['what somebody else wrote', ['hello', 'k'], { kind: 'everything', gateway: '' }],
])('%s', (_name, fields, expected) => {
  expect(readEntry(fields)).toMatchObject(expected);
});
