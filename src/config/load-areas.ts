// The areas that rules may name, for whoever proposes a rule: those of the presets and those of the rule file. Null where
// the files hold a mistake.

import type { Route } from '../core/policy/policy.ts';
import { gatherAreas } from './areas.ts';
import { rulesFileOf } from './load.ts';
import { Findings } from './mistake.ts';
import { parseFile } from './parse-file.ts';
import { Reading } from './reading.ts';
import { RuleWorld } from './rule-world.ts';
import { rulesParts } from './rules-schema.ts';
import type { Settings } from './settings.ts';
import { readYamlSource } from './yaml-source.ts';

/** `application.area` → its routes. */
export async function loadAreas(settings: Settings): Promise<ReadonlyMap<string, readonly Route[]> | null> {
  const findings = new Findings();
  const source = await readYamlSource(rulesFileOf(settings.file), findings);
  const parsed = source === null ? null : parseFile(rulesParts, source, findings);
  if (parsed === null) return null;
  const world = new RuleWorld([...settings.applications.keys()], settings.applications, [...settings.zones.keys()]);
  const areas = await gatherAreas(new Reading(parsed, findings, {}), world, findings);
  return findings.mistakes.length > 0 ? null : areas.routes;
}
