// Whether a held post may be offered to be sent, by what the rules say of its address. The request path asks everything once
// more when it is sent; this only spares people a button that would be refused.

import type { Match } from '../policy/match-rule.ts';

export type SendAgain = 'yes' | 'not-by-rule' | 'refused';

export function maySendAgain(found: Match): SendAgain {
  if (found.match !== 'rule') return 'refused';
  return found.rule.hold === false ? 'not-by-rule' : 'yes';
}
