// Who has acknowledged which text of the clinic, and who has not: everybody who signed in and whose text it is, held against
// what they said last.

import type { ClinicText } from '../acknowledgement/clinic-text.ts';
import { readAcknowledgedNote } from '../audit/acknowledged-note.ts';
import type { Told } from './told.ts';

export type AcknowledgementRow = {
  readonly text: string;
  readonly version: string;
  readonly person: string;
  readonly roles: string;
  readonly standing: 'acknowledged' | 'an earlier version' | 'lapsed' | 'put off' | 'not yet';
  /** The version they acknowledged last; null where none. */
  readonly read: string | null;
  readonly at: number | null;
  readonly postponed: number;
  readonly record: number | null;
};

export interface AcknowledgementsAsked {
  readonly texts: readonly ClinicText[];
  /** Everybody with access, with the roles of their last sign-in. */
  readonly people: readonly { readonly person: string; readonly roles: readonly string[] }[];
  /** `acknowledged` and `acknowledgement-postponed`, oldest first. */
  readonly told: readonly Pick<Told, 'event' | 'person' | 'time' | 'sequence' | 'detail'>[];
  readonly now: number;
}

/** By text and person. */
export function acknowledgements({ texts, people, told, now }: AcknowledgementsAsked): readonly AcknowledgementRow[] {
  return texts.flatMap((text) =>
    people
      .filter(({ roles }) => text.roles === null || text.roles.some((role) => roles.includes(role)))
      .map((one) => rowOf(text, one, told, now)),
  );
}

function rowOf(
  text: ClinicText,
  { person, roles }: AcknowledgementsAsked['people'][number],
  told: AcknowledgementsAsked['told'],
  now: number,
): AcknowledgementRow {
  const theirs = told.flatMap((one) => {
    const mark = one.person === person ? readAcknowledgedNote(one.detail ?? '') : null;
    return mark?.id === text.id ? [{ ...one, mark }] : [];
  });
  const isNow = ({ mark }: (typeof theirs)[number]): boolean => mark.version === text.version && mark.hash === text.hash;
  const read = theirs.filter(({ event }) => event === 'acknowledged');
  const last = read.findLast(isNow) ?? read.at(-1) ?? null;
  const postponed = theirs.filter((one) => one.event !== 'acknowledged' && isNow(one)).length;
  const standing = (): AcknowledgementRow['standing'] => {
    if (last !== null && isNow(last)) {
      const over = text.againSeconds !== null && now - last.time >= text.againSeconds * 1000;
      return over ? 'lapsed' : 'acknowledged';
    }
    if (last !== null) return 'an earlier version';
    return postponed > 0 ? 'put off' : 'not yet';
  };
  return {
    text: text.title,
    version: text.version,
    person,
    roles: roles.join(', '),
    standing: standing(),
    read: last?.mark.version ?? null,
    at: last?.time ?? null,
    postponed,
    record: last?.sequence ?? null,
  };
}
