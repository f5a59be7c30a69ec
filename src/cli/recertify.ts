// `wardgate recertify`: starts the review of who has which role, tells how far it is, hands out what was signed, and notes that
// IT has done what was decided. Everything is asked of the running gateway, which knows it and records it.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { useWords } from '../core/recertification/recertification-note.ts';
import type { Campaign } from '../core/recertification/campaign.ts';
import { askGateway } from './control/ask-gateway.ts';
import { plainText } from './plain-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { settingsOf } from './rules/settings-of.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate recertify start [--quarter 2026-Q4] [--config config/gateway.yaml]
wardgate recertify status [--config config/gateway.yaml] [--json]
wardgate recertify export --out FILE [--config config/gateway.yaml]
wardgate recertify done ROW --because "…" [--config config/gateway.yaml]

Rows are decided and signed at /.wardgate/console/recertification, where it is known who does it.
export  the exact text that was signed, as JSON; its SHA-256 stands in the record`;

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const options = {
  config,
  quarter: { type: 'string' },
  because: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Exit code: 0 done, or everything signed and closed; 1 not; 2 wrong usage. */
export function recertify(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [verb = '', row, ...more] = positionals;
    if (more.length > 0 || (row !== undefined && verb !== 'done'))
      throw new UsageProblem(`"${more[0] ?? row}" is one word too many`);
    const verbs = ['start', 'status', 'export', 'done'];
    if (!verbs.includes(verb))
      throw new UsageProblem(verb === '' ? 'A command is missing' : `There is no command "recertify ${verb}"`);
    const settings = await settingsOf(values.config, print);
    if (settings === null) return 2;
    const ask = async (order: string, fields: Readonly<Record<string, string>> = {}) =>
      askGateway(settings, { order: `recertify ${order}`, because: values.because, fields });
    switch (verb) {
      case 'start':
        return started(await ask('start', values.quarter === undefined ? {} : { quarter: values.quarter }), print);
      case 'status':
        return status(toldBy(await ask('status')), values.json, print);
      case 'export':
        if (values.out === undefined) throw new UsageProblem('Option --out is missing');
        return exported(toldBy(await ask('export')), values.out, print);
      default:
        if (row === undefined || !/^\d{1,6}$/.test(row)) throw new UsageProblem('The number of a row is missing');
        if (values.because === undefined) throw new UsageProblem('Option --because is missing');
        await ask('done', { row });
        print.out(`Row ${row} is closed, and that is on record`);
        return 0;
    }
  });
}

interface Told {
  readonly campaign: Campaign | null;
  readonly unaltered?: boolean | null;
  readonly open?: readonly number[];
  readonly notices: readonly string[];
}

/** From a gateway of the same version, which the order has made sure of. */
function toldBy(told: Readonly<Record<string, unknown>>): Told {
  return told as unknown as Told;
}

function started(told: Readonly<Record<string, unknown>>, print: Printer): number {
  const { quarter, rows } = told as unknown as Campaign;
  print.out(`Recertification ${quarter} is open: ${rows.length} rows, to be decided at /.wardgate/console/recertification`);
  return 0;
}

function status(told: Told, json: boolean, print: Printer): number {
  const { campaign, unaltered = null, open = [], notices } = told;
  const isDone = campaign !== null && campaign.signedAt !== null && open.length === 0 && unaltered !== false;
  if (json) print.out(JSON.stringify(told));
  else for (const line of statusLines(told)) print.out(line);
  for (const notice of json ? [] : notices) print.err(notice);
  return isDone ? 0 : 1;
}

function statusLines({ campaign, open = [] }: Told): readonly string[] {
  if (campaign === null) return ['No recertification was started yet'];
  const { quarter, rows, signedAt } = campaign;
  const decided = rows.filter((row) => row.decided !== null).length;
  const standing =
    signedAt === null ? `${decided} of ${rows.length} rows are decided` : `signed at ${new Date(signedAt).toISOString()}`;
  return [
    `Recertification ${quarter}: ${standing}`,
    ...rows.map((row) => {
      const { person, role, use, decided: what } = row;
      const word =
        what === null
          ? 'open'
          : `${what.decision} by ${plainText(what.by.name)}${what.note === '' ? '' : `: ${plainText(what.note)}`}`;
      const todo = open.includes(row.row) ? '  (still to be done)' : '';
      return `${row.row}  ${plainText(person.name)}  ${role}  last use ${useWords(use)}  ${word}${todo}`;
    }),
  ];
}

function exported({ campaign, unaltered }: Told, out: string, print: Printer): number {
  if (campaign === null || campaign.statement === null || campaign.signedAt === null) {
    print.err('Nothing is signed yet, so there is nothing to hand out');
    return 1;
  }
  // It names people and what they may do.
  writeFileSync(out, campaign.statement, { flag: 'wx', mode: 0o600 });
  print.out(`What was signed was written to "${out}"`);
  if (unaltered === true) return 0;
  print.err(
    unaltered === false
      ? 'It is not what was signed: its hash is not the one on record, or its rows were changed afterwards'
      : 'Its record was not found yet; ask again in a moment',
  );
  return 1;
}
