// Checkpoints as somebody kept them: the signed note, lines of a syslog receiver with the note as JSON in them, or what was
// typed from paper. The last carries no signature, and needs none: it comes from whoever holds the log against it.

import { isTyped, readPrinted } from '../core/tree/printed-checkpoint.ts';
import { readSignedCheckpoint } from './audit-checkpoint.ts';
import type { NotedCheckpoint } from './audit-checkpoint.ts';

const inSyslog = /\{"checkpoint":"(?:[^"\\]|\\.)*"\}/g;

/** At least one checkpoint of the log, or a sentence that says what is wrong. */
export function keptCheckpoints(content: string, origin: string): readonly NotedCheckpoint[] | string {
  const logged = content.match(inSyslog);
  if (logged !== null) return ofThisLog(logged, origin);
  if (isTyped(content)) return typed(content, origin);
  const read = readSignedCheckpoint(content, origin);
  return typeof read === 'string' ? read : [read];
}

/** A receiver may take the messages of several gateways. */
function ofThisLog(lines: readonly string[], origin: string): readonly NotedCheckpoint[] | string {
  const read = lines.map((line) => {
    const { checkpoint }: { checkpoint: string } = JSON.parse(line);
    return readSignedCheckpoint(checkpoint, origin);
  });
  const found = read.filter((one) => typeof one !== 'string');
  return found.length > 0 ? found : `it holds no checkpoint of the log "${origin}"`;
}

function typed(content: string, origin: string): readonly NotedCheckpoint[] | string {
  const read = readPrinted(content);
  if (typeof read === 'string') return read;
  if (read.origin !== origin) return `it is of the log "${read.origin}", and this one is "${origin}"`;
  return [{ ...read, isSignedBy: () => true }];
}
