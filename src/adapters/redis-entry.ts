// One entry of the stream, as it is written and read. A gateway of another version reads it too: what it cannot know for sure it
// answers by reading everything again, unless the entry itself says that whoever does not know it may pass over it. A heartbeat of
// somebody else may always be left alone.

import type { ChangeTopic } from '../shared-ports.ts';

const format = '1';
/** Whatever another version tells of, it is one of these or not known here. */
const topics: Readonly<Record<ChangeTopic, true>> = {
  sessions: true,
  'sessions-seen': true,
  'sessions-ended': true,
  standings: true,
  'held-posts': true,
  grants: true,
  restrictions: true,
  devices: true,
  cases: true,
};
/**
 * The word of a newer version that an older one holds nothing of what this entry tells; under `u`, in any format. Without it a new
 * kind or topic makes older gateways read everything, each time.
 */
const passOver = 'pass';

export type RedisEntry =
  | { readonly kind: 'heartbeat'; readonly gateway: string; readonly number: number }
  | { readonly kind: 'told'; readonly gateway: string; readonly topic: ChangeTopic; readonly entries: readonly string[] }
  /** It is stopped in order, and has told everything it had to tell. */
  | { readonly kind: 'leaving'; readonly gateway: string }
  /** Of a newer version, which says that nothing here can be gone by because of it. */
  | { readonly kind: 'passed'; readonly gateway: string }
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
  if (field('k') === 'heartbeat') return { kind: 'heartbeat', gateway, number: Number(field('n')) };
  if (field('k') === 'leaving') return { kind: 'leaving', gateway };
  const topic = topicIn(field('t'));
  const isOurs = field('k') === 'told' && field('f') === format;
  const entries = isOurs && topic !== undefined ? readTexts(field('e')) : null;
  if (topic !== undefined && entries !== null) return { kind: 'told', gateway, topic, entries };
  return { kind: field('u') === passOver ? 'passed' : 'everything', gateway };
}

function topicIn(text: string): ChangeTopic | undefined {
  return Object.hasOwn(topics, text) ? (text as ChangeTopic) : undefined;
}

function readTexts(json: string): readonly string[] | null {
  try {
    const read: unknown = JSON.parse(json);
    return Array.isArray(read) && read.every((one) => typeof one === 'string') ? read : null;
  } catch {
    return null;
  }
}
