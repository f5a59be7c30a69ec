// Text of other people's on a terminal: names, addresses, what an EHR says.

import { quote } from '../core/audit/quote.ts';

/** Text that cannot move the cursor or turn the line round, without quotes; at most so many characters. */
export function plainText(value: unknown, mostCharacters = 4096): string {
  return quote(String(value), mostCharacters).slice(1, -1);
}
