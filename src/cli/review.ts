// `wardgate review`: tells which reviews wait, draws the sample of a month anew, and hands out a certificate and holds it against
// the record. Everything is asked of the running gateway, which knows it and records it.

import { recordName } from '../core/audit/record-number.ts';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isDone } from '../core/review/review.ts';
import type { Review } from '../core/review/review.ts';
import type { Redrawn } from '../review-ports.ts';
import { askGateway } from './control/ask-gateway.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { settingsOf } from './rules/settings-of.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate review list [--config config/gateway.yaml] [--json]
wardgate review sample --month 2026-11 [--config config/gateway.yaml] [--json]
wardgate review certificate ID --out FILE [--config config/gateway.yaml]

Items are looked at and signed for at /.wardgate/console/review/certified, where it is known who does it.
sample       draws the month's sample anew from the record and its seed, and says whether it is the one that was kept
certificate  the exact text that was signed, as JSON; its SHA-256 stands in the record`;

const options = {
  config: { type: 'string', default: 'config/gateway.yaml' },
  month: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Exit code: 0 done, nothing late, the same sample, unaltered; 1 not; 2 wrong usage. */
export function review(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [verb = '', id, ...more] = positionals;
    if (more.length > 0 || (id !== undefined && verb !== 'certificate'))
      throw new UsageProblem(`"${more[0] ?? id}" is one word too many`);
    if (!['list', 'sample', 'certificate'].includes(verb))
      throw new UsageProblem(verb === '' ? 'A command is missing' : `There is no command "review ${verb}"`);
    if (verb === 'sample' && values.month === undefined) throw new UsageProblem('Option --month is missing');
    if (verb === 'certificate' && id === undefined)
      throw new UsageProblem('The name of a review is missing, "wardgate review list" tells them');
    if (verb === 'certificate' && values.out === undefined) throw new UsageProblem('Option --out is missing');
    const settings = await settingsOf(values.config, print);
    if (settings === null) return 2;
    const ask = async (fields: Readonly<Record<string, string>>): Promise<unknown> =>
      askGateway(settings, { order: `review ${verb}`, because: undefined, fields });
    if (verb === 'list') return listed((await ask({})) as Listed, values.json, print);
    if (verb === 'sample') return redrawn((await ask({ month: values.month ?? '' })) as Redrawn, values.json, print);
    return handedOut((await ask({ review: id ?? '' })) as HandedOut, values.out ?? '', print);
  });
}

interface Listed {
  readonly reviews: readonly Review[];
  readonly notices: readonly string[];
}

interface HandedOut {
  readonly statement: string;
  readonly unaltered: boolean | null;
}

function listed({ reviews, notices }: Listed, json: boolean, print: Printer): number {
  if (json) print.out(JSON.stringify({ reviews, notices }));
  else
    for (const one of reviews) {
      const looked = one.items.filter(({ disposed }) => disposed !== null).length;
      const due = new Date(one.dueAt).toISOString().slice(0, 10);
      print.out(`${one.id}  ${isDone(one) ? 'done' : `open, due ${due}`}  ${looked} of ${one.items.length} items looked at`);
    }
  for (const notice of notices) print.err(notice);
  return notices.length === 0 ? 0 : 1;
}

function redrawn(drawn: Redrawn, json: boolean, print: Printer): number {
  const { review: of, seed, records, isFirst, same } = drawn;
  if (json) print.out(JSON.stringify({ id: of.id, seed, checkpoint: of.sample?.checkpoint, records, isFirst, same }));
  else print.out(`Seed ${seed}\nRecords ${records.map(recordName).join(' ')}`);
  if (same) return 0;
  if (!isFirst)
    print.err(
      `The tree that ${of.id} names is not the first behind its month: another seed was chosen, or the record was changed`,
    );
  print.err(`It is not the sample that ${of.id} keeps: the record or the review was changed`);
  return 1;
}

function handedOut({ statement, unaltered }: HandedOut, out: string, print: Printer): number {
  // It names people and what they did.
  writeFileSync(out, statement, { flag: 'wx', mode: 0o600 });
  print.out(`What was signed was written to "${out}"`);
  if (unaltered === true) return 0;
  print.err(
    unaltered === false
      ? 'It is not what was signed: its hash is not the one on record, or the review was changed afterwards'
      : 'Its record was not found yet; ask again in a moment',
  );
  return 1;
}
