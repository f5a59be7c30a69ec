// The console and the health page each had a list of their own of whose troubles they tell. The one of the console missed what
// keeps and lets go of records, so that a list of holds that could not be read was told to a probe and to no privacy officer.

import { expect, it } from 'vitest';
import { partNotices } from '../../src/compose/part-notices.ts';
import type { Parts } from '../../src/compose/open-parts.ts';

it('everybody is told of every part that runs beside the requests', () => {
  const says = (what: string) => ({ notices: () => [`${what} has stopped`] });
  const retention = { thread: says('retention') };
  const state = { restrictions: says('restrictions') };
  const others = ['tree', 'feeds', 'search', 'detectors', 'notify', 'relationFolder', 'watch'].map(
    (name) => [name, says(name)] as const,
  );
  const told = partNotices({ ...Object.fromEntries(others), retention, state } as unknown as Parts);
  expect(told.toSorted()).toEqual(
    ['detectors', 'feeds', 'notify', 'relationFolder', 'restrictions', 'retention', 'search', 'tree', 'watch'].map(
      (name) => `${name} has stopped`,
    ),
  );
});
