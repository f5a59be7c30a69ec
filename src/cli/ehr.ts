// `wardgate ehr test`: the doctor. Signs on to an EHR as the gateway would for one person, shows every step with its secrets
// starred, says what decided and what to do next, and signs off again. Changes nothing in the vault.

import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock-system.ts';
import { didYouMean, listed } from '../config/did-you-mean.ts';
import type { ApplicationSettings, Settings } from '../config/settings.ts';
import { examine } from './doctor/examine.ts';
import type { Examination } from './doctor/examination.ts';
import { findCredential, untestable } from './doctor/find-credential.ts';
import type { Asked } from './doctor/find-credential.ts';
import { alertLine, canaryLine, reportJson, reportText } from './doctor/report.ts';
import type { Case } from './doctor/report.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate ehr test --as PERSON [--application NAME] [--anyway]     what is stored for a person, by login name
wardgate ehr test --role ROLE [--application NAME]                the account of a role
wardgate ehr test --username NAME --password-file FILE [--ask-file pin=FILE]…
  [--path /page]  asked of an EHR with Basic   [--config config/gateway.yaml]   [--json | --canary]

--canary  for a nightly run: one line of JSON, and a line that begins with ALERT on standard error where it failed`;

const options = {
  as: { type: 'string' },
  role: { type: 'string' },
  application: { type: 'string' },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  'ask-file': { type: 'string', multiple: true },
  path: { type: 'string', default: '/' },
  config: { type: 'string', default: 'config/gateway.yaml' },
  anyway: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  canary: { type: 'boolean', default: false },
} as const;

type Given = ReturnType<typeof parse>;

/** Exit code: 0 signed on, 1 not, 2 wrong usage or a configuration that cannot be used. */
export function ehrCommand(args: readonly string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const [name = '', ...rest] = args;
    if (name !== 'test') throw new UsageProblem(name === '' ? 'A command is missing' : `There is no command "ehr ${name}"`);
    const given = parse(rest);
    const configuration = await soundConfiguration(given.config, print);
    return configuration === null ? 2 : test(given, configuration.settings, print);
  });
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({ args: [...args], options });
  if (values.json && values.canary) throw new UsageProblem('Options --json and --canary stand together, keep one');
  if (!/^\/(?!\/)[\x21\x22\x24-\x7e]*$/.test(values.path))
    throw new UsageProblem(`Path "${values.path}" must begin with one "/" and be printable ASCII`);
  const asked: Asked = {
    as: values.as ?? null,
    role: values.role ?? null,
    username: values.username ?? null,
    passwordFile: values['password-file'] ?? null,
    askFiles: new Map((values['ask-file'] ?? []).map(askFile)),
    anyway: values.anyway,
  };
  return { ...values, asked };
}

/** Never quotes what it cannot read: somebody may have written the pin itself. */
function askFile(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageProblem('Option --ask-file is not of the form NAME=FILE');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

async function test(given: Given, settings: Settings, print: Printer): Promise<number> {
  const application = chosenApplication(settings, given.application);
  const at = systemClock.now();
  const since = systemClock.monotonic();
  const found = await findCredential(settings, application, given.asked);
  const isFound = 'credential' in found;
  const examination = isFound ? await examine(application, settings.limits, found, given.path) : found;
  const one: Case = {
    application,
    person: isFound ? found.person : (given.asked.as ?? given.asked.role ?? ''),
    source: isFound ? found.source : null,
    at,
    milliseconds: Math.round(systemClock.monotonic() - since),
  };
  report(given, one, examination, print);
  return examination.verdict === 'signed-on' ? 0 : 1;
}

function report({ canary, json }: Given, one: Case, examination: Examination, print: Printer): void {
  if (!canary) {
    print.out(json ? reportJson(one, examination) : reportText(one, examination));
    return;
  }
  print.out(canaryLine(one, examination));
  if (examination.verdict !== 'signed-on') print.err(alertLine(one, examination));
}

/** The one that is named, or the only one with a password to test. */
function chosenApplication({ applications }: Settings, name: string | undefined): ApplicationSettings {
  const testable = [...applications.values()].filter(({ signOn }) => signOn.by !== 'none' && signOn.by !== 'header');
  const names = testable.map((one) => one.name);
  if (name !== undefined) {
    const named = applications.get(name);
    if (named === undefined) {
      const near = didYouMean(name, applications.keys());
      const hint = near === undefined ? `, there is ${listed([...applications.keys()], 'and')}` : `, did you mean "${near}"?`;
      throw new UsageProblem(`Application "${name}" is not configured${hint}`);
    }
    if (!testable.includes(named)) throw new UsageProblem(untestable(named));
    return named;
  }
  const [only, ...others] = testable;
  const [first] = applications.values();
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) throw new UsageProblem(`Option --application is missing, there is ${listed(names, 'and')}`);
  throw new UsageProblem(first === undefined ? 'No application is configured' : untestable(first));
}
