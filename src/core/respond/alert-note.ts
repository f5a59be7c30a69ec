// What an alert and what followed say in their records. An alert names what is to follow it, so that a gateway that was killed in
// between makes up for what it had set out to do then, and not for what alerts.yaml says by now.

import { readRecordName, recordName } from '../audit/record-number.ts';
import { responseKinds } from './response-kind.ts';
import type { ResponseKind } from './response-kind.ts';

/** What the gateway itself does; `note` is the alert, and reviewers are told by whoever follows the record. */
export type DeedKind = Exclude<ResponseKind, 'note' | 'notify'>;

const isDeed = (kind: string): kind is DeedKind =>
  kind !== 'note' && kind !== 'notify' && (responseKinds as readonly string[]).includes(kind);

/** `responses` of an alert that names no person are none. */
export function deedsOf(responses: readonly ResponseKind[], namesPerson: boolean): readonly DeedKind[] {
  return namesPerson ? responses.filter(isDeed) : [];
}

export function alertDetail(words: string, seenAt: number, deeds: readonly DeedKind[]): string {
  const follows = deeds.length === 0 ? '' : `; to follow: ${deeds.join(', ')}`;
  return `${words}${follows}; seen at record ${recordName(seenAt)}`;
}

/** What is to follow the alert of this detail. */
export function deedsIn(detail: string | null): readonly DeedKind[] {
  const [, list = ''] = /; to follow: ([a-z, -]+); seen at record [\d/]+$/.exec(detail ?? '') ?? [];
  return list.split(', ').filter(isDeed);
}

export function responseDetail(alert: number, words: string): string {
  return `To the alert at record ${recordName(alert)}: ${words}`;
}

/** The alert that this followed; null where the detail is none of ours. */
export function alertIn(detail: string | null): number | null {
  const [, alert] = /^To the alert at record ([\d/]+): /.exec(detail ?? '') ?? [];
  return alert === undefined ? null : readRecordName(alert);
}
