// Decides a recorded request again under other rules. What the record leaves open is tried in every way that the rules then
// in force would have decided as they did; where the ways differ, the answer is that nobody can tell.

import type { ApplicationSettings } from '../../config/settings.ts';
import { ownApplication } from '../../config/application-settings.ts';
import { methods } from '../../config/schema-parts.ts';
import { askRecorded, recordedTarget } from './ask-recorded.ts';
import type { AskedAgain, Verdict } from './ask-recorded.ts';
import { guessesFor } from './guesses.ts';
import type { Guess, UnknownKind } from './guesses.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { carryRoles } from './rulebook.ts';
import type { Rulebook } from './rulebook.ts';

export type Undecided = UnknownKind | 'too-many-fields' | 'application' | 'target';

/** `old` is the verdict of the rules then in force, where they are still known. */
export type DecidedAgain =
  | { readonly decided: true; readonly verdict: Verdict; readonly old: Verdict | null }
  | { readonly decided: false; readonly why: Undecided };

export interface DecideNeeds {
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  /** Names of the zones an address lies in. */
  readonly zones: (address: string) => readonly string[];
  /** In the clinic's time zone. */
  readonly localTime: (at: number) => { readonly weekday: number; readonly minute: number };
}

const consolePrefix = '/.wardgate/console';

/** `old` is null where the rules of that time are not known any more. */
export function decideAgain(needs: DecideNeeds, next: Rulebook, old: Rulebook | null, request: RecordedRequest): DecidedAgain {
  const settings = needs.applications.get(request.application);
  const method = methods.find((name) => name === request.method);
  if (settings === undefined || method === undefined) return { decided: false, why: 'application' };
  const target = recordedTarget(request.target, settings);
  if (target === null) return { decided: false, why: 'target' };
  const { path } = target;
  const roles = carryRoles(request.roles, old?.policy ?? null, next.policy);
  const asked: AskedAgain = {
    application: path === consolePrefix || path.startsWith(`${consolePrefix}/`) ? ownApplication : settings.name,
    settings,
    method,
    target,
    webSocket: request.webSocket,
    person: {
      roles: request.roles,
      zones: needs.zones(request.address),
      ...needs.localTime(request.at),
      grantOpen: request.grantOpen,
    },
  };
  const guesses = guessesFor(old === null ? [next] : [next, old], {
    ...asked,
    dialect: settings.parameters,
    roles: [...request.roles, ...roles.certain],
    hadBody: request.hadBody,
    passed: request.before !== 'refused',
    rolesAreCertain: roles.perhaps.length === 0,
  });
  if (guesses === null) return { decided: false, why: 'too-many-fields' };
  const likely = old === null ? guesses.all : consistent(guesses.all, old, asked, request);
  const verdicts = likely.map((guess) => {
    const held = guess.widestRoles ? [...roles.certain, ...roles.perhaps] : roles.certain;
    return askRecorded(next, { ...asked, person: { ...asked.person, roles: held } }, guess);
  });
  const [first] = verdicts;
  const [why] = guesses.unknown;
  if (first === undefined || verdicts.some(({ allow }) => allow !== first.allow)) return { decided: false, why: why ?? 'form' };
  const [likeliest] = likely;
  return { decided: true, verdict: first, old: old === null || !likeliest ? null : askRecorded(old, asked, likeliest) };
}

/** The guesses under which the rules of that time decide as they did; all of them where none does. */
function consistent(guesses: readonly Guess[], old: Rulebook, asked: AskedAgain, request: RecordedRequest): readonly Guess[] {
  if (guesses.length === 1) return guesses;
  const fitting = guesses.filter((guess) => {
    const verdict = askRecorded(old, asked, guess);
    return verdict.allow === (request.before === 'allowed') && verdict.rule === request.rule;
  });
  return fitting.length === 0 ? guesses : fitting;
}
