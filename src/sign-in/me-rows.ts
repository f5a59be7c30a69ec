// What the page of a person says of them, as label and value, in their language and in the clinic's time.

import type { UsedBudget } from '../core/downloads/used-so-far.ts';
import type { FactorEvidence } from '../ports.ts';
import { fillText } from '../pages/fill-text.ts';
import { inLanguage, lasting } from '../pages/in-language.ts';
import type { Words } from '../pages/languages/en.ts';
import type { PageClinic } from '../pages/layout.ts';
import { wordsIn } from '../pages/words-in.ts';

/** All times ISO 8601. */
export interface Me {
  readonly name: string;
  readonly displayName: string;
  readonly issuer: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly rolesClaim: string;
  readonly secondFactor: { readonly method: FactorEvidence['method']; readonly at: string | null };
  readonly device: { readonly kind: 'shared' | 'own'; readonly name: string } | null;
  readonly signedInAt: string;
  readonly rolesReadEverySeconds: number;
  readonly rolesReadAt: string;
  readonly session: string;
  readonly address: string;
  readonly zones: readonly string[];
  readonly idleSeconds: number;
  readonly endAfterLockSeconds: number;
  readonly absoluteSeconds: number;
  readonly emergencyUntil: string | null;
  readonly recoveryCodesLeft: number;
  readonly downloads: readonly UsedBudget[];
}

type Row = readonly [string, string];

export function meRows(me: Me, { language }: PageClinic, timeZone: string): readonly Row[] {
  const words = wordsIn(language).me;
  const written = inLanguage(language, timeZone);
  const time = (iso: string): string => written.moment(Date.parse(iso));
  const { method, at } = me.secondFactor;
  const interval = lasting(language, me.rolesReadEverySeconds);
  return [
    [words.name, me.displayName === me.name ? me.name : `${me.displayName} (${me.name})`],
    [
      me.roles.length === 1 ? words.role : words.roles,
      fillText(words.readFrom, { roles: me.roles.join(', '), claim: me.rolesClaim }),
    ],
    [words.confirmedBy, `${words.method[method]}, ${at === null ? words.unknownTime : time(at)}`],
    [words.codesLeft, String(me.recoveryCodesLeft)],
    [words.since, time(me.signedInAt)],
    [words.checked, fillText(words.checkedAgain, { time: time(me.rolesReadAt), interval })],
    [words.onDevice, me.device === null ? words.unknownDevice : `${me.device.name} (${words.deviceKind[me.device.kind]})`],
    [words.locksAfter, lasting(language, me.idleSeconds)],
    [words.endsAfterLock, lasting(language, me.endAfterLockSeconds)],
    [words.endsAfter, lasting(language, me.absoluteSeconds)],
    [words.seenFrom, me.zones.length === 0 ? me.address : `${me.address} (${me.zones.join(', ')})`],
    [words.service, me.issuer],
    [words.subject, me.subject],
    [words.session, me.session],
    ...me.downloads.map((budget) => budgetRow(budget, words, written.megabytes)),
    ...(me.emergencyUntil === null ? [] : [[words.emergencyUntil, time(me.emergencyUntil)] as const]),
  ];
}

function budgetRow(budget: UsedBudget, words: Words['me'], megabytes: (bytes: number) => string): Row {
  const { measure, used, limit, nearlyUsed } = budget;
  const few = used > 0 && used < 1_000_000 ? fillText(words.lessThan, { size: megabytes(1_000_000) }) : megabytes(used);
  const [some, all] = measure === 'bytes' ? [few, megabytes(limit)] : [String(used), String(limit)];
  return [words.budget[measure], fillText(nearlyUsed ? words.nearlyUsed : words.used, { used: some, limit: all })];
}
