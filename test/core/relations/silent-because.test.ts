// Each detector that needs an import says which one is missing, and those that need none say nothing.

import { expect, test } from 'vitest';
import { usualDetectors } from '../../../src/core/detect/detector-settings.ts';
import { relationKinds } from '../../../src/core/relations/relation-rows.ts';
import type { RelationKind } from '../../../src/core/relations/relation-rows.ts';
import { silentBecause } from '../../../src/core/relations/silent-because.ts';

const silentWith = (...kinds: RelationKind[]) =>
  Object.keys(usualDetectors).filter((name) => silentBecause(name, new Set(kinds)) !== null);

test.each<[RelationKind[], string[]]>([
  [[], ['own-chart', 'colleague', 'household', 'confidential-patient', 'no-relationship', 'leaver']],
  [['staff'], ['household', 'confidential-patient', 'no-relationship']],
  [
    ['appointments', 'demographics'],
    ['own-chart', 'colleague', 'household', 'confidential-patient', 'leaver'],
  ],
  [[...relationKinds], []],
])('with %j these are silent: %j', (kinds, silent) => {
  expect(silentWith(...kinds).toSorted()).toEqual(silent.toSorted());
});

test('what is missing is named with the command that brings it', () => {
  expect(silentBecause('household', new Set())).toBe(
    'no roster of the staff and no addresses of patients was imported, so it is silent: wardgate relations import staff FILE, then wardgate relations import demographics FILE',
  );
});
