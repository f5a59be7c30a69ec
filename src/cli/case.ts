// `wardgate case`: which cases there are and how far each is, asked of the running gateway, which records it. Shows no word that
// anybody wrote in one.

import { recordName } from '../core/audit/record-number.ts';
import { parseArgs } from 'node:util';
import type { Settings } from '../config/settings.ts';
import type { ToldCase } from '../core/cases/told-case.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { askGateway } from './control/ask-gateway.ts';
import type { AskedOrder } from './control/ask-gateway.ts';
import { plainText } from './plain-text.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { UsageProblem } from './usage-problem.ts';

const usage = `wardgate case list [--state open|closed|all] [--person NAME] [--behind ID] [--json] [--config config/gateway.yaml]
wardgate case show ID [--json] [--config config/gateway.yaml]

Cases are looked into at /.wardgate/console/review, where it is known who does it; what was written in one is read there alone.
list    the newest first, 200 at once; --behind ID goes on with those opened before that case
The gateway must be running; run the command as its account or as root.`;

interface Work extends ConfiguredWork {
  readonly json: boolean;
  readonly asked: AskedOrder;
}

/** Both commands' answers. */
interface Told {
  readonly cases?: readonly ToldCase[];
  readonly behind?: string | null;
  readonly case?: ToldCase;
}

const config = { type: 'string', default: 'config/gateway.yaml' } as const;
const json = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;
const mostWords = 300;

/** Exit code: 0 found, 1 none fits or there is no such case, 2 wrong usage. */
export function caseCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run }, args, print);
}

function workOf(name: string, args: string[]): Work {
  if (name === 'list') {
    const { values } = parseArgs({ args, options: { config, json, state: text, person: text, behind: text } });
    const { config: file, json: isJson, ...given } = values;
    const fields = Object.fromEntries(Object.entries(given));
    return { config: file, json: isJson, asked: { order: 'case list', fields } };
  }
  if (name !== 'show') throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "case ${name}"`);
  const { values, positionals } = parseArgs({ args, options: { config, json }, allowPositionals: true });
  const [id, ...more] = positionals;
  if (id === undefined) throw new UsageProblem('The id of a case is missing, "wardgate case list" tells them');
  if (more.length > 0) throw new UsageProblem(`"${more[0]}" is one word too many`);
  return { ...values, asked: { order: 'case show', fields: { case: id } } };
}

async function run({ asked, json: isJson }: Work, settings: Settings, print: Printer): Promise<number> {
  const told = (await askGateway(settings, asked)) as Told;
  if (isJson) print.out(JSON.stringify(told.case ?? { cases: told.cases, behind: told.behind }));
  else for (const line of told.case === undefined ? listed(told) : shown(told.case)) print.out(plainText(line, mostWords));
  return told.case === undefined && told.cases?.length === 0 ? 1 : 0;
}

function listed({ cases = [], behind = null }: Told): readonly string[] {
  const lines = cases.map((one) => `${one.id}  ${one.opened.slice(0, 16)}  ${one.person ?? 'nobody'}  ${howFar(one)}`);
  if (lines.length === 0) return ['No case fits'];
  return behind === null ? lines : [...lines, `There are more: wardgate case list --behind ${behind}`];
}

function howFar({ standing, alerts, finding, disposition, sanction, question }: ToldCase): string {
  const count = `${alerts.length} ${alerts.length === 1 ? 'alert' : 'alerts'}`;
  const far = disposition ?? (finding ? 'found' : 'to be looked into');
  return [standing, count, far, ...(sanction ? ['sanction'] : []), ...(question === 'none' ? [] : [`question ${question}`])].join(
    ', ',
  );
}

function shown(one: ToldCase): readonly string[] {
  return [
    `Case ${one.id}, opened ${one.opened}, about ${one.person ?? 'nobody in particular'}: ${howFar(one)}`,
    ...(one.patient === null ? [] : [`Patient ${one.patient}`]),
    ...one.alerts.map(
      ({ record, time, detector, words }) =>
        `Alert   record ${recordName(record)}  ${time}  ${detector ?? 'found in a review'}: ${words}`,
    ),
    ...one.steps.map(
      ({ record, time, kind, by, origin, commitment }) =>
        `Step    record ${recordName(record)}  ${time}  ${kind} by ${by}${origin === null ? '' : `, from ${origin}`}${commitment === null ? '' : `, text sealed as ${commitment}`}`,
    ),
  ];
}
