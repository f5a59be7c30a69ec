// `wardgate user`: the people who sign in here, and their second factors, asked of the running gateway. It alone changes and
// records anything; this command only gives orders.

import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { askGateway, NotOnePerson } from './control/ask-gateway.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';
import { judged, UsageProblem } from './usage-problem.ts';
import { candidatesListed } from './user/candidates-listed.ts';
import { envelope } from './user/envelope.ts';
import { issuedCode } from './user/issued-code.ts';
import { listedPeople } from './user/listed-people.ts';
import { resetDone } from './user/reset-done.ts';
import { rosterCommand } from './user/roster-command.ts';
import { shownPerson } from './user/shown-person.ts';
import { stepsDone } from './user/steps-done.ts';

const usage = `wardgate user list [--json]
wardgate user show NAME [--json]
wardgate user enrol-code NAME [--hours 24] [--because TEXT]
wardgate user reset-factor NAME --because TEXT
wardgate user end NAME --because TEXT [--notice 2026-11-30T09:00] [--json]   ends all access at once; --notice: when HR said so
wardgate user readmit NAME --because TEXT
wardgate user release-name NAME --because TEXT            somebody new may have the login name of who left
wardgate user roster FILE [--apply] [--because TEXT] [--many] [--share 20] [--json]   compares with HR's list, CSV
wardgate user emergency-codes NAME [--because TEXT] [--json]   new codes for a sealed envelope; those before are void

Each takes --config config/gateway.yaml. NAME is the login name. The gateway must be running; run the command as its account
or as root. What is asked and done is on the gateway's access record.`;

/** What a command asks beside the person, and how its answer is shown. */
interface Asked {
  readonly takesPerson: boolean;
  /** Options that become fields of the order. */
  readonly fields: readonly string[];
  readonly needsReason: boolean;
  readonly json: boolean;
  readonly show: (told: unknown, settings: Settings) => readonly string[];
}

const commands: Readonly<Record<string, Asked>> = {
  list: { takesPerson: false, fields: [], needsReason: false, json: true, show: listedPeople },
  show: { takesPerson: true, fields: [], needsReason: false, json: true, show: shownPerson },
  'enrol-code': { takesPerson: true, fields: ['hours'], needsReason: false, json: false, show: issuedCode },
  'reset-factor': { takesPerson: true, fields: [], needsReason: true, json: false, show: resetDone },
  'emergency-codes': { takesPerson: true, fields: [], needsReason: false, json: true, show: envelope },
  end: { takesPerson: true, fields: ['notice'], needsReason: true, json: true, show: stepsDone },
  'release-name': {
    takesPerson: true,
    fields: [],
    needsReason: true,
    json: false,
    show: () => ['Somebody new may sign in under this name; whoever left stays out by what the provider calls them'],
  },
  readmit: {
    takesPerson: true,
    fields: [],
    needsReason: true,
    json: false,
    show: () => ['They may sign in again, and set up a second factor as a newcomer does'],
  },
};

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function userCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const [name = '', ...rest] = args;
    if (name === 'offboard') throw new UsageProblem('The command is called "wardgate user end" now');
    if (name === 'roster') return rosterCommand(rest, print);
    const asked = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (asked === undefined) throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "user ${name}"`);
    const { config, json, because, fields } = read(asked, rest);
    const configuration = await soundConfiguration(config, print);
    if (configuration === null) return 2;
    const told = await askGateway(configuration.settings, { order: `user ${name}`, because, fields }).catch((cause: unknown) =>
      notOne(cause, json, print),
    );
    if (told === null) return 1;
    if (json) print.out(JSON.stringify(told));
    else for (const line of asked.show(told, configuration.settings)) print.out(line);
    return 0;
  });
}

/** Lists who may have been meant; null then. Throws everything else on. */
function notOne(cause: unknown, json: boolean, print: Printer): null {
  if (!(cause instanceof NotOnePerson)) throw cause;
  if (json) print.out(JSON.stringify({ why: cause.message, candidates: cause.candidates }));
  else for (const line of [cause.message, ...candidatesListed(cause.candidates)]) print.err(line);
  return null;
}

function read(asked: Asked, args: string[]) {
  const text = { type: 'string' } as const;
  const options: ParseArgsOptionsConfig = {
    config: { type: 'string', default: 'config/gateway.yaml' },
    because: text,
    ...(asked.json ? { json: { type: 'boolean', default: false } as const } : {}),
    ...Object.fromEntries(asked.fields.map((field) => [field, text])),
  };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [person, ...others] = positionals;
  if (others.length > 0 || (person !== undefined && !asked.takesPerson)) throw new UsageProblem('There is a word too many');
  if (asked.takesPerson && (person === undefined || person === '')) throw new UsageProblem('Name the person');
  const { because } = values;
  if (asked.needsReason && (typeof because !== 'string' || because.trim() === ''))
    throw new UsageProblem('Option --because is missing');
  const fields = asked.fields.flatMap((field) => (typeof values[field] === 'string' ? [[field, values[field]] as const] : []));
  return {
    config: String(values['config']),
    json: values['json'] === true,
    because: typeof because === 'string' ? because : undefined,
    fields: { ...(person === undefined ? {} : { person }), ...Object.fromEntries(fields) },
  };
}
