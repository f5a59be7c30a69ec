// Who counts as an author of changes now: of the rules and the settings, by the one function that cases and reviews ask.

import type { ChangeHistory } from '../change-ports.ts';
import { editsRules } from '../core/people/edits-rules.ts';

/** By login name. Ask once for each decision: it reads the changes. */
export function ruleEditors(history: Pick<ChangeHistory, 'changes'>, now: number): (name: string) => boolean {
  const all = (['rules', 'settings'] as const).flatMap((of) => history.changes(of).changes);
  return (name) => editsRules(all, name, now);
}
