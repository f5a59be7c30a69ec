// `wardgate explain`: would this request pass, and why. It asks the code that decides in production, with the rules as
// they stand in the file; nothing is sent anywhere.

import { parseArgs } from 'node:util';
import { clinicTime } from '../adapters/clinic-time.ts';
import { ask } from '../config/ask.ts';
import { didYouMean, listed } from '../config/did-you-mean.ts';
import { readMoment } from '../config/hours.ts';
import { loadConfiguration } from '../config/load.ts';
import { renderMistake } from '../config/mistake.ts';
import { methods } from '../config/schema-parts.ts';
import { reservedPrefix } from '../config/routes.ts';
import type { Configuration, Settings } from '../config/settings.ts';
import { confineMachine } from '../core/machines/confine-machine.ts';
import type { Explanation } from '../core/policy/explain.ts';
import type { Policy } from '../core/policy/policy.ts';
import { explanationText } from './explanation-text.ts';
import { isUsage, UsageProblem } from './usage-problem.ts';
import { indexRules } from '../core/policy/rule-index.ts';

const usage = `wardgate explain --roles nurse --method GET --path '/chart?pid=7'
wardgate explain --machine lab --method GET --path '/fhir/Patient/7'
  [--form name=value]…  [--zone clinic]…  [--at 'Mon 10:00']  [--application ehr]
  [--selected 7]  [--emergency]  [--websocket]  [--config config/gateway.yaml]  [--json]

--zone  where the person stands: in all zones where nothing is said, as in the tests of
        rules.yaml; --zone '' is outside all of them
--at    day and time at the clinic; now where nothing is said`;

const options = {
  roles: { type: 'string', multiple: true },
  machine: { type: 'string' },
  method: { type: 'string', default: 'GET' },
  path: { type: 'string' },
  form: { type: 'string', multiple: true },
  zone: { type: 'string', multiple: true },
  at: { type: 'string' },
  application: { type: 'string' },
  selected: { type: 'string' },
  emergency: { type: 'boolean', default: false },
  websocket: { type: 'boolean', default: false },
  config: { type: 'string', default: 'config/gateway.yaml' },
  json: { type: 'boolean', default: false },
} as const;

type Given = ReturnType<typeof parse>;

/** Exit code: 0 allowed, 1 refused, 2 wrong usage or a configuration that cannot be used. */
export async function explainCommand(args: string[]): Promise<number> {
  try {
    const given = parse(args);
    const loaded = await loadConfiguration(given.config, { secrets: 'optional' });
    if (!loaded.ok) {
      console.error(loaded.mistakes.map(renderMistake).join('\n'));
      return 2;
    }
    return answer(given, loaded.configuration);
  } catch (cause) {
    if (!isUsage(cause)) throw cause;
    console.error(`${cause.message}\n\n${usage}`);
    return 2;
  }
}

function parse(args: string[]) {
  const { values } = parseArgs({ args, options });
  if (values.path === undefined) throw new UsageProblem('Option --path is missing');
  const { roles = [], form = [], path } = values;
  return { ...values, roles, form, path };
}

function answer(given: Given, { settings, policy }: Configuration): number {
  const roles = split(given.roles);
  const zones = given.zone === undefined ? [...settings.zones.keys()] : split(given.zone);
  checkAsker(given, roles, settings, policy);
  known('Role', roles, [...policy.roles.keys()]);
  known('Zone', zones, [...settings.zones.keys()]);
  const names = [...settings.applications.keys()];
  if (given.application !== undefined) known('Application', [given.application], names);
  const application = settings.applications.get(given.application ?? names[0] ?? '');
  const method = methods.find((name) => name === given.method);
  if (application === undefined) throw new UsageProblem('No application is configured');
  if (method === undefined) throw new UsageProblem(`Method "${given.method}" must be ${listed(methods)}`);
  const shut = outsideApplications(given, settings, application.name);
  const explanation =
    shut ??
    ask(policy, indexRules(policy), settings.limits.targetBytes, {
      application,
      method,
      path: given.path,
      form: given.form.map(field),
      webSocket: given.websocket,
      person: {
        roles,
        machine: given.machine,
        zones,
        ...moment(given.at, settings.clinic.timezone),
        grantOpen: given.emergency,
        selection: given.selected ?? null,
      },
    });
  const { allow, rule, reason, target, patient, rules } = explanation;
  console.log(given.json ? JSON.stringify({ allow, rule, reason, target, patient, rules }) : explanationText(explanation));
  return allow ? 0 : 1;
}

function checkAsker({ machine, emergency, selected }: Given, roles: readonly string[], settings: Settings, policy: Policy): void {
  if (machine === undefined) {
    if (roles.length > 0) return;
    throw new UsageProblem(`Option --roles is missing, there are ${listed([...policy.roles.keys()], 'and')}`);
  }
  if (settings.machines.size === 0) throw new UsageProblem(`Machine "${machine}" is not defined, gateway.yaml names none`);
  known('Machine', [machine], [...settings.machines.keys()]);
  if (roles.length > 0) throw new UsageProblem('Options --roles and --machine stand together, a machine has no role');
  if (emergency || selected !== undefined)
    throw new UsageProblem('Options --emergency and --selected are for people, a machine has neither');
}

/** What the gateway says before it looks at any rule. */
function outsideApplications({ machine, path }: Given, { machines }: Settings, application: string): Explanation | null {
  if (machine === undefined) return null;
  const applications = machines.get(machine)?.applications ?? null;
  const detail = confineMachine({ machine, applications }, application, path.startsWith(reservedPrefix));
  if (detail === null) return null;
  return { allow: false, rule: null, reason: 'machine-not-permitted', detail, target: path, patient: null, rules: [] };
}

/** Lists may be given with commas or by repeating the option. */
function split(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).flatMap((value) => (value.trim() === '' ? [] : [value.trim()]));
}

function known(what: string, names: readonly string[], defined: readonly string[]): void {
  for (const name of names) {
    if (defined.includes(name)) continue;
    const meant = didYouMean(name, defined);
    const hint = meant === undefined ? `, there are ${listed(defined, 'and')}` : `, did you mean "${meant}"?`;
    throw new UsageProblem(`${what} "${name}" is not defined${hint}`);
  }
}

function field(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageProblem(`Form field "${text}" must be written name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function moment(at: string | undefined, timezone: string): { readonly weekday: number; readonly minute: number } {
  if (at === undefined) return clinicTime(timezone).localTime(Date.now());
  const read = readMoment(at);
  if (read === null) throw new UsageProblem(`Time "${at}" is not a day and time, write for example 'Mon 10:00'`);
  return { weekday: read.day, minute: read.minute };
}
