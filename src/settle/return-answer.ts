// An answer about a download that never began, or turned out to be none, is good for another try: nobody is asked twice because the
// EHR was slow.

import type { NamedSettleStep } from './settle-step.ts';

export function returnAnswer(): NamedSettleStep['run'] {
  return ({ disclosure }) => {
    return disclosure?.known === 'answered' && disclosure.taken.kind === 'answer' ? disclosure.taken.giveBack() : undefined;
  };
}
