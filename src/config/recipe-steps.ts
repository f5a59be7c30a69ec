// Puts together the requests by which a preset signs people on. Where their values come from is judged in recipe-values.ts.

import type { RecipeBody, RecipeStep, Take, Template } from '../core/ehr/recipe.ts';
import { listed } from './did-you-mean.ts';
import { templateWithRoot } from './preset-root.ts';
import type { Preset } from './presets.ts';
import type { StepEntry } from './recipe-schema.ts';
import { recipeTakes } from './recipe-takes.ts';
import { beginningProblem, methodsNamed, requestLineProblem } from './request-line.ts';
import type { KeyPath } from './yaml-source.ts';

const stepsAt: KeyPath = ['signOn', 'steps'];

/** Where a step stands. */
export function stepAt(preset: Preset, index: number): KeyPath {
  return preset.entry(stepsAt, index);
}

/** The steps in order; exactly one decides. */
export function recipeSteps(preset: Preset, entries: readonly StepEntry[], root: string): RecipeStep[] {
  const deciding = decidingStep(preset, entries);
  return entries.map((entry, index) => {
    const at = stepAt(preset, index);
    const request = requestOf(preset, at, entry);
    return {
      method: request.method,
      target: templateWithRoot(root, request.target),
      headers: headersOf(preset, at, entry),
      basic: entry.basic ?? false,
      body: bodyOf(preset, at, entry),
      take: takesOf(preset, at, entry),
      onlyWith: entry.onlyWith ?? [],
      decides: index === deciding,
      at: preset.at(at),
    };
  });
}

function decidingStep(preset: Preset, entries: readonly StepEntry[]): number {
  const [first, second] = entries.flatMap((entry, index) => (entry.decides === true ? [index] : []));
  if (first !== undefined && second !== undefined) {
    const line = preset.line(stepAt(preset, first));
    preset.mistake([...stepAt(preset, second), 'decides'], `Step in line ${line} decides already, and only one may`);
  }
  const deciding = first ?? entries.length - 1;
  if ((entries[deciding]?.onlyWith ?? []).length > 0) {
    const fix = 'remove onlyWith, or write decides: true at the step that always tells';
    preset.mistake([...stepAt(preset, deciding), 'onlyWith'], `Step that decides may not be left out; ${fix}`);
  }
  return deciding;
}

function requestOf(preset: Preset, at: KeyPath, entry: StepEntry): { method: RecipeStep['method']; target: Template } {
  const [request, other] = methodsNamed<Template>(entry);
  if (request === undefined) {
    preset.mistake(at, 'Step names no request, write get:, post: or delete: with the path');
    return { method: 'GET', target: [] };
  }
  if (other !== undefined) preset.mistake([...at, other.key], `Keys ${request.key} and ${other.key} stand together, keep one`);
  const path = [...at, request.key];
  const [first = ''] = request.target;
  const beginning = typeof first === 'string' ? beginningProblem(first) : null;
  const literals = request.target.flatMap((part) => (typeof part === 'string' ? [requestLineProblem(part)] : []));
  const problem = beginning ?? literals.find((found) => found !== null) ?? null;
  if (problem !== null) preset.mistake(path, `Path "${preset.written(path)}" ${problem}`);
  return request;
}

/** What says how a message is framed or whom it is for is ours to write. */
const ours =
  /^(host|cookie|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|forwarded|x-forwarded-.*|proxy-.*|keep-alive|sec-.*)$/i;

function headersOf(preset: Preset, at: KeyPath, entry: StepEntry): RecipeStep['headers'] {
  const headers = Object.entries(entry.headers ?? {});
  for (const [name, value] of headers) {
    const path = [...at, 'headers', name];
    if (ours.test(name)) preset.keyMistake(path, `Header "${name}" is written by the gateway itself, delete it here`);
    if (entry.basic === true && name.toLowerCase() === 'authorization') {
      preset.keyMistake(path, `Header "${name}" is what basic: true sends, keep one`);
    }
    if (value.some((part) => typeof part === 'string' && !/^[\x20-\x7e]*$/.test(part))) {
      preset.mistake(path, `Header "${name}" must have printable ASCII characters only`);
    }
  }
  return headers;
}

function bodyOf(preset: Preset, at: KeyPath, entry: StepEntry): RecipeBody {
  const given = entry.form === undefined ? 'json' : 'form';
  if (entry.form !== undefined && entry.json !== undefined) {
    preset.keyMistake([...at, 'json'], 'Keys form and json stand together, keep one');
  }
  const [request, other] = methodsNamed<Template>(entry);
  if (entry[given] !== undefined && request !== undefined && other === undefined && request.key !== 'post') {
    preset.keyMistake([...at, given], `Request by ${request.method} carries no ${given}, write post: or delete the key`);
  }
  if (entry.form !== undefined) return { kind: 'form', fields: formFields(preset, [...at, 'form'], entry.form) };
  return entry.json === undefined ? { kind: 'none' } : { kind: 'json', members: Object.entries(entry.json) };
}

/** Numbers go as they are written: `01` and not 1. */
function formFields(preset: Preset, at: KeyPath, form: NonNullable<StepEntry['form']>): (readonly [string, Template])[] {
  return Object.entries(form).map(([name, value]) => [name, typeof value === 'object' ? value : [preset.written([...at, name])]]);
}

function takesOf(preset: Preset, at: KeyPath, entry: StepEntry): Take[] {
  return Object.entries(entry.take ?? {}).flatMap(([name, take]) => {
    const path = [...at, 'take', name];
    const found = recipeTakes(take);
    const [only, other] = found;
    if (only === undefined) {
      preset.mistake(
        path,
        `Value "${name}" is taken from nowhere, write field:, formAction:, cookie:, header:, json: or between:`,
      );
      return [];
    }
    if (other !== undefined) preset.mistake(path, `Value "${name}" is taken from ${listed(Object.keys(take), 'and')}, keep one`);
    return [{ name, at: preset.at(path), ...only }];
  });
}
