// Loads the configuration: gateway.yaml, and the rules.yaml and alerts.yaml beside it. Either everything is sound, or every
// mistake of all files is told at once and nothing is used.

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Policy } from '../core/policy/policy.ts';
import { alertSettings } from './alert-settings.ts';
import { alertsSchema } from './alerts-schema.ts';
import type { AlertsFile } from './alerts-schema.ts';
import { notifySettings } from './notify-settings.ts';
import { gatewayParts } from './gateway-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { gatewaySettings } from './gateway-settings.ts';
import type { PartialSettings } from './gateway-settings.ts';
import { didYouMean } from './did-you-mean.ts';
import { completeLimits } from './limits.ts';
import { machineSettings } from './machine-settings.ts';
import { Findings, sortMistakes } from './mistake.ts';
import type { Mistake } from './mistake.ts';
import { parseFile } from './parse-file.ts';
import { Reading } from './reading.ts';
import type { LoadOptions } from './reading.ts';
import { roleNames } from './roles.ts';
import { rulesPolicy } from './rules-policy.ts';
import { rulesParts } from './rules-schema.ts';
import type { RulesFile } from './rules-schema.ts';
import { runRuleTests } from './rule-tests.ts';
import { RuleWorld } from './rule-world.ts';
import { settingsText } from './settings-text.ts';
import type { Configuration, ReadFiles, Settings } from './settings.ts';
import { maxRulesBytes, parseYamlSource, readYamlSource } from './yaml-source.ts';
import type { YamlSource } from './yaml-source.ts';

export type Loaded =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Mistake[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

export type LoadedRules =
  | {
      readonly ok: true;
      readonly policy: Policy;
      readonly machines: Settings['machines'];
      readonly read: ReadFiles;
      /** Where it was read apart, beside other rules that were in force. */
      readonly effect?: RulesEffect;
      readonly warnings: readonly Mistake[];
    }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Who gains or loses what, in lines. */
export interface RulesEffect {
  /** The version of the rules that are replaced. */
  readonly before: string;
  readonly lines: readonly string[];
}

/** The rule file that belongs to a gateway file. */
export function rulesFileOf(gatewayFile: string): string {
  return join(dirname(gatewayFile), 'rules.yaml');
}

/** What watches the record; it may be left out. */
export function alertsFileOf(gatewayFile: string): string {
  return join(dirname(gatewayFile), 'alerts.yaml');
}

/** Reads all files. `gatewayFile` is shown in messages as it is given. */
export async function loadConfiguration(gatewayFile: string, options: LoadOptions = {}): Promise<Loaded> {
  const findings = new Findings();
  const files = [gatewayFile, rulesFileOf(gatewayFile), alertsFileOf(gatewayFile)];
  const gateway = await readGateway(gatewayFile, findings, options);
  const settings = gateway === null ? null : await gatewaySettings(gateway, options);
  const rules = await readRules(rulesFileOf(gatewayFile), findings, options.texts?.rules);
  const watched = await readAlerts(alertsFileOf(gatewayFile), findings, options);
  const alerts = {
    ...alertSettings(watched?.value ?? null, (path) => watched?.resolve(path) ?? path),
    notify: watched === null ? [] : await notifySettings(watched),
  };
  if (gateway !== null && rules !== null) {
    checkLockRoles(gateway, rules);
    checkDeviceRoles(gateway, rules);
    checkTextRoles(gateway, rules);
    checkAccountRoles(gateway, rules);
  }
  const policy = rules === null ? null : await judgeRules(rules, worldOf(gateway, settings), findings, settings);
  const { clinic = null, signIn = null } = settings ?? {};
  if (findings.mistakes.length > 0 || settings === null || policy === null || clinic === null || signIn === null) {
    return { ok: false, mistakes: sortMistakes(findings.mistakes, files) };
  }
  const read = await readFiles(rules, gateway, settings, watched?.value);
  const loaded = { settings: { ...settings, clinic, signIn, alerts }, policy };
  const configuration = { ...loaded, ...(read === null ? {} : { read }) };
  return { ok: true, configuration, warnings: sortMistakes(findings.warnings, files) };
}

/** Reads the rule file again, the presets it builds on and the machines it names, against settings already in force. */
export async function loadRules(settings: Settings, file: string = rulesFileOf(settings.file)): Promise<LoadedRules> {
  const findings = new Findings();
  const rules = await readRules(file, findings);
  const { machines, gateway } = await machinesAgain(settings, findings);
  const zones = [...settings.zones.keys()];
  const world = new RuleWorld([...settings.applications.keys()], settings.applications, zones, [], [...machines.keys()]);
  const policy = rules === null ? null : await judgeRules(rules, world, findings, settings);
  const files = [settings.file, file];
  const read = findings.mistakes.length > 0 ? null : await readFiles(rules, gateway, settings);
  if (policy === null || read === null) return { ok: false, mistakes: sortMistakes(findings.mistakes, files) };
  return { ok: true, policy, machines, read, warnings: sortMistakes(findings.warnings, files) };
}

/**
 * The machines as gateway.yaml names them now: the one part of it that is read again, because a lost token must not wait
 * for a restart. Its listener stays as it is, so a first certificate needs one.
 */
async function machinesAgain(
  settings: Settings,
  findings: Findings,
): Promise<{ readonly machines: Settings['machines']; readonly gateway: Reading<GatewayFile> | null }> {
  if (!existsSync(settings.file)) return { machines: settings.machines, gateway: null };
  const gateway = await readGateway(settings.file, findings, {});
  return { machines: gateway === null ? settings.machines : await machineSettings(gateway), gateway };
}

/** Null only where there are no rules; a gateway.yaml that is gone says nothing. */
async function readFiles(
  rules: Reading<RulesFile> | null,
  gateway: Reading<GatewayFile> | null,
  { applications }: Pick<Settings, 'applications'>,
  alerts: AlertsFile | null = null,
): Promise<ReadFiles | null> {
  if (rules === null) return null;
  const said = { ...Object(gateway?.parsed.source.value), ...(alerts === null ? {} : { 'alerts.yaml': alerts }) } as unknown;
  const settings = gateway === null ? '' : await settingsText(said, applications);
  return { rules: new Uint8Array(rules.parsed.source.bytes), settings };
}

async function readGateway(file: string, findings: Findings, options: LoadOptions): Promise<Reading<GatewayFile> | null> {
  const source = await readSource(file, findings, options.texts?.gateway);
  const parsed = source === null ? null : parseFile(gatewayParts, source, findings);
  return parsed === null ? null : new Reading(parsed, findings, options);
}

async function readRules(file: string, findings: Findings, text?: string): Promise<Reading<RulesFile> | null> {
  const source = await readSource(file, findings, text, maxRulesBytes);
  const parsed = source === null ? null : parseFile(rulesParts, source, findings);
  return parsed === null ? null : new Reading(parsed, findings, {});
}

async function readAlerts(file: string, findings: Findings, options: LoadOptions): Promise<Reading<AlertsFile> | null> {
  const source = existsSync(file) ? await readSource(file, findings, undefined) : null;
  const parsed = source === null ? null : parseFile(alertsSchema, source, findings);
  return parsed === null ? null : new Reading(parsed, findings, options);
}

/** The file, or the text that is going to stand in it. */
async function readSource(
  file: string,
  findings: Findings,
  text: string | undefined,
  mostBytes?: number,
): Promise<YamlSource | null> {
  return text === undefined ? readYamlSource(file, findings, mostBytes) : parseYamlSource(file, Buffer.from(text), findings);
}

/** The policy; its tests are run only when nothing else is wrong, because a mistake elsewhere would fail them too. */
async function judgeRules(
  rules: Reading<RulesFile>,
  world: RuleWorld,
  findings: Findings,
  settings: Pick<PartialSettings, 'limits'> | null,
): Promise<Policy> {
  const policy = await rulesPolicy(rules, world, findings);
  const limits = settings?.limits ?? completeLimits({}, false);
  runRuleTests(rules, world, policy, limits.targetBytes);
  return policy;
}

function worldOf(gateway: Reading<GatewayFile> | null, settings: PartialSettings | null): RuleWorld {
  if (gateway === null || settings === null) return new RuleWorld(null, new Map(), null);
  const named = gateway.original(['applications']) === undefined ? null : gateway.namesIn('applications');
  // A single value is no application, but a key that stands in the wrong column.
  const names = named?.filter((name) => !isScalar(gateway.original(['applications', name]))) ?? null;
  const unread = (names ?? []).filter((name) => {
    const preset = gateway.value.applications?.[name]?.preset;
    return preset !== undefined && (settings.applications.get(name)?.preset ?? null) === null;
  });
  return new RuleWorld(names, settings.applications, gateway.namesIn('zones'), unread, gateway.namesIn('machines'));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Roles stand in the other file, so they can only be checked here. */
function checkLockRoles(gateway: Reading<GatewayFile>, rules: Reading<RulesFile>): void {
  const known = roleNames(rules);
  for (const name of Object.keys(gateway.value.lock?.roles ?? {})) {
    if (known === null || known.includes(name)) continue;
    const message = `Role "${name}" is not defined in ${basename(rules.file)}`;
    gateway.keyMistake(['lock', 'roles', name], message, didYouMean(name, known));
  }
}

/** A role that nobody has could never register a device. */
function checkDeviceRoles(gateway: Reading<GatewayFile>, rules: Reading<RulesFile>): void {
  const known = roleNames(rules);
  const path = ['devices', 'registeredBy'];
  for (const [index, name] of (gateway.value.devices?.registeredBy ?? []).entries()) {
    if (known === null || known.includes(name)) continue;
    const message = `Role "${name}" is not defined in ${basename(rules.file)}`;
    gateway.mistake(gateway.entry(path, index), message, didYouMean(name, known));
  }
}

/** A text for a role that nobody has would be shown to nobody. */
function checkTextRoles(gateway: Reading<GatewayFile>, rules: Reading<RulesFile>): void {
  const known = roleNames(rules);
  for (const [index, { roles = [] }] of (gateway.value.acknowledge ?? []).entries())
    for (const [at, name] of roles.entries()) {
      if (known === null || known.includes(name)) continue;
      const message = `Role "${name}" is not defined in ${basename(rules.file)}`;
      gateway.mistake(gateway.entry(['acknowledge', index, 'roles'], at), message, didYouMean(name, known));
    }
}

/** An account for a role that nobody has is no harm by itself, but most likely a role of another name has none. */
function checkAccountRoles(gateway: Reading<GatewayFile>, rules: Reading<RulesFile>): void {
  const known = roleNames(rules);
  for (const [application, { signOn }] of Object.entries(gateway.value.applications ?? {})) {
    const roles = typeof signOn === 'object' ? Object.keys(signOn.roles ?? {}) : [];
    for (const name of roles) {
      if (known === null || known.includes(name)) continue;
      const message = `Role "${name}" is not defined in ${basename(rules.file)}, so nobody is signed on by this account`;
      gateway.keyWarning(['applications', application, 'signOn', 'roles', name], message, didYouMean(name, known));
    }
  }
}
