// Follows the values of a recipe from where they are given or taken to where they are used, so that no sign-on finds out
// with somebody's password in hand that one of them is missing.

import type { Recipe, RecipeStep, Template } from '../core/ehr/recipe.ts';
import { didYouMean, listed } from './did-you-mean.ts';
import type { Preset } from './presets.ts';
import type { SignOnRecipeEntry, StepEntry } from './recipe-schema.ts';
import { stepAt } from './recipe-steps.ts';
import { methodsNamed } from './request-line.ts';
import { valuesOf } from './template.ts';
import type { KeyPath } from './yaml-source.ts';

/** What a person always gives; `name` is the login name at the gateway. */
const always = ['username', 'password', 'name'];

/** Reports every value that is used and not there, and every name that is given twice. */
export function checkValues(preset: Preset, entry: SignOnRecipeEntry): void {
  const steps = entry.steps ?? [];
  const asked = [...always, ...(entry.asks ?? [])];
  const given = new Set([...asked, ...Object.keys(entry.values ?? {})]);
  checkNames(preset, entry);
  for (const [index, step] of steps.entries()) {
    const at = stepAt(preset, index);
    // Two steps in one, for want of a dash: what is taken in one of them cannot be told from what the other needs.
    if (methodsNamed<Template>(step).length > 1) continue;
    for (const { name, path } of usesOf(step, at)) {
      if (!given.has(name)) checkTaken(preset, { name, path, index }, steps, given);
    }
    for (const { key, target } of methodsNamed<Template>(step)) {
      const [first] = target;
      if (typeof first !== 'object' || !asked.includes(first.value)) continue;
      preset.mistake(
        [...at, key],
        `Path begins with {${first.value}}, which people type, so it could lead anywhere; begin it with "/"`,
      );
    }
    for (const name of Object.keys(step.take ?? {})) {
      if (given.has(name)) preset.keyMistake([...at, 'take', name], `Value "${name}" is given already, take it by another name`);
    }
    checkOnlyWith(preset, [...at, 'onlyWith'], step, entry);
  }
}

function checkNames(preset: Preset, entry: SignOnRecipeEntry): void {
  for (const [index, name] of (entry.asks ?? []).entries()) {
    const path = preset.entry(['signOn', 'asks'], index);
    if (always.includes(name)) preset.mistake(path, `Value "${name}" is always there, delete it from asks`);
  }
  for (const name of Object.keys(entry.values ?? {})) {
    const taken = [...always, ...(entry.asks ?? [])].includes(name);
    if (taken) preset.keyMistake(['signOn', 'values', name], `Value "${name}" is what people are asked for, choose another name`);
  }
}

interface Use {
  readonly name: string;
  readonly path: KeyPath;
}

function usesOf(step: StepEntry, at: KeyPath): Use[] {
  const placed = (key: 'headers' | 'form' | 'json'): [KeyPath, unknown][] =>
    Object.entries(step[key] ?? {}).map(([name, value]) => [[...at, key, name], value]);
  const targets = methodsNamed<Template>(step).map(({ key, target }): [KeyPath, unknown] => [[...at, key], target]);
  return [...targets, ...placed('headers'), ...placed('form'), ...placed('json')].flatMap(([path, value]) =>
    Array.isArray(value) ? valuesOf(value as Template).map((name) => ({ name, path })) : [],
  );
}

function checkTaken(
  preset: Preset,
  { name, path, index }: Use & { readonly index: number },
  steps: readonly StepEntry[],
  given: ReadonlySet<string>,
): void {
  const takers = steps.flatMap((step, at) => (Object.hasOwn(step.take ?? {}, name) ? [at] : []));
  const [first] = takers;
  if (first === undefined) {
    const known = [...given, ...steps.flatMap((step) => Object.keys(step.take ?? {}))];
    preset.mistake(path, `Value {${name}} is given by nobody, there is ${listed(known, 'and')}`, didYouMean(name, known));
    return;
  }
  const line = preset.line([...stepAt(preset, first), 'take', name]);
  const before = takers.filter((at) => at < index);
  if (before.length === 0) {
    preset.mistake(path, `Value {${name}} is used before it is taken, which happens in line ${line}`);
  } else if (!before.some((at) => isThereFor(steps[at], steps[index]))) {
    const message = `Value {${name}} is taken by a step that may be left out (line ${line}); write the same onlyWith here`;
    preset.mistake(path, message);
  }
}

/** Whether the earlier step is never left out where the later one is not. */
function isThereFor(earlier: StepEntry | undefined, later: StepEntry | undefined): boolean {
  return (earlier?.onlyWith ?? []).every((name) => later?.onlyWith?.includes(name));
}

function checkOnlyWith(preset: Preset, at: KeyPath, step: StepEntry, entry: SignOnRecipeEntry): void {
  const known = [...Object.keys(entry.values ?? {}), ...(entry.asks ?? [])];
  for (const [index, name] of (step.onlyWith ?? []).entries()) {
    if (known.includes(name)) continue;
    const message = `Value "${name}" stands neither under values nor under asks, there is ${listed(known, 'and')}`;
    preset.mistake(preset.entry(at, index), message, didYouMean(name, known));
  }
}

/** Every value that a step uses, in its request. */
export function valuesIn({ target, headers, body }: RecipeStep): readonly string[] {
  const members = body.kind === 'form' ? body.fields : body.kind === 'json' ? body.members : [];
  return [target, ...[...headers, ...members].map(([, value]) => value)].flatMap(valuesOf);
}

/** Whether this step sends something on every sign-on that needs the value. */
export function firstNeedOf(recipe: Recipe, name: string): RecipeStep | undefined {
  return recipe.steps.find((step) => valuesIn(step).includes(name) && !step.onlyWith.includes(name));
}
