// What an alert's record says is to follow, how long each restriction holds, and what it means for one request.

import { describe, expect, it } from 'vitest';
import { alertDetail, alertIn, deedsIn, deedsOf, responseDetail } from '../../../src/core/respond/alert-note.ts';
import { judgeRestricted } from '../../../src/core/respond/judge-restricted.ts';
import { responseKinds } from '../../../src/core/respond/response-kind.ts';
import { endOf } from '../../../src/core/respond/restriction.ts';
import type { Restriction } from '../../../src/core/respond/restriction.ts';
import { usualRestrictions } from '../../../src/core/respond/restriction-settings.ts';

describe("an alert's record", () => {
  const deeds = ['ask', 'step-up', 'slow', 'block', 'end-session'] as const;

  it('names what is to follow where it names a person', () => {
    expect(deedsOf(responseKinds, true)).toEqual(deeds);
    expect(deedsOf(responseKinds, false)).toEqual([]);
  });

  it.each([[[]], [['block'] as const], [deeds]])('is read as it was written: %j', (follow) => {
    const detail = alertDetail('Two places at once; really', 17, follow);
    expect(deedsIn(detail)).toEqual(follow);
    expect(detail).toMatch(/; seen at record 17$/);
  });

  it.each([null, '', 'words', 'to follow: block', 'why; to follow: note, stop; seen at record 1'])(
    'that says nothing of the kind has nothing to follow: %j',
    (detail) => expect(deedsIn(detail)).toEqual([]),
  );

  it('is named by what followed', () => {
    expect(alertIn(responseDetail(17, 'until a reviewer lifts it'))).toBe(17);
    for (const detail of [null, '', 'To the alert', 'see To the alert at record 17: words']) expect(alertIn(detail)).toBeNull();
  });
});

describe('a restriction', () => {
  const since = 1_000_000;

  it.each([
    ['block', { ...usualRestrictions, block: { forSeconds: null } }, null],
    ['block', usualRestrictions, since + 12 * 3_600_000],
    ['slow', usualRestrictions, since + 3_600_000],
    ['step-up', usualRestrictions, since + 86_400_000],
  ] as const)('%s ends when it should', (kind, settings, until) => {
    expect(endOf(kind, since, settings)).toBe(until);
  });

  const of = (kind: Restriction['kind']): Restriction => ({
    alert: 1,
    kind,
    person: { issuer: 'i', sub: 's', name: 'n' },
    detector: 'two-places',
    since,
    until: null,
  });
  const all = [of('slow'), of('step-up'), of('block')];

  it.each([
    ['nothing', [], 0, false, null],
    ['block before all', all, 0, false, { holds: 'blocked', by: of('block') }],
    ['an emergency passes all', all, 0, true, null],
    ['an older proof', [of('slow'), of('step-up')], since, false, { holds: 'step-up' }],
    ['a newer proof, and still slow', [of('slow'), of('step-up')], since + 1, false, { holds: 'slow' }],
    ['a newer proof', [of('step-up')], since + 1, false, null],
  ] as const)('judges %s', (_what, inForce, factorAt, emergency, verdict) => {
    expect(judgeRestricted(inForce, factorAt, emergency)).toEqual(verdict);
  });
});
