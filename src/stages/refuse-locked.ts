// A locked session answers nothing but unlocking, which `serve-session-routes` has already served.

import { refuse } from '../core/answer.ts';
import type { Standing } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

export function refuseLocked(): Stage<Standing, object> {
  return ({ standing }) => (standing === 'locked' ? refuse('session-locked') : undefined);
}
