// `wardgate user roster FILE`: compares the people whom the running gateway knows with HR's list, and with --apply ends those who
// are gone, each by an order of its own, on record like any other. Without --apply nothing is changed.

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { clinicTime } from '../../adapters/clinic-time.ts';
import type { Settings } from '../../config/settings.ts';
import { diffRoster, tooMany } from '../../core/people/diff-roster.ts';
import type { RosterDiff, RosterPerson } from '../../core/people/diff-roster.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { plainText } from '../plain-text.ts';
import type { Printer } from '../printer.ts';
import { soundConfiguration } from '../sound-configuration.ts';
import { existing, inWords, UsageProblem } from '../usage-problem.ts';
import { readRoster } from './read-roster.ts';

const text = z.string().nullable();
const shape = z.object({
  people: z.array(z.object({ name: text, displayName: text, sub: z.string(), seenAt: text, leftAt: text })),
});

/** Per cent of those who have access. */
const usualShare = 20;

/** Exit code: 0 nothing is wrong, 1 refused or not all done, 2 wrong usage. */
export async function rosterCommand(args: string[], print: Printer): Promise<number> {
  const asked = read(args);
  const roster = readRoster(await readFile(existing(asked.file, 'Roster'), 'utf8'));
  if (!roster.ok) {
    for (const problem of roster.problems) print.err(`${asked.file}: ${problem}`);
    return 1;
  }
  const configuration = await soundConfiguration(asked.config, print);
  if (configuration === null) return 2;
  const { settings } = configuration;
  const { people } = shape.parse(await askGateway(settings, { order: 'user list' }));
  const diff = diffRoster(people, roster.rows, clinicTime(settings.clinic.timezone).localDay(Date.now()));
  const refused = tooMany(diff, asked.share) && !asked.many;
  const ended = asked.apply && !refused ? await apply(settings, diff, asked.because) : [];
  if (asked.json) print.out(JSON.stringify({ ...diff, applied: asked.apply && !refused, refused, ended }));
  else tell(print, diff, { ...asked, refused, ended });
  if (asked.json && refused) print.err(refusal(diff, asked.share));
  return refused || ended.some(({ failure }) => failure !== null) || (asked.apply && diff.several.length > 0) ? 1 : 0;
}

function read(args: string[]) {
  const options = {
    config: { type: 'string', default: 'config/gateway.yaml' },
    apply: { type: 'boolean', default: false },
    many: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    because: { type: 'string', default: "no longer on HR's list" },
    share: { type: 'string', default: String(usualShare) },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageProblem("Name the file of HR's list, and nothing else");
  const share = /^\d{1,3}$/.test(values.share) ? Number(values.share) : NaN;
  if (!(share <= 100)) throw new UsageProblem('Option --share is a number of per cent, 0 to 100');
  return { ...values, file, share };
}

interface Ended {
  readonly person: string;
  /** Null where it was done. */
  readonly failure: string | null;
}

async function apply(settings: Settings, { gone }: RosterDiff, because: string): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const { name, sub, why } of gone) {
    const person = name ?? sub;
    const order = { order: 'user end', because: `${because} (${why})`, fields: { person } };
    const failure = await askGateway(settings, order).then(() => null, inWords);
    ended.push({ person, failure });
  }
  return ended;
}

interface Told {
  readonly apply: boolean;
  readonly refused: boolean;
  readonly share: number;
  readonly ended: readonly Ended[];
}

function tell(print: Printer, diff: RosterDiff, { apply: applied, refused, share, ended }: Told): void {
  const person = ({ name, sub, displayName }: RosterPerson): string =>
    `"${plainText(name ?? sub)}"${displayName === null ? '' : `, ${plainText(displayName)}`}`;
  for (const one of diff.gone) print.out(`Gone: ${person(one)}, ${one.why}`);
  for (const { login, name } of diff.unknown) print.out(`Not known here yet: "${plainText(login)}", ${plainText(name)}`);
  for (const one of diff.back)
    print.out(
      `On the list, but ended here: ${person(one)}; if they are back: wardgate user readmit ${plainText(one.name ?? one.sub)}`,
    );
  for (const name of diff.several)
    print.err(`"${plainText(name)}" is several people here, so nothing is done: wardgate user end ${plainText(name)} names them`);
  if (refused) print.err(refusal(diff, share));
  else if (!applied) print.out(`${diff.gone.length} would be ended; nothing was changed, --apply does it`);
  for (const { person: name, failure } of ended)
    if (failure === null) print.out(`Ended: "${plainText(name)}"`);
    else print.err(`Not ended: "${plainText(name)}": ${plainText(failure)}`);
}

function refusal({ gone, present }: RosterDiff, share: number): string {
  return `${gone.length} of ${present} people would be ended, more than ${share} %: the list may be cut short; nothing was changed, --many does it all the same`;
}
