// The detectors, and what follows their alerts: who is held, whose sessions end, and what then is cut.

import { AlertResponses } from '../adapters/alert-responses.ts';
import { AuditWatchThread } from '../adapters/audit-watch-thread.ts';
import type { openEmbeddedState } from '../adapters/embedded-state.ts';
import { RelationFolder } from '../adapters/relation-folder.ts';
import { RelationImportProcess } from '../adapters/relation-import-process.ts';
import { TimedSlowLane } from '../adapters/slow-lane-timers.ts';
import type { Settings } from '../config/settings.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import type { DurableSettings } from '../core/store/store-settings.ts';
import type { AuditLog, Clock, OperationsLog, SessionStore } from '../ports.ts';
import type { Leadership } from '../shared-ports.ts';

export interface WatchAlertsNeeds {
  readonly settings: Settings;
  /** Of the log and its second place. */
  readonly directories: readonly string[];
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly leadership: Leadership;
  /** Told of each alert that is on record. */
  readonly raised: (detector: DetectorName, words: string) => void;
  /** Where the records of several gateways stand; null for one that is alone. */
  readonly shared: DurableSettings | null;
  readonly state: Pick<Awaited<ReturnType<typeof openEmbeddedState>>, 'restrictions'> & { readonly sessions: SessionStore };
}

export function watchAlerts(needs: WatchAlertsNeeds) {
  const { settings, directories, audit, clock, log, leadership, shared, state, raised } = needs;
  const { alerts, clinic } = settings;
  const { sessions, restrictions } = state;
  const responder = new AlertResponses({ audit, clock, log, sessions, restrictions, figures: alerts.restrictions });
  const { dataDirectory, masterKeyFile } = settings;
  const relations = { dataDirectory, masterKeyFile, days: alerts.relations.days };
  const { timezone, hours } = clinic;
  const { detectors, toldEach } = alerts;
  const together = shared === null ? {} : { shared };
  const task = { directories, timezone, hours, detectors, toldEach, relations, ...together };
  return {
    detectors: new AuditWatchThread(task, { audit, clock, log, leadership, responses: alerts.responses, responder, raised }),
    responder,
    relationFolder: relationFolder(settings, clock, log),
    slowLane: new TimedSlowLane(alerts.restrictions.slow.waitSeconds),
  };
}

/** Null where none is configured. */
function relationFolder({ file, alerts }: Settings, clock: Clock, log: OperationsLog) {
  const { folder } = alerts.relations;
  if (folder === null) return null;
  const process = new RelationImportProcess(file);
  const watched = new RelationFolder({ folder, clock, log, importFile: (taken) => process.run(taken) });
  return {
    look: () => watched.look(),
    notices: () => watched.notices(),
    close: () => {
      process.close();
      return watched.close();
    },
  };
}
