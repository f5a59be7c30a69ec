// What an `acknowledged` or `acknowledgement-postponed` record says in its `detail`: which text, in which version, by which
// words. Reports read it back, so writing and reading live side by side.

import type { TextMark } from '../acknowledgement/clinic-text.ts';

const pattern = /^"([^"]+)" version "([^"]+)", SHA-256 ([0-9a-f]{64})$/;

export function writeAcknowledgedNote({ id, version, hash }: TextMark): string {
  return `"${id}" version "${version}", SHA-256 ${hash}`;
}

/** The text, or null when this is none. */
export function readAcknowledgedNote(detail: string): TextMark | null {
  const [, id, version, hash] = pattern.exec(detail) ?? [];
  return id === undefined || version === undefined || hash === undefined ? null : { id, version, hash };
}
