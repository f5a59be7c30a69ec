// What `wardgate init` needs to know of a preset before it can ask on: its root, its areas, how it signs people on.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean, listed } from '../../config/did-you-mean.ts';
import { Findings, renderMistake } from '../../config/mistake.ts';
import { presetFile, presetNames, readPreset, shippedPresets } from '../../config/presets.ts';
import { firstNeedOf } from '../../config/recipe-values.ts';
import { recipeOf } from '../../config/recipe.ts';

export interface PresetFacts {
  /** As gateway.yaml names it. */
  readonly name: string;
  readonly describes: string;
  /** Null where it has none of its own. */
  readonly root: string | null;
  readonly areas: readonly string[];
  readonly signOn: 'recipe' | 'basic' | 'none';
  /** Values that every sign-on takes and the preset does not have. */
  readonly needs: readonly string[];
}

/** A shipped preset by its name, or a file of IT's own, seen from the directory; or why it cannot be used, in words. */
export async function presetFacts(name: string, directory: string): Promise<PresetFacts | { readonly problem: string }> {
  const own = /\/|\.yaml$/.test(name);
  const names = await presetNames(shippedPresets);
  if (!own && !names.includes(name)) {
    const meant = didYouMean(name, names);
    const hint = meant === undefined ? '' : `, did you mean "${meant}"?`;
    return { problem: `EHR "${name}" is not known, there is ${listed([...names, 'other'], 'and')}${hint}` };
  }
  const file = own ? resolve(directory, name) : presetFile(shippedPresets, name);
  if (own && !existsSync(file)) return { problem: `Preset file "${name}" cannot be read, looked for ${file}` };
  const findings = new Findings();
  const preset = await readPreset(file, findings);
  const recipe = preset === null ? null : recipeOf(preset, preset.value.root ?? '');
  if (preset === null || findings.mistakes.length > 0) return { problem: findings.mistakes.map(renderMistake).join('; ') };
  const { describes, root = null, areas, signOn } = preset.value;
  const unset = [...(recipe?.values ?? [])].flatMap(([value, standard]) => (standard === null ? [value] : []));
  return {
    name,
    describes,
    root,
    areas: Object.keys(areas),
    signOn: signOn?.by ?? 'none',
    needs: unset.filter((value) => recipe !== null && firstNeedOf(recipe, value) !== undefined),
  };
}

/** `openemr      OpenEMR 7 and 8, …`, one line for each shipped preset. */
export async function presetLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of await presetNames(shippedPresets)) {
    const preset = await readPreset(presetFile(shippedPresets, name), new Findings());
    lines.push(`  ${name.padEnd(15)} ${preset?.value.describes ?? ''}`);
  }
  return [...lines, `  ${'other'.padEnd(15)} Another one; a preset of your own is named by its file, such as ./our-ehr.yaml`];
}
