// The versions of rules and settings beside the record, for reports at the command line.

import { knownChanges } from '../../adapters/known-changes.ts';
import type { ChangeHistory } from '../../change-ports.ts';
import type { Settings } from '../../config/settings.ts';
import { openVersions } from '../rules/rules-on-disk.ts';

export function keptHistory(settings: Settings): ChangeHistory {
  return {
    changes: (of) => knownChanges(of, openVersions(settings, of).notes()),
    text: (of, version) => openVersions(settings, of).find(version)?.bytes.toString('utf8') ?? null,
  };
}
