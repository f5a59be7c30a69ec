// `wardgate check`: reads both YAML files and names every mistake, as the gateway would at its start. Missing secrets and
// certificates are warnings here, so that a file can be checked anywhere. With `--live` it looks at the world as well.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { anchorPlace } from '../adapters/audit-anchoring.ts';
import { feedPlace } from '../adapters/feed-place.ts';
import { notifyPlace } from '../adapters/notify-place.ts';
import { loadConfiguration } from '../config/load.ts';
import type { Loaded } from '../config/load.ts';
import { renderMistake, shownFile } from '../config/mistake.ts';
import type { Mistake } from '../config/mistake.ts';
import type { Configuration } from '../config/settings.ts';
import { longestStaleSeconds } from '../core/session/judge-silence.ts';
import { emergencyWarnings } from './emergency-warnings.ts';
import { claimLines, closingLine, doorText, findingLine } from './live/report.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { silentDetectors } from './silent-detectors.ts';
import { judged, UsageProblem } from './usage-problem.ts';

const usage = `wardgate check [--config config/gateway.yaml] [--json]
wardgate check --live [--sign-in]   and then: names, certificate, clock, provider, EHR, disk; on the gateway's machine, as its user
  --sign-in   waits for one sign-in at the provider and shows the claims it brings; while the gateway does not run
wardgate check --door http://EHR:PORT [--json]   whether the EHR can be reached past the gateway; on a workstation`;

const options = {
  config: { type: 'string', default: 'config/gateway.yaml' },
  json: { type: 'boolean', default: false },
  live: { type: 'boolean', default: false },
  'sign-in': { type: 'boolean', default: false },
  door: { type: 'string' },
} as const;

type Given = ReturnType<typeof parse>;

/** Exit code: 0 sound and nothing failed, 1 mistakes or failures, 2 wrong usage. */
export function check(args: readonly string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const given = parse(args);
    if (given.door !== undefined) return door(given.door, given.json, print);
    if (!existsSync(given.config))
      throw new UsageProblem(`Configuration file "${given.config}" does not exist, name it with --config`);
    const loaded = withEmergency(await loadConfiguration(given.config, { secrets: 'optional' }));
    if (given.live && loaded.ok) return live(given, loaded, print);
    const silent = loaded.ok ? await silentDetectors(loaded.configuration.settings) : [];
    if (given.json) print.out(JSON.stringify({ ...asJson(loaded), ...(silent.length > 0 && { silent }) }));
    else for (const line of [asText(loaded, given.config), ...silent]) print.out(line);
    return loaded.ok ? 0 : 1;
  });
}

function withEmergency(loaded: Loaded): Loaded {
  if (!loaded.ok) return loaded;
  return { ...loaded, warnings: [...loaded.warnings, ...emergencyWarnings(loaded.configuration.settings)] };
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({ args: [...args], options });
  if (values['sign-in'] && !values.live) throw new UsageProblem('Option --sign-in belongs to --live');
  if (values.door !== undefined && values.live) throw new UsageProblem('Options --live and --door stand together, keep one');
  return values;
}

async function live(given: Given, loaded: Extract<Loaded, { ok: true }>, print: Printer): Promise<number> {
  if (!given.json) print.out(asText(loaded, given.config));
  const inColour = process.stdout.isTTY && process.stdout.hasColors();
  // Loaded when it is asked for: most checks look at two files and nothing else.
  const { liveCheck } = await import('./live/live-check.ts');
  const checked = await liveCheck(loaded.configuration, {
    signIn: given['sign-in'],
    tell: (found) => {
      if (!given.json) for (const one of found) print.out(findingLine(one, inColour));
    },
    invite: (address) => print.err(`Sign in within five minutes at: ${address}`),
  });
  const { found, claims, closing } = checked;
  if (given.json) print.out(JSON.stringify({ ...asJson(loaded), live: found, claims, closing }));
  else for (const line of [...(claims === null ? [] : claimLines(claims)), ...closing, closingLine(found)]) print.out(line);
  return found.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

async function door(address: string, json: boolean, print: Printer): Promise<number> {
  const { tryDoor } = await import('./live/try-door.ts');
  const tried = await tryDoor(address);
  print.out(json ? JSON.stringify(tried) : doorText(tried));
  return tried.verdict === 'closed' ? 0 : 1;
}

function asText(loaded: Loaded, file: string): string {
  if (!loaded.ok) {
    const count = loaded.mistakes.length;
    return [...loaded.mistakes.map(renderMistake), `${counted(count, 'mistake')}, nothing would be used`].join('\n');
  }
  const { settings, policy } = loaded.configuration;
  const warnings = loaded.warnings.map((warning) => renderMistake({ ...warning, message: `Warning: ${warning.message}` }));
  const parts = [
    counted(settings.applications.size, 'application'),
    counted(policy.rules.length, 'rule'),
    counted(policy.roles.size, 'role'),
    `mode ${policy.mode}`,
  ];
  const sound = `${shownFile(file)} and its rules are sound: ${parts.join(', ')}`;
  return [
    ...warnings,
    sound,
    worstCase(settings.signIn),
    anchoring(settings.audit),
    ...feeding(settings.audit),
    ...telling(settings.alerts),
  ].join('\n');
}

/** Whether somebody who takes over this machine could rewrite the access record unseen. */
function anchoring({ anchors }: Configuration['settings']['audit']): string {
  if (anchors.length > 0) return `Checkpoints of the access record go to ${anchors.map(anchorPlace).join(' and ')}`;
  return 'The access record is unanchored: name a place on another machine under audit.anchors';
}

/** Who else learns of every event, and whose charts by name. */
function feeding({ feeds }: Configuration['settings']['audit']): string[] {
  if (feeds.length === 0) return [];
  const told = feeds.map((feed) => `${feedPlace(feed)}${feed.patients === 'resolved' ? ' with the ids of patients' : ''}`);
  return [`Every event of the access record goes to ${told.join(' and ')}`];
}

/** Who hears of alerts while nobody looks at the console. */
function telling({ notify }: Configuration['settings']['alerts']): string[] {
  if (notify.length === 0) return [];
  return [`Alerts are told to ${notify.map(notifyPlace).join(' and ')}`];
}

/** The number that a privacy officer asks for: how long somebody who was let go may still be in. */
function worstCase({ recheckEverySeconds, recheckGraceSeconds }: Configuration['settings']['signIn']): string {
  const locks = recheckEverySeconds + recheckGraceSeconds;
  const ends = recheckEverySeconds + longestStaleSeconds(recheckGraceSeconds);
  return `Whoever loses a role or their account is cut off within ${inUnits(recheckEverySeconds)} at the latest; while the identity provider is down they unlock by their own second factor after ${inUnits(locks)}, and are cut off within ${inUnits(ends)}`;
}

/** As the YAML writes it, in the largest unit that fits: 15m, 75m, 2h. */
function inUnits(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function asJson(loaded: Loaded) {
  const mistakes = loaded.ok ? [] : loaded.mistakes.map(plain);
  const warnings = loaded.ok ? loaded.warnings.map(plain) : [];
  return { ok: loaded.ok, mistakes, warnings };
}

function plain(mistake: Mistake): Mistake {
  return { ...mistake, file: shownFile(mistake.file) };
}
