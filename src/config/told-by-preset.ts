// Puts together what an application's preset says beyond names and dialects, and what IT says over it: the root, the way
// people are signed on, the cookies that stay with the gateway and what the EHR's scripts are told in the end.

import type { CookieClasses, Recipe } from '../core/ehr/recipe.ts';
import type { ChosenPreset } from './chosen-preset.ts';
import { cookieClassesOf, seedValues, withSessionCookie } from './cookie-classes.ts';
import { expiredRepliesOf } from './expired-replies.ts';
import type { ApplicationEntry } from './application-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Preset } from './presets.ts';
import type { Reading } from './reading.ts';
import { recipeOf } from './recipe.ts';
import type { ApplicationSettings, SignOnSettings } from './settings.ts';
import { signOnSettings } from './sign-on-settings.ts';
import { keepWarmOf, lockedRepliesOf } from './while-locked.ts';
import type { KeyPath } from './yaml-source.ts';

type Gateway = Reading<GatewayFile>;

export type ToldByPreset = Required<
  Pick<ApplicationSettings, 'root' | 'signOn' | 'cookies' | 'expired' | 'whileLocked' | 'keepWarm'>
>;

/** `at` is the application's place. */
export async function toldByPreset(
  reading: Gateway,
  at: KeyPath,
  entry: ApplicationEntry,
  chosen: ChosenPreset | null,
): Promise<ToldByPreset> {
  if (entry.root !== undefined && entry.preset === undefined) {
    reading.keyMistake([...at, 'root'], 'Key root stands before the paths of a preset, and none is named here');
  }
  const preset = chosen?.sound === true ? chosen.preset : null;
  const root = entry.root ?? chosen?.preset.value.root ?? '';
  const { mistakes } = reading.findings;
  const before = mistakes.length;
  const recipe = preset === null ? null : recipeOf(preset, root);
  const ofPreset = preset === null ? null : cookiesOfPreset(preset, recipe);
  // What follows from a mistake in the preset is not told as another one here.
  const unknown = mistakes.length > before || (preset === null && entry.preset !== undefined);
  const signOn = await signOnSettings(reading, at, entry, unknown ? undefined : recipe);
  return {
    root,
    signOn,
    cookies: cookiesOf(reading, at, entry, { ofPreset, signOn, sessionCookie: sessionCookieOf(entry, chosen) }),
    expired: preset === null ? [] : expiredRepliesOf(preset, root),
    whileLocked: preset === null ? [] : lockedRepliesOf(preset, root),
    keepWarm: preset === null ? null : keepWarmOf(preset, root),
  };
}

function cookiesOfPreset(preset: Preset, recipe: Recipe | null): CookieClasses | null {
  const { cookies } = preset.value;
  return cookies === undefined ? null : cookieClassesOf(preset, ['cookies'], cookies, recipe && seedValues(recipe));
}

/** The cookie that names the EHR's session; null where it is not known or there is none. */
function sessionCookieOf(entry: ApplicationEntry, chosen: ChosenPreset | null): string | null {
  const name = entry.sessionCookie ?? chosen?.preset.value.sessionCookie ?? 'none';
  return name === 'none' ? null : name;
}

interface CookieGround {
  readonly ofPreset: CookieClasses | null;
  readonly signOn: SignOnSettings;
  readonly sessionCookie: string | null;
}

/** Where people log in by themselves, the preset's classes are left out: their browsers keep what the EHR sets. */
function cookiesOf(
  reading: Gateway,
  at: KeyPath,
  entry: ApplicationEntry,
  { ofPreset, signOn, sessionCookie }: CookieGround,
): CookieClasses | null {
  const path = [...at, 'cookies'];
  const recipe: Recipe | null = signOn.by === 'recipe' ? signOn.recipe : null;
  const own = entry.cookies === undefined ? null : cookieClassesOf(reading, path, entry.cookies, recipe && seedValues(recipe));
  const classes = own ?? (signOn.by === 'none' ? null : ofPreset);
  if (recipe === null) return classes;
  if (sessionCookie !== null && classes?.passthrough.includes(sessionCookie) === true) {
    const message = `Cookie "${sessionCookie}" names the session that the gateway opens, so it cannot stand under passthrough`;
    reading.mistake(own === null ? at : path, message);
  }
  return withSessionCookie(classes ?? { jar: [], passthrough: [], seed: [] }, sessionCookie);
}
