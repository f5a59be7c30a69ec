// Closes what a download had reserved, also where it broke before its first byte: a reservation left open would keep the
// person out for the rest of their day. Does nothing where the meter has closed it already.

import { closeCharge } from '../core/downloads/take-bytes.ts';
import type { NamedSettleStep } from './settle-step.ts';

export function closeDownload(): NamedSettleStep['run'] {
  return ({ admission }) => {
    if (!admission?.held || !admission.charge) return;
    const { charge, held } = admission;
    held.account.changeNow((state) => ({ state: closeCharge(state, charge, charge.taken), result: undefined }));
    admission.charge = null;
  };
}
