// Puts one rule together: where it applies, whom it lets in, and on what terms.

import { didYouMean, listed } from './did-you-mean.ts';
import { parsePattern } from '../core/policy/path-pattern.ts';
import type { Route, Rule } from '../core/policy/policy.ts';
import { ownApplication } from './application-settings.ts';
import { fullAreaName } from './areas.ts';
import type { Areas } from './areas.ts';
import type { Reading } from './reading.ts';
import { checkCarriedPatient } from './carried-patient.ts';
import { machinesOf } from './rule-machines.ts';
import { checkRoles } from './roles.ts';
import { reservedPrefix, routesFrom, withKeys } from './routes.ts';
import type { RuleWorld } from './rule-world.ts';
import type { RuleEntry, RulesFile } from './rules-schema.ts';
import type { KeyPath } from './yaml-source.ts';

type Rules = Reading<RulesFile>;

/** The areas of the gateway itself, and what each covers: all of the console, or one part of it that others may be named for. */
const ownAreas: ReadonlyMap<string, string> = new Map([
  [`${ownApplication}.console`, `${reservedPrefix}/console/**`],
  [`${ownApplication}.recertification`, `${reservedPrefix}/console/recertification/**`],
  [`${ownApplication}.review`, `${reservedPrefix}/console/review/**`],
]);

export function oneRule(rules: Rules, index: number, entry: RuleEntry, areas: Areas, world: RuleWorld): Rule {
  const at = ['rules', index];
  if (entry.area === undefined && entry.paths === undefined) {
    rules.mistake(at, `Rule "${entry.name}" says neither area nor paths, so it would never apply`);
  }
  for (const [zone, name] of (entry.from ?? []).entries()) world.checkZone(rules, rules.entry([...at, 'from'], zone), name);
  const application = applicationOf(rules, at, entry, world);
  const routes = routesOf(rules, at, entry, areas, world);
  checkCarriedPatient(rules, at, { name: entry.name, routes }, world.applications.get(application));
  return {
    name: entry.name,
    application,
    routes,
    allow: allowed(rules, at, entry, world),
    ...(entry.machines !== undefined && { machines: machinesOf(rules, at, entry, world) }),
    exportRoles: entry.export === undefined ? null : named(rules, at, 'export', entry.export, entry.name),
    ...(entry.disclosure !== undefined && { disclosureRoles: askedAbout(rules, at, entry.disclosure, entry.name) }),
    emergencyRoles: entry.emergency === undefined ? [] : named(rules, at, 'emergency', entry.emergency, entry.name),
    zones: entry.from ?? null,
    hours: entry.hours ?? null,
    freshFactorSeconds: entry.freshFactor ?? null,
    ...(entry.factor === 'phishing-resistant' && { phishingResistant: true as const }),
    webSocket: entry.webSocket ?? false,
    changes: entry.changes ?? false,
    ...(entry.hold !== undefined && { hold: entry.hold }),
    recordQuery: entry.record ?? [],
    upstreamHeaderTimeoutSeconds: entry.timeout ?? null,
    at: rules.at(at),
  };
}

/** The application a rule belongs to: named, or that of its areas, or the only one there is. */
function applicationOf(rules: Rules, at: KeyPath, entry: RuleEntry, world: RuleWorld): string {
  const names = (entry.area ?? []).flatMap((area) => fullAreaName(area, world) ?? []);
  const [first, ...others] = [...new Set(names.map((area) => area.slice(0, area.indexOf('.'))))];
  if (others.length > 0) {
    const message = `Rule "${entry.name}" names areas of ${listed([first ?? '', ...others], 'and')}, write one rule for each application`;
    rules.mistake([...at, 'area'], message);
  }
  if (entry.application !== undefined) {
    const exists = world.checkApplication(rules, [...at, 'application'], entry.application);
    if (exists && first !== undefined && first !== entry.application) {
      rules.mistake(
        [...at, 'application'],
        `Rule "${entry.name}" is of application "${entry.application}", its area of "${first}"`,
      );
    }
    return entry.application;
  }
  if (first !== undefined) return first;
  const [only, ...more] = world.applicationNames ?? [];
  if (more.length > 0 && entry.paths !== undefined) {
    const choice = listed(world.applicationNames ?? []);
    rules.mistake(at, `Rule "${entry.name}" does not say which application its paths belong to, write application: ${choice}`);
  }
  return only ?? '';
}

function routesOf(rules: Rules, at: KeyPath, entry: RuleEntry, areas: Areas, world: RuleWorld): Route[] {
  const own = entry.paths === undefined ? [] : routesFrom(rules, at, [...at, 'paths'], entry.paths, entry);
  const templates = (entry.area ?? []).flatMap((name, index) =>
    areaRoutes(rules, rules.entry([...at, 'area'], index), name, areas, world),
  );
  return [...(templates.length > 0 ? withKeys(rules, at, templates, entry) : []), ...own];
}

function areaRoutes(rules: Rules, at: KeyPath, name: string, areas: Areas, world: RuleWorld): readonly Route[] {
  const own = ownAreas.get(name);
  if (own !== undefined) return consoleRoutes(name, own);
  const full = fullAreaName(name, world) ?? name;
  const routes = areas.routes.get(full);
  if (routes !== undefined || world.applicationNames === null) return routes ?? [];
  const known = [...areas.routes.keys(), ...ownAreas.keys()];
  const application = full.slice(0, Math.max(full.indexOf('.'), 0));
  if (areas.incomplete.has(application)) return [];
  if (application !== '' && application !== ownApplication && !world.applicationNames.includes(application)) {
    world.checkApplication(rules, at, application);
    return [];
  }
  const same = known.filter((area) => area.startsWith(`${application}.`));
  const there =
    same.length === 0
      ? `application "${application}" has no preset and no area of its own under areas`
      : `there is ${listed(same, 'and')}`;
  rules.mistake(at, `Area "${name}" is not defined, ${there}`, didYouMean(full, known));
  return [];
}

/** The console is judged by the rules like any page, but it is no page of an EHR. */
function consoleRoutes(area: string, path: string): Route[] {
  const pattern = parsePattern(path);
  if ('problem' in pattern) throw new Error(pattern.problem);
  const base = { area, pattern, query: [], form: [], patient: [], selects: null, clearsSelection: false, passive: false };
  return [{ ...base, methods: ['GET', 'POST'], category: 'console', action: null, download: 'never' }];
}

function allowed(rules: Rules, at: KeyPath, entry: RuleEntry, world: RuleWorld): Rule['allow'] {
  const word = entry.allow.find((name) => name === 'everyone' || name === 'nobody');
  if (word === undefined) {
    checkRoles(rules, [...at, 'allow'], entry.allow, `Rule "${entry.name}"`, world.machines ?? []);
    return entry.allow;
  }
  if (entry.allow.length > 1) rules.mistake([...at, 'allow'], `Rule "${entry.name}": "${word}" must stand alone`);
  return word === 'everyone' ? 'everyone' : [];
}

/** The roles that are asked whether a download leaves treatment, payment and operations. */
function askedAbout(rules: Rules, at: KeyPath, names: readonly string[], rule: string): NonNullable<Rule['disclosureRoles']> {
  if (!names.includes('everyone')) return named(rules, at, 'disclosure', names, rule);
  if (names.length > 1) rules.mistake([...at, 'disclosure'], `Rule "${rule}", disclosure: "everyone" must stand alone`);
  return 'everyone';
}

/** The roles under `export`, `emergency` or `disclosure`; `nobody` reads as none. */
function named(
  rules: Rules,
  at: KeyPath,
  key: 'export' | 'emergency' | 'disclosure',
  names: readonly string[],
  rule: string,
): readonly string[] {
  if (names.length === 1 && names[0] === 'nobody') return [];
  checkRoles(rules, [...at, key], names, `Rule "${rule}", ${key}`);
  return names;
}
