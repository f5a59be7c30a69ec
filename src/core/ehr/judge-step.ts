// Judges the reply to one step of a recipe, up to the one that decides. What was not told to be success is none, and a page
// that nobody foresaw is told as what it says.

import { cutAtWord } from './cut-at-word.ts';
import type { EhrReply } from './ehr-reply.ts';
import type { Jar } from './jar.ts';
import { judgeReply, locationOf } from './judge-reply.ts';
import { maskSecrets } from './mask-secrets.ts';
import { pageText } from './page-text.ts';
import type { Recipe, RecipeStep, Take } from './recipe.ts';
import { withoutParameters } from './target-path.ts';

/** How a sign-on ended. `by` and `at` are places in the preset (`openemr.yaml:31`). */
export type Verdict =
  /** `location`: where the deciding reply leads, without path parameters; null where nowhere on this EHR. */
  | { readonly kind: 'signed-on'; readonly by: string; readonly location: string | null; readonly jar: Jar }
  | { readonly kind: 'refused'; readonly by: string }
  /** `page` is the request line of the page where the EHR takes a new password. */
  | { readonly kind: 'password-change'; readonly by: string; readonly page: string; readonly jar: Jar }
  /** Neither success nor failure: a facility to choose, an EHR that is down. `told` is the text of its page. */
  | { readonly kind: 'unrecognised'; readonly at: string; readonly status: number; readonly told: string }
  /** The recipe does not fit: a value is missing, or the EHR's page holds no such field. */
  | { readonly kind: 'broken'; readonly at: string; readonly why: string };

/** Characters of an EHR's page that a person is shown. */
const mostTold = 600;

/** A shorter secret would mask half of what is told. */
const fewestMasked = 4;

/** What a play knows. */
interface Known {
  readonly recipe: Recipe;
  readonly origins: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

/** Null where the next step is to be played. `lacks` is what the reply should hold and does not. */
export function judgeStep(known: Known, step: RecipeStep, reply: EhrReply, jar: Jar, lacks: Take | null): Verdict | null {
  const { recipe, origins } = known;
  const change = judgeReply(recipe.passwordChange?.tests ?? [], reply, origins);
  if (change !== null) {
    const page = recipe.passwordChange?.page ?? landingOf(reply, origins) ?? ownPage(reply.target) ?? '/';
    return { kind: 'password-change', by: change.at, page, jar };
  }
  const failure = judgeReply(recipe.failure, reply, origins);
  if (failure !== null) return { kind: 'refused', by: failure.at };
  if (!step.decides) return lacks === null ? null : lacking(known, step, reply, lacks);
  const success = judgeReply(recipe.success, reply, origins);
  if (success === null) return unrecognised(known, step, reply);
  return { kind: 'signed-on', by: success.at, location: landingOf(reply, origins), jar };
}

/**
 * Where the reply leads, as a browser may be sent there: the gateway takes no path parameters, and a session of the EHR may
 * stand in one. Null where nowhere on this EHR.
 */
export function landingOf(reply: EhrReply, origins: readonly string[]): string | null {
  const location = locationOf(reply, origins);
  return location === null ? null : ownPage(location);
}

/** Without path parameters; null where two slashes would then stand at the beginning, which name a host to a browser. */
function ownPage(line: string): string | null {
  const page = withoutParameters(line);
  return /^\/(?![/\\])/.test(page) ? page : null;
}

/** A page that is not as the recipe has it: an error of the EHR is told as it is, everything else is the recipe's. */
function lacking(known: Known, step: RecipeStep, reply: EhrReply, { name, at }: Take): Verdict {
  if (reply.status >= 400) return unrecognised(known, step, reply);
  return { kind: 'broken', at, why: `The reply, with status ${reply.status}, does not hold what "${name}" is taken from` };
}

function unrecognised({ recipe, values }: Known, { at }: RecipeStep, { status, body }: EhrReply): Verdict {
  const names = ['password', ...recipe.asks].filter((name) => name !== 'username');
  const secrets = names.map((name) => values.get(name) ?? '').filter((secret) => secret.length >= fewestMasked);
  // Error pages for developers show what was sent.
  const told = maskSecrets(pageText(body, body.length), secrets, '***');
  return { kind: 'unrecognised', at, status, told: cutAtWord(told, mostTold) };
}
