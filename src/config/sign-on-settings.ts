// Says how people are signed on to one EHR: what IT chose in gateway.yaml, by the recipe of the preset where it has one
// and by Basic where it has none. Secrets come from files and variables only.

import type { Recipe } from '../core/ehr/recipe.ts';
import { unreachable } from '../core/unreachable.ts';
import type { ApplicationEntry } from './application-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import { checkHeaderName } from './header-names.ts';
import type { Reading } from './reading.ts';
import { firstNeedOf } from './recipe-values.ts';
import type { RecipeAccount, SignOnSettings } from './settings.ts';
import { checkSignOnValues, signOnValues } from './sign-on-values.ts';
import type { KeyPath } from './yaml-source.ts';

type Gateway = Reading<GatewayFile>;
type Chosen = Exclude<NonNullable<ApplicationEntry['signOn']>, string>;

/** `at` is the application's place; `recipe` that of its preset, undefined where mistakes in the preset hide it. */
export async function signOnSettings(
  reading: Gateway,
  at: KeyPath,
  entry: ApplicationEntry,
  recipe: Recipe | null | undefined,
): Promise<SignOnSettings> {
  const path = [...at, 'signOn'];
  checkSignOnValues(reading, [...at, 'signOnValues'], entry.signOnValues, recipe);
  if (entry.signOn === undefined) warnOfChoice(reading, at, entry, recipe);
  if (entry.signOn === undefined || entry.signOn === 'none') return { by: 'none' };
  if (entry.signOn !== 'own-password' && entry.signOn.header !== undefined) {
    checkAlone(reading, path, entry.signOn, 'header');
    checkHeaderName(reading, [...path, 'header'], entry.signOn.header);
    return { by: 'header', name: entry.signOn.header };
  }
  const account: RecipeAccount = entry.signOn === 'own-password' ? { of: 'own' } : await accountOf(reading, path, entry.signOn);
  const basic = recipe?.steps.some((step) => step.basic) ?? true;
  if (basic) checkBasicNames(reading, path, account);
  if (recipe === undefined || recipe === null) return byBasic(account);
  if (account.of !== 'own') checkAsks(reading, path, recipe);
  const values = signOnValues(reading, [...at, 'signOnValues'], entry.signOnValues, recipe);
  return { by: 'recipe', recipe, values, account };
}

function warnOfChoice(reading: Gateway, at: KeyPath, entry: ApplicationEntry, recipe: Recipe | null | undefined): void {
  if (recipe === undefined || recipe === null) return;
  const choice = 'write signOn: own-password, { account: … }, { roles: … }, or none where that is meant';
  reading.warning(
    at,
    `Preset "${entry.preset}" can sign people on, and nothing says how, so they log in by themselves; ${choice}`,
  );
}

function byBasic(account: RecipeAccount): SignOnSettings {
  switch (account.of) {
    case 'own':
      return { by: 'basic-own-password' };
    case 'everyone':
      return { by: 'basic-account', account: account.account, password: account.password };
    case 'role':
      return { by: 'basic-roles', roles: account.roles };
    default:
      return unreachable(account);
  }
}

async function accountOf(reading: Gateway, path: KeyPath, chosen: Chosen): Promise<RecipeAccount> {
  if (chosen.roles === undefined) {
    if (chosen.account === undefined && !hasLiteral(reading, path)) {
      reading.mistake(path, 'Sign-on says nothing, write header:, account: or roles:');
    }
    return { of: 'everyone', ...(await oneAccount(reading, path, { ...chosen, account: chosen.account ?? '' })) };
  }
  checkAlone(reading, path, chosen, 'roles');
  const roles = new Map<string, Account>();
  for (const [role, entry] of Object.entries(chosen.roles)) {
    roles.set(role, await oneAccount(reading, [...path, 'roles', role], entry));
  }
  if (Object.keys(reading.original([...path, 'roles']) ?? {}).length === 0)
    reading.mistake([...path, 'roles'], 'No role is named, so nobody would be signed on');
  return { of: 'role', roles };
}

interface Account {
  readonly account: string;
  readonly password: string;
}

async function oneAccount(
  reading: Gateway,
  path: KeyPath,
  entry: { readonly account: string; readonly passwordFile?: string | undefined; readonly passwordEnv?: string | undefined },
): Promise<Account> {
  const password = await reading.secret(path, 'password', { file: entry.passwordFile, env: entry.passwordEnv });
  if (password === null && entry.account !== '' && !hasLiteral(reading, path)) {
    reading.mistake(path, `Account "${entry.account}" has no password, write passwordFile: /run/secrets/… or passwordEnv: NAME`);
  }
  return { account: entry.account, password: password ?? '' };
}

/** True where a password stands there in some way, which has been told of if it is wrong. */
function hasLiteral(reading: Gateway, path: KeyPath): boolean {
  return ['password', 'passwordFile', 'passwordEnv'].some((key) => reading.original([...path, key]) !== undefined);
}

/** The ways exclude each other. */
function checkAlone(reading: Gateway, path: KeyPath, chosen: Chosen, key: 'header' | 'roles'): void {
  const other = Object.keys(chosen).find((name) => name !== key);
  if (other !== undefined)
    reading.keyMistake([...path, other], `Keys ${key} and ${other} stand together, keep one way to sign on`);
}

function checkBasicNames(reading: Gateway, path: KeyPath, account: RecipeAccount): void {
  const named: readonly (readonly [KeyPath, string])[] =
    account.of === 'own'
      ? []
      : account.of === 'everyone'
        ? [[[...path, 'account'], account.account]]
        : [...account.roles].map(([role, one]) => [[...path, 'roles', role, 'account'], one.account]);
  for (const [at, name] of named) {
    if (name.includes(':')) reading.mistake(at, `Account "${name}" must not contain ":" (RFC 7617)`);
  }
}

/** What people are asked beyond name and password, no account of the configuration holds. */
function checkAsks(reading: Gateway, path: KeyPath, recipe: Recipe): void {
  for (const name of recipe.asks) {
    const need = name === 'username' || name === 'password' ? undefined : firstNeedOf(recipe, name);
    if (need === undefined) continue;
    reading.mistake(path, `Preset asks for "${name}" at every sign-on (${need.at}), which no account has; write own-password`);
  }
}
