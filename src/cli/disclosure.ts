// `wardgate disclosure`: disclosures that did not pass the gateway, corrections, and what is held back from a patient's accounting,
// asked of the running gateway. It alone records anything; this command only gives orders.

import { parseArgs } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { bases } from '../core/disclosures/disclosure.ts';
import { askGateway } from './control/ask-gateway.ts';
import type { AskedOrder } from './control/ask-gateway.ts';
import { heldBackLines } from './disclosure/held-back-lines.ts';
import { configuredCommand } from './configured-command.ts';
import type { ConfiguredWork } from './configured-command.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { UsageProblem } from './usage-problem.ts';

const usage = `wardgate disclosure add --to NAME [--address TEXT] --what TEXT --purpose TEXT --basis BASIS
                        (--patient ID [--patient ID …] | --count N) [--made-on 2026-11-02] [--in-place-of DISCLOSURE]
wardgate disclosure withdraw DISCLOSURE --because TEXT
wardgate disclosure suspend --patient ID --agency NAME (--until 2027-03-31 | --oral) --because TEXT
wardgate disclosure held-back
wardgate disclosure lift SUSPENSION
each with [--json] [--config config/gateway.yaml]

BASIS is one of ${bases.join(', ')}.
--purpose may say where the written request lies instead. --oral holds 30 days at most.
The gateway must be running; run the command as its account or as root.`;

interface Work extends ConfiguredWork {
  readonly json: boolean;
  readonly asked: AskedOrder;
  readonly lines: (told: Readonly<Record<string, unknown>>) => readonly string[];
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const common = { config: { type: 'string', default: 'config/gateway.yaml' }, json: flag } as const;

/** Exit code: 0 done, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function disclosureCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return configuredCommand({ usage, workOf, run }, args, print);
}

function workOf(name: string, args: string[]): Work {
  if (name === 'add') return add(args);
  if (name === 'withdraw') return withdraw(args);
  if (name === 'suspend') return suspend(args);
  if (name === 'held-back') {
    const { values } = parseArgs({ args, options: common });
    return { ...values, asked: { order: 'disclosure held-back' }, lines: heldBackLines };
  }
  if (name === 'lift') return lift(args);
  throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "disclosure ${name}"`);
}

function add(args: string[]): Work {
  const patient = { type: 'string', multiple: true } as const;
  const texts = { to: text, address: text, what: text, purpose: text, basis: text, count: text, 'made-on': text };
  const { values } = parseArgs({ args, options: { ...common, ...texts, patient, 'in-place-of': text } });
  const given = {
    recipient: values.to,
    address: values.address,
    description: values.what,
    purpose: values.purpose,
    basis: values.basis,
    patients: values.patient?.join('\n'),
    count: values.count,
    'made-on': values['made-on'],
    replaces: values['in-place-of'],
  };
  const missing = (['to', 'what', 'purpose', 'basis'] as const).find((option) => values[option] === undefined);
  if (missing !== undefined) throw new UsageProblem(`Say what 45 CFR 164.528 wants to be told: --${missing} is missing`);
  const fields = stated(given);
  const lines = ({ disclosure }: Readonly<Record<string, unknown>>) => [`Disclosure ${String(disclosure)} is on record`];
  return { ...values, asked: { order: 'disclosure add', fields }, lines };
}

function withdraw(args: string[]): Work {
  const { values, positionals } = parseArgs({ args, options: { ...common, because: text }, allowPositionals: true });
  const disclosure = only(positionals, 'DISCLOSURE');
  if (values.because === undefined) throw new UsageProblem('Say why, for the record: --because TEXT');
  const asked = { order: 'disclosure withdraw', because: values.because, fields: { disclosure } };
  return { ...values, asked, lines: () => [`Disclosure ${disclosure} is withdrawn; its record stays, and so does this one`] };
}

function suspend(args: string[]): Work {
  const options = { ...common, patient: text, agency: text, until: text, oral: flag, because: text };
  const { values } = parseArgs({ args, options });
  const { patient, agency, until, oral, because } = values;
  if (patient === undefined || agency === undefined || because === undefined)
    throw new UsageProblem('Say whose, for which agency, and why: --patient ID --agency NAME --because TEXT');
  const fields = stated({ patient, agency, until, why: because, oral: oral ? 'yes' : undefined });
  const lines = (told: Readonly<Record<string, unknown>>) => [
    `Held back under ${String(told['suspension'])} until ${String(told['until'])}; only what went to exactly "${agency}" is`,
  ];
  return { ...values, asked: { order: 'disclosure suspend', fields }, lines };
}

function lift(args: string[]): Work {
  const { values, positionals } = parseArgs({ args, options: common, allowPositionals: true });
  const suspension = only(positionals, 'SUSPENSION');
  const asked = { order: 'disclosure lift', fields: { suspension } };
  return { ...values, asked, lines: () => ['Nothing is held back under this number any more'] };
}

function only([one, ...more]: readonly string[], what: string): string {
  if (one === undefined || more.length > 0) throw new UsageProblem(`Name one ${what}`);
  return one;
}

function stated(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function run({ asked, json, lines }: Work, settings: Settings, print: Printer): Promise<number> {
  const told = await askGateway(settings, asked);
  if (json) print.out(JSON.stringify(told));
  else for (const line of lines(told)) print.out(line);
  return 0;
}
