// One opening of a chart that is enough to ask about: one's own, a colleague's, that of somebody of the same household, or of a
// patient on the confidential list, where nothing explains it.

import type { SuspiciousBecause } from '../relations/explanation.ts';
import type { Detector } from './detector.ts';

export function suspicion(of: Exclude<SuspiciousBecause, 'no-relationship'>): Detector {
  return ({ person, patient }, told) => {
    const explanation = told?.explanation;
    if (explanation?.state !== 'suspicious' || explanation.because !== of) return null;
    return { detector: of, person, patient, words: explanation.words };
  };
}
