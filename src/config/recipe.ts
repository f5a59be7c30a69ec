// Puts together the recipe of a preset: how people are signed on to its EHR, below the root that the application has.

import type { Recipe, ReplyTest } from '../core/ehr/recipe.ts';
import { didYouMean } from './did-you-mean.ts';
import { pathsOf, requestLineOf } from './preset-paths.ts';
import type { Preset } from './presets.ts';
import type { LogoutEntry, SignOnRecipeEntry } from './recipe-schema.ts';
import { recipeSteps, stepAt } from './recipe-steps.ts';
import { checkValues, valuesIn } from './recipe-values.ts';
import { replyTests } from './reply-tests.ts';
import { methodsNamed } from './request-line.ts';
import { conditions } from './routes.ts';
import { testCovers } from './test-covers.ts';
import type { KeyPath } from './yaml-source.ts';

/** The recipe, or null where the preset has none. Mistakes are reported; what holds one may be used by nobody. */
export function recipeOf(preset: Preset, root: string): Recipe | null {
  const entry = preset.value.signOn;
  if (entry === undefined || entry.by === 'basic') {
    warnWithoutRecipe(preset, entry);
    return null;
  }
  for (const key of ['steps', 'success', 'failure'] as const) {
    if ((entry[key] ?? []).length === 0) preset.mistake(['signOn', key], `Recipe has no ${key}; ${missing[key]}`);
  }
  checkValues(preset, entry);
  const steps = recipeSteps(preset, entry.steps ?? [], root);
  checkPassword(preset, steps);
  const success = replyTests(preset, ['signOn', 'success'], entry.success, root);
  const failure = replyTests(preset, ['signOn', 'failure'], entry.failure, root);
  checkSuccess(preset, success, failure);
  return {
    asks: ['username', 'password', ...(entry.asks ?? [])],
    values: valuesOf(preset, entry),
    steps,
    failure,
    success,
    passwordChange: passwordChangeOf(preset, entry, root),
    landing: landingOf(preset, entry.landing, success, root),
    loggedOut: replyTests(preset, ['loggedOut'], preset.value.loggedOut, root),
    logout: logoutOf(preset, preset.value.logout, root),
  };
}

const missing = {
  steps: 'write what is sent to the EHR, such as steps: [{ post: /login, form: { … } }]',
  success: 'without them nobody could be signed on',
  failure: 'without them a wrong password could not be told from a change of the EHR',
};

function warnWithoutRecipe(preset: Preset, entry: SignOnRecipeEntry | undefined): void {
  for (const key of Object.keys(entry ?? {})) {
    if (key !== 'by') preset.keyMistake(['signOn', key], `Key "${key}" belongs to by: recipe, and basic takes no further key`);
  }
  for (const key of ['loggedOut', 'logout'] as const) {
    if (preset.value[key] === undefined) continue;
    preset.keyWarning([key], `Key "${key}" changes nothing without signOn: { by: recipe, … }`);
  }
}

function valuesOf(preset: Preset, entry: SignOnRecipeEntry): Map<string, string | null> {
  return new Map(
    Object.entries(entry.values ?? {}).map(([name, value]) => {
      if (value === null || typeof value === 'string') return [name, value];
      return [name, preset.written(['signOn', 'values', name])];
    }),
  );
}

/** A recipe that sends no password would sign on whoever types a name; one in an address ends in logs. */
function checkPassword(preset: Preset, steps: Recipe['steps']): void {
  const deciding = steps.findIndex(({ decides }) => decides);
  const sends = steps.slice(0, deciding + 1).some((step) => step.basic || valuesIn(step).includes('password'));
  if (!sends && steps.length > 0) {
    preset.mistake(['signOn', 'steps'], 'Recipe sends no password before it decides; write {password} or basic: true');
  }
  for (const [index, { target }] of steps.entries()) {
    if (!target.some((part) => typeof part === 'object' && part.value === 'password')) continue;
    preset.warning(stepAt(preset, index), 'Password stands in the address, which servers write into their logs');
  }
}

/** Failure is looked at first, so a success that it takes as well is never seen. */
function checkSuccess(preset: Preset, success: readonly ReplyTest[], failure: readonly ReplyTest[]): void {
  for (const [index, test] of success.entries()) {
    const taker = failure.find((wider) => testCovers(wider, test));
    if (taker === undefined) continue;
    const message = `Success is never seen: the failure test ${taker.at} is looked at first and takes the same replies`;
    preset.mistake(preset.entry(['signOn', 'success'], index), message);
  }
}

function passwordChangeOf(preset: Preset, entry: SignOnRecipeEntry, root: string): Recipe['passwordChange'] {
  const given = entry.passwordChange;
  if (given === undefined) return null;
  const at: KeyPath = ['signOn', 'passwordChange'];
  const tests = replyTests(preset, [...at, 'tests'], given.tests, root);
  if (tests.length === 0) preset.mistake([...at, 'tests'], 'List of tests is empty, so no new password would ever be asked for');
  const byLocation = given.page === 'location';
  if (byLocation) warnWithoutLocation(preset, [...at, 'page'], tests, 'test of passwordChange');
  return {
    tests,
    page: byLocation ? null : requestLineOf(preset, [...at, 'page'], given.page, root),
    open: pathsOf(preset, [...at, 'open'], given.open, root),
  };
}

function landingOf(preset: Preset, text: string | undefined, success: readonly ReplyTest[], root: string): Recipe['landing'] {
  const at: KeyPath = ['signOn', 'landing'];
  if (text === undefined || text === 'requested') return { to: 'requested' };
  if (text === 'location') {
    warnWithoutLocation(preset, at, success, 'success test');
    return { to: 'location' };
  }
  if (text.startsWith('/')) return { to: 'path', path: requestLineOf(preset, at, text, root) };
  const words = ['location', 'requested'];
  preset.mistake(at, `Landing "${text}" must be requested, location or a path that begins with "/"`, didYouMean(text, words));
  return { to: 'requested' };
}

function warnWithoutLocation(preset: Preset, at: KeyPath, tests: readonly ReplyTest[], which: string): void {
  if (tests.length === 0 || tests.some(({ location }) => location !== null)) return;
  preset.warning(at, `No ${which} looks for a Location, so the reply may lead nowhere; write location: there or a path here`);
}

function logoutOf(preset: Preset, entry: LogoutEntry | undefined, root: string): Recipe['logout'] {
  const routes = (entry?.paths ?? []).flatMap((given, index) => {
    const at = preset.entry(['logout', 'paths'], index);
    const group = typeof given === 'string' ? { paths: [given] } : given;
    const pathsAt = typeof given === 'string' ? at : [...at, 'paths'];
    const methods = 'methods' in group ? (group.methods ?? null) : null;
    const query = conditions(preset, [...at, 'query'], 'query' in group ? group.query : undefined);
    return pathsOf(preset, pathsAt, group.paths, root).map((pattern) => ({ pattern, methods, query }));
  });
  if (entry?.request === undefined) return { routes, request: null };
  const at: KeyPath = ['logout', 'request'];
  const [request, other] = methodsNamed<string>(entry.request);
  if (other !== undefined) preset.mistake([...at, other.key], `Keys ${request?.key} and ${other.key} stand together, keep one`);
  if (request === undefined) {
    preset.mistake(at, 'Logout names no request, write get:, post: or delete: with the path');
    return { routes, request: null };
  }
  return {
    routes,
    request: { method: request.method, target: requestLineOf(preset, [...at, request.key], request.target, root) },
  };
}
