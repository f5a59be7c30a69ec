// `wardgate rules claim`: whoever changed rules.yaml or gateway.yaml by hand says so afterwards, with a reason. The running
// gateway records it; where none runs the command does.

import { RuleAuthors } from '../../adapters/rule-authors.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import type { PartialSettings } from '../../config/gateway-settings.ts';
import { auditEntry } from '../../core/audit/entry.ts';
import { writeRulesNote } from '../../core/audit/rules-note.ts';
import type { ChangedFile } from '../../core/audit/rules-note.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { isStopped } from '../control/is-stopped.ts';
import { withOwnLog } from '../control/with-own-log.ts';
import type { Printer } from '../printer.ts';
import { UsageProblem } from '../usage-problem.ts';
import { openVersions } from './rules-on-disk.ts';

export interface GivenClaim {
  readonly person: string;
  readonly reason: string;
  readonly approver: string | null;
}

interface Open {
  readonly of: ChangedFile;
  readonly sequence: number;
  readonly time: string;
  readonly version: string;
}

const files: readonly ChangedFile[] = ['rules', 'settings'];

/** `named` is `rules 12`, or nothing where there is only one. Exit code: 0 done, 1 there is nothing to claim. */
export async function claim(
  settings: PartialSettings,
  named: string,
  { person, reason, approver }: GivenClaim,
  print: Printer,
): Promise<number> {
  const open = files.flatMap((of) =>
    authorsOf(settings, of)
      .unclaimed()
      .map((note): Open => ({ of, ...note })),
  );
  if (open.length === 0) {
    print.err('Every change of rules and settings has its author');
    return 1;
  }
  const chosen = named === '' && open.length === 1 ? open[0] : open.find(({ of, sequence }) => `${of} ${sequence}` === named);
  if (chosen === undefined) {
    const list = open.map(({ of, sequence, time, version }) => `  ${of} ${sequence}  ${version.slice(0, 16)}  ${time}`);
    const why = named === '' ? 'Several changes have no author, name one' : `There is no change "${named}" without an author`;
    throw new UsageProblem([`${why}:`, ...list].join('\n'));
  }
  const change = `${chosen.of} ${chosen.sequence}`;
  const fields = { change, person, ...(approver === null ? {} : { approver }) };
  try {
    await askGateway(settings, { order: 'rules claim', because: reason, fields });
  } catch (cause) {
    if (!isStopped(cause)) throw cause;
    await claimAlone(settings, chosen, { person, reason, approver });
  }
  print.out(`Change ${change} is claimed by ${person}, and that is on record`);
  return 0;
}

function authorsOf(settings: PartialSettings, of: ChangedFile): RuleAuthors {
  return new RuleAuthors(openVersions(settings, of), (cause) => {
    throw cause;
  });
}

/** No gateway runs: the log is ours to write, and who starts one meanwhile holds it, and then this rejects. */
async function claimAlone(settings: PartialSettings, { of, sequence }: Open, given: GivenClaim): Promise<void> {
  await withOwnLog(settings.audit, async (log) => {
    const now = systemClock.now();
    const policy = openVersions(settings).taken()?.version.slice(0, 16) ?? null;
    const note = authorsOf(settings, of).claim(sequence, { ...given, time: new Date(now).toISOString() });
    if (note === null) throw new Error(`Change "${of} ${sequence}" was claimed meanwhile`);
    const receipt = await log.append(auditEntry('configuration', now, { policy, detail: writeRulesNote(note) }));
    await receipt.durable;
  });
}
