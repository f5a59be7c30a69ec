// Logs that grow old: a record for each day, the tree over them, and the part of the gateway that packs and lets go, in one process.

import { dirname, join } from 'node:path';
import { AuditRetention } from '../../src/adapters/audit-retention.ts';
import type { RetentionLog, RetentionStatus, RetentionTask } from '../../src/adapters/audit-retention.ts';
import { AuditRetentionDesk } from '../../src/adapters/audit-retention-desk.ts';
import type { NotifySettings } from '../../src/core/notify/notify-settings.ts';
import type { Retention } from '../../src/core/audit/retention-note.ts';
import { noon, treeLog } from './audit-tree.ts';
import type { TreeLog } from './audit-tree.ts';
import { DayClock, day, runDays } from './epoch-days.ts';
import type { RunningDays } from './epoch-days.ts';

export interface OldLog extends TreeLog {
  readonly run: RunningDays;
  readonly desk: AuditRetentionDesk;
  /** One look of the retention, with everything under a checkpoint in its anchor. */
  readonly look: (
    retention: Retention,
    log?: RetentionLog,
    receivers?: readonly NotifySettings[],
  ) => Promise<RetentionStatus | null>;
}

/** Goes on in a log, or begins one, with `days` days of three records each. */
export async function oldLog(days: number, place: TreeLog = treeLog(), at = noon): Promise<OldLog> {
  const run = await runDays(place, Object.assign(new DayClock(), { at }));
  const { directory, anchor } = place;
  const task = (retention: Retention, receivers: readonly NotifySettings[]): RetentionTask => ({
    directories: [directory],
    signingKeyFile: join(dirname(directory), 'audit-signing.key'),
    anchors: [{ kind: 'directory', path: anchor }],
    feeds: [],
    receivers,
    retention,
  });
  const desk = new AuditRetentionDesk(directory, run.log, run.clock);
  for (let past = 0; past < days; past += 1) {
    run.clock.at = at + past * day;
    await run.settle();
    await run.record(['1', '2', '3'].map((patient) => `${past}-${patient}`));
    await run.settle();
  }
  const look: OldLog['look'] = async (retention, log = desk, receivers = []) => {
    await run.settle();
    const status = await new AuditRetention(task(retention, receivers), run.clock, log, () => Promise.resolve()).look();
    await run.settle();
    return status;
  };
  return { ...place, run, desk, look };
}
