// Over which time charts are listed to whoever is asked about several at once.

import { expect, test } from 'vitest';
import { chartsWindow } from '../../../src/core/cases/charts-window.ts';
import type { DetectorName } from '../../../src/core/detect/detector.ts';

test.each<[DetectorName | null, string | null, number | null]>([
  ['many-patients', null, 3_600_000],
  ['patients-in-order', null, 300_000],
  ['no-relationship', null, 86_400_000],
  ['no-relationship', '~p', null],
  ['large-transfer', null, null],
  [null, null, null],
])('%s about %s: %s', (detector, patient, window) => {
  expect(chartsWindow({ detector, patient })).toBe(window);
});
