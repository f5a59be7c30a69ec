// Gathers the areas rules may name: those of each application's preset and those IT wrote itself.

import type { DenyAlways, Route } from '../core/policy/policy.ts';
import type { Findings } from './mistake.ts';
import { loginDenials } from './login-denials.ts';
import { readPreset } from './presets.ts';
import type { Reading } from './reading.ts';
import type { AreaEntry, DenyEntry } from './route-schema.ts';
import { conditions, patternsFrom, routesFrom } from './routes.ts';
import type { PresetFile } from './preset-schema.ts';
import type { RulesFile } from './rules-schema.ts';
import type { RuleWorld } from './rule-world.ts';
import type { KeyPath } from './yaml-source.ts';

type Rules = Reading<RulesFile>;

export interface Areas {
  /** `application.area` → its routes. */
  readonly routes: ReadonlyMap<string, readonly Route[]>;
  readonly denyAlways: readonly DenyAlways[];
  /** Applications whose areas are not all known, because their preset could not be read. */
  readonly incomplete: ReadonlySet<string>;
}

/** Reads the presets of all applications and the rule file's own areas. */
export async function gatherAreas(rules: Rules, world: RuleWorld, findings: Findings): Promise<Areas> {
  const routes = new Map<string, readonly Route[]>();
  const denyAlways: DenyAlways[] = [];
  const incomplete = new Set<string>(world.unread);
  for (const name of world.applicationNames ?? []) {
    const application = world.applications.get(name);
    const file = application?.preset ?? null;
    const preset = file === null ? null : await readPreset(file, findings);
    if (application !== undefined) denyAlways.push(...loginDenials(application));
    if (application === undefined || (preset === null && file !== null)) incomplete.add(name);
    if (preset === null) continue;
    const root = application?.root ?? '';
    for (const [area, entry] of Object.entries(preset.value.areas)) {
      routes.set(`${name}.${area}`, ofArea(`${name}.${area}`, areaRoutes(preset, ['areas', area], entry, root)));
    }
    denyAlways.push(...denyRows(preset, preset.value, [name], world, root));
  }
  ownAreas(rules, world, routes);
  denyAlways.push(...denyRows(rules, rules.value, world.applicationNames ?? [], world, ''));
  return { routes, denyAlways, incomplete };
}

function ownAreas(rules: Rules, world: RuleWorld, routes: Map<string, readonly Route[]>): void {
  for (const [name, entry] of Object.entries(rules.value.areas ?? {})) {
    const at = ['areas', name];
    const full = fullAreaName(name, world);
    if (full === null) {
      const example = `${world.applicationNames?.[0] ?? 'ehr'}.${name}`;
      rules.keyMistake(at, `Area "${name}" does not say which application it belongs to, write for example ${example}`);
    } else if (routes.has(full)) {
      rules.keyMistake(at, `Area "${full}" stands in the application's preset already, choose another name`);
    } else {
      const application = full.slice(0, full.indexOf('.'));
      world.checkApplication(rules, at, application);
      routes.set(full, ofArea(full, areaRoutes(rules, at, entry, '')));
    }
  }
}

/** `ehr.letters`; the application may be left out where there is only one. Null where it may not. */
export function fullAreaName(name: string, world: RuleWorld): string | null {
  if (name.includes('.')) return name;
  const [only, ...more] = world.applicationNames ?? [];
  return only === undefined || more.length > 0 ? null : `${only}.${name}`;
}

function areaRoutes(reading: Reading<unknown>, at: KeyPath, entries: AreaEntry, root: string): Route[] {
  return entries.flatMap((entry, index) => {
    const entryAt = reading.entry(at, index);
    if (typeof entry === 'string') return routesFrom(reading, entryAt, entryAt, [entry], {}, root);
    return routesFrom(reading, entryAt, [...entryAt, 'paths'], entry.paths, entry, root);
  });
}

function ofArea(area: string, routes: readonly Route[]): Route[] {
  return routes.map((route) => ({ ...route, area }));
}

/** Deny-always rows; one that names no application holds for all of them. */
function denyRows(
  reading: Reading<unknown>,
  value: Pick<Partial<PresetFile>, 'denyAlways'>,
  applications: readonly string[],
  world: RuleWorld,
  root: string,
): DenyAlways[] {
  return (value.denyAlways ?? []).flatMap((given, index) => {
    const entryAt = reading.entry(['denyAlways'], index);
    const entry: Exclude<DenyEntry, string> = typeof given === 'string' ? { paths: [given] } : given;
    if (entry.application !== undefined) world.checkApplication(reading, [...entryAt, 'application'], entry.application);
    const pathsAt = typeof given === 'string' ? entryAt : [...entryAt, 'paths'];
    const query = conditions(reading, [...entryAt, 'query'], entry.query);
    const at = reading.at(entryAt);
    const chosen = entry.application === undefined ? applications : [entry.application];
    return patternsFrom(reading, pathsAt, entry.paths, root).flatMap((pattern) =>
      chosen.map((application) => ({ application, pattern, methods: entry.methods ?? null, query, at })),
    );
  });
}
