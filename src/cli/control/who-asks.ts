// Who gives an order, as far as the operating system tells. Nothing proves it: whoever may open the socket may say anything.

import { userInfo } from 'node:os';
import { sudoUser } from '../../config/environment.ts';
import { orderLimits } from '../../core/control/read-order.ts';

/** Whoever sits there, as far as the operating system tells: behind sudo the account alone would say nothing. */
export function whoAsks(): string {
  const account = accountName();
  const before = sudoUser();
  const text = before === null || before === account ? account : `${before} as ${account}`;
  return text.slice(0, orderLimits.by);
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no account has.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
