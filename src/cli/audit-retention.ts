// `wardgate audit retention`: for how long records are kept, what keeps some longer, what was let go, and what would go now. It
// changes nothing and lets go of nothing; the running gateway does.

import { existsSync } from 'node:fs';
import { anchoredEverywhere } from '../adapters/audit-anchoring.ts';
import { durableHead } from '../adapters/audit-follow.ts';
import { knownKeys } from '../adapters/audit-epochs.ts';
import { readKey } from '../adapters/audit-key-files.ts';
import { signingKeyFile } from '../adapters/audit-log-options.ts';
import { endOf, listPruned } from '../adapters/audit-pruned-file.ts';
import { planPruning } from '../adapters/audit-pruning.ts';
import type { PlannedPruning } from '../adapters/audit-pruning.ts';
import { oldestNeededByFeeds } from '../adapters/feeds-need.ts';
import { readRetentionState } from '../adapters/audit-retention-state.ts';
import { signedSize } from '../adapters/audit-retention.ts';
import { treeDirectory } from '../adapters/audit-tree-files.ts';
import { systemClock } from '../adapters/clock-system.ts';
import type { Settings } from '../config/settings.ts';
import type { Kept } from '../core/audit/plan-pruning.ts';
import { holdDays } from '../core/audit/hold.ts';
import { retentionInWords } from '../core/audit/retention-note.ts';
import type { Retention } from '../core/audit/retention-note.ts';
import type { KeptHold } from '../retention-ports.ts';
import { parse, UsageError } from './audit-arguments.ts';
import { plainText } from './plain-text.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';

interface Shown {
  readonly retention: Retention;
  /** Null where they cannot be read: then nothing goes. */
  readonly holds: readonly KeptHold[] | null;
  /** The last record that was let go; 0 where none was. */
  readonly gone: number;
  readonly last: number;
  readonly wouldGo: { readonly first: number; readonly last: number; readonly files: readonly string[] } | null;
  readonly kept: { readonly file: string; readonly because: Kept; readonly dueAt: string | null };
}

/** Exit code: 0 shown, 1 not, 2 wrong usage. */
export async function retention(args: string[], print: Printer): Promise<number> {
  const { values } = parse(args, { config: { type: 'string' } });
  if (values['dir'] !== undefined)
    throw new UsageError('--dir is not known here: how long records are kept stands in the configuration');
  const { config } = values;
  const configuration = await soundConfiguration(typeof config === 'string' ? config : 'config/gateway.yaml', print);
  if (configuration === null) return 2;
  const shown = await look(configuration.settings);
  if (shown === null) {
    print.err('There is no record here yet');
    return 1;
  }
  if (values['json'] === true) print.out(JSON.stringify(shown));
  else for (const line of describe(shown)) print.out(line);
  return 0;
}

async function look({ audit, alerts }: Settings): Promise<Shown | null> {
  const { directory, fallbackDirectory, retention: policy, anchors, feeds } = audit;
  const directories = [directory, ...(fallbackDirectory === null ? [] : [fallbackDirectory])].filter((one) => existsSync(one));
  const keyFile = signingKeyFile(directory);
  if (!existsSync(keyFile)) return null;
  const head = durableHead(directories, knownKeys(directory, readKey(keyFile).publicKey));
  if (head === null || head === 'none') return null;
  const state = readRetentionState(directory);
  const holds = state === 'unreadable' ? null : state === 'absent' ? [] : state.holds;
  const tree = treeDirectory(directory);
  const limits = {
    retention: policy,
    holds: holds ?? [],
    now: systemClock.now(),
    checkpoint: signedSize(directories, keyFile),
    anchored: anchoredEverywhere(tree, anchors),
    fed: oldestNeededByFeeds(directory, feeds, alerts.notify),
  };
  const plan = await planPruning({ directories, limits, newest: head.file, pause: () => Promise.resolve() });
  const gone = endOf(await listPruned(directories)).sequence;
  return { retention: policy, holds, gone, last: head.sequence, ...planned(plan) };
}

function planned({ goes, kept, keptFile, dueAt }: PlannedPruning): Pick<Shown, 'wouldGo' | 'kept'> {
  const [first, last] = [goes[0]?.header.first, goes.at(-1)?.header.last];
  const files = goes.map(({ segment }) => segment.name);
  const wouldGo = first === undefined || last === undefined ? null : { first, last, files };
  return { wouldGo, kept: { file: keptFile, because: kept, dueAt: dueAt === null ? null : new Date(dueAt).toISOString() } };
}

function describe({ retention: policy, holds, gone, last, wouldGo, kept }: Shown): string[] {
  const lines = [`Records are kept ${retentionInWords(policy)}; there are records ${gone + 1} to ${last}`];
  if (gone > 0) lines.push(`Let go so far: records 1 to ${gone}; "wardgate audit verify" checks that they were`);
  if (holds === null)
    lines.push(
      'The holds cannot be read, so nothing is let go: put "retention.json" back, or remove it to have it made from the record',
    );
  for (const hold of holds ?? []) lines.push(describeHold(hold));
  if (wouldGo === null) lines.push('Nothing would go now');
  else if (holds !== null) {
    const { first, last: end, files } = wouldGo;
    lines.push(
      `Would go now: records ${first} to ${end}, ${files.length} ${files.length === 1 ? 'file' : 'files'} (${files[0]} to ${files.at(-1)})`,
    );
  }
  lines.push(describeKept(kept));
  return lines;
}

export function describeHold({ name, at, by, because, ...days }: KeptHold): string {
  return `Hold "${name}": all records ${holdDays({ name, ...days })}since ${at}, by ${plainText(by.replaceAll('"', ''))}, because: ${plainText(because)}`;
}

function describeKept({ file, because, dueAt }: Shown['kept']): string {
  if (because.because === 'unlimited') return 'Nothing is ever let go';
  const why = {
    young: `it is old enough on ${dueAt?.slice(0, 10)}`,
    hold: `hold "${because.because === 'hold' ? because.hold : ''}" keeps it`,
    anchor: 'a checkpoint over it has not reached every anchor',
    feed: 'a feed or a receiver of alerts has not been told all of it yet',
    checkpoint: 'no checkpoint covers it yet',
    clock: 'the clock has to be what it is for a week before anything goes',
    newest: 'the newest file never goes, and 400 at one time at most',
  } as const;
  return `${file} and what is behind it stays: ${why[because.because]}`;
}
