// Something opened that nobody of this role opens: a guard in clinical notes (Yakima Valley, 2023). The rules allowed it, which is
// what somebody should look at.

import type { Detector } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Remembered } from './remembered.ts';

const mostRoles = 500;
const mostCategories = 200;

interface Habits {
  requests: number;
  readonly of: Remembered<{ requests: number }>;
}

/** Told where a category is rarer than once in `onceIn` requests of every role they have; each role must have made as many. */
export function unusualCategory({ onceIn }: NonNullable<DetectorSettings['unusual-category']>): Detector {
  const roles = new Remembered(mostRoles, (): Habits => {
    return { requests: 0, of: new Remembered(mostCategories, () => ({ requests: 0 })) };
  });
  return ({ event, person, roles: theirs, category }) => {
    if (event !== 'attempt' || person === null || theirs === null || category === null) return null;
    const rare = theirs.split(', ').map((role) => {
      const habits = roles.of(role);
      const kind = habits.of.of(category);
      const isRare = habits.requests >= onceIn && kind.requests * onceIn < habits.requests;
      habits.requests += 1;
      kind.requests += 1;
      return isRare;
    });
    if (rare.includes(false)) return null;
    const words = `Opened ${category}, which ${theirs} hardly ever open`;
    return { detector: 'unusual-category', person, patient: null, words };
  };
}
