// `wardgate audit hold`: keeps records however old they grow, for a court or an investigation, and ends that. Asked of the running
// gateway; where none runs the command opens the log itself, as the gateway would, and the same is recorded.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { openAuditLog } from '../adapters/audit-log-file.ts';
import { systemClock } from '../adapters/clock-system.ts';
import type { AuditSettings, Settings } from '../config/settings.ts';
import { holdDesk } from '../compose/hold-desk.ts';
import { controlVersion } from '../core/control/read-order.ts';
import type { KeptHold } from '../retention-ports.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { patientLookup, untoldId } from './patients/patient-lookup.ts';
import { parse, UsageError } from './audit-arguments.ts';
import { describeHold } from './audit-retention.ts';
import { askGateway } from './control/ask-gateway.ts';
import type { AskedOrder } from './control/ask-gateway.ts';
import { isStopped } from './control/is-stopped.ts';
import { whoAsks } from './control/who-asks.ts';
import type { Printer } from './printer.ts';
import { soundConfiguration } from './sound-configuration.ts';

const texts = ['config', 'name', 'because', 'from', 'to'] as const;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Exit code: 0 done, 1 not, 2 wrong usage. */
export async function hold(args: string[], print: Printer): Promise<number> {
  const [command, ...rest] = args;
  const { values } = parse(rest, Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }])));
  const asked = askedOrder(command, values);
  const { config } = values;
  const configuration = await soundConfiguration(typeof config === 'string' ? config : 'config/gateway.yaml', print);
  if (configuration === null) return 2;
  try {
    const told = await give(configuration.settings, asked, print);
    if (values['json'] === true) print.out(JSON.stringify(told));
    else for (const line of describe(asked.order, told)) print.out(line);
    return 0;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    print.err(cause.message);
    return 1;
  }
}

function askedOrder(command: string | undefined, values: Readonly<Record<string, unknown>>): AskedOrder {
  if (command !== 'add' && command !== 'release' && command !== 'list')
    throw new UsageError(command === undefined ? 'A command is missing' : `There is no command "audit hold ${command}"`);
  const order = `audit hold-${command}`;
  if (command === 'list') return { order };
  const { name, because, from, to } = values;
  if (typeof name !== 'string') throw new UsageError('Name the hold: --name case-17');
  if (typeof because !== 'string' || because.trim() === '') throw new UsageError('Say why, for the record: --because TEXT');
  const days = { ...(typeof from === 'string' ? { from } : {}), ...(typeof to === 'string' ? { to } : {}) };
  return { order, because, fields: { name, ...days } };
}

async function give(settings: Settings, asked: AskedOrder, print: Printer): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await askGateway(settings, asked);
  } catch (cause) {
    if (!isStopped(cause)) throw cause;
    const patients = await patientLookup(settings, print);
    try {
      return await giveAlone(settings.audit, asked, patients.tokenOf ?? (() => untoldId));
    } finally {
      patients.close();
    }
  }
}

/** A gateway that runs after all holds the log, and then this rejects. */
async function giveAlone(audit: AuditSettings, { order, because, fields = {} }: AskedOrder, recordedToken: TokenOf) {
  const boot = randomBytes(6).toString('base64url');
  const log = await openAuditLog({ ...audit, boot, clock: systemClock, log: quiet });
  try {
    const directories = [audit.directory, audit.fallbackDirectory ?? audit.directory].filter((one) => existsSync(one));
    const take = await holdDesk([...new Set(directories)], { audit: log, clock: systemClock, log: quiet, recordedToken });
    const reply = await take({ version: controlVersion, order, by: whoAsks(), because: because ?? null, fields });
    const { told, why } = reply.body;
    if (reply.status !== 200) throw new Error(String(why));
    return Object(told) as Readonly<Record<string, unknown>>;
  } finally {
    await log.close();
  }
}

function describe(order: string, told: Readonly<Record<string, unknown>>): readonly string[] {
  const { name, holds } = told;
  if (order === 'audit hold-add')
    return [`Hold "${String(name)}" is in force and on record; nothing under it is let go until it is released`];
  if (order === 'audit hold-release') return [`Hold "${String(name)}" is released; what is past its time goes within the hour`];
  const all = Array.isArray(holds) ? (holds as readonly KeptHold[]) : [];
  return all.length === 0 ? ['There is no hold'] : all.map(describeHold);
}
