// One entry of the stream, as it is written and read. A gateway of another version reads it too: what it cannot know for sure it
// answers by reading everything again, and a heartbeat of somebody else it may always leave alone.

import type { ChangeTopic } from '../shared-ports.ts';

const format = '1';

export type RedisEntry =
  | { readonly kind: 'heartbeat'; readonly gateway: string; readonly number: number }
  /** A topic that only a newer version knows has no followers here, and nothing in memory stands for it. */
  | { readonly kind: 'told'; readonly gateway: string; readonly topic: ChangeTopic; readonly entries: readonly string[] }
  /** It is stopped in order, and has told everything it had to tell. */
  | { readonly kind: 'leaving'; readonly gateway: string }
  /** More was told than could be kept, or it cannot be read: everything may have changed. */
  | { readonly kind: 'everything'; readonly gateway: string };

export function heartbeatFields(gateway: string, number: number): readonly string[] {
  return ['f', format, 'k', 'heartbeat', 'g', gateway, 'n', String(number)];
}

export function toldFields(gateway: string, topic: ChangeTopic, entries: readonly string[]): readonly string[] {
  return ['f', format, 'k', 'told', 'g', gateway, 't', topic, 'e', JSON.stringify(entries)];
}

export function entryFields(gateway: string, kind: 'everything' | 'leaving'): readonly string[] {
  return ['f', format, 'k', kind, 'g', gateway];
}

export function readEntry(fields: readonly string[]): RedisEntry {
  const field = (name: string): string => {
    const at = fields.findIndex((word, index) => index % 2 === 0 && word === name);
    return at === -1 ? '' : (fields[at + 1] ?? '');
  };
  const gateway = field('g');
  const doubtful: RedisEntry = { kind: 'everything', gateway };
  if (field('k') === 'heartbeat') return { kind: 'heartbeat', gateway, number: Number(field('n')) };
  if (field('k') === 'leaving') return { kind: 'leaving', gateway };
  if (field('k') !== 'told' || field('f') !== format) return doubtful;
  const entries = readTexts(field('e'));
  return entries === null ? doubtful : { kind: 'told', gateway, topic: field('t') as ChangeTopic, entries };
}

function readTexts(json: string): readonly string[] | null {
  try {
    const read: unknown = JSON.parse(json);
    return Array.isArray(read) && read.every((one) => typeof one === 'string') ? read : null;
  } catch {
    return null;
  }
}
