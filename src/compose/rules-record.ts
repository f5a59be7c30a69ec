// Puts on record that other rules are about to be in force, and who is answerable for them. Decides nothing about the rules.

import type { RuleAuthors, RulesChange } from '../adapters/rule-authors.ts';
import { auditEntry } from '../core/audit/entry.ts';
import { writeRulesNote } from '../core/audit/rules-note.ts';
import type { AuditLog, Clock } from '../ports.ts';

export interface RulesRecord {
  /** Resolves once it is durable; rejects while it cannot be written, and then the rules must not be used. */
  readonly change: (version: string) => Promise<void>;
  /** At the start: only where the rules are others than at the end of the last run. */
  readonly begin: (version: string) => Promise<void>;
}

export function rulesRecord(audit: AuditLog, clock: Clock, authors: RuleAuthors): RulesRecord {
  const record = async (version: string, change: RulesChange | null): Promise<void> => {
    const detail = change === null ? 'The rules were loaded again' : writeRulesNote(change.note);
    const receipt = await audit.append(auditEntry('configuration', clock.now(), { policy: version.slice(0, 16), detail }));
    await receipt.durable;
    change?.taken();
  };
  return {
    change: (version) => record(version, authors.changeTo(version)),
    async begin(version) {
      const change = authors.begin(version);
      if (change !== null) await record(version, change);
    },
  };
}
