// What the doctor shows of one step that was played: enough to see where a recipe went wrong, and never a password, a token
// or a session.

import { fillTarget, isWhole } from './fill-template.ts';
import { headerOf } from '../raw-headers.ts';
import type { EhrReply } from './ehr-reply.ts';
import { locationOf } from './judge-reply.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { splitQuery, withoutParameters } from './target-path.ts';

export interface PlayedStep {
  /** `openemr.yaml:31` */
  readonly at: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The request line as sent, with `***` for every value that may be a secret. */
  readonly target: string;
  readonly status: number;
  /** Where the reply leads, masked alike; the bare address where that is no place on this EHR. Null without a Location. */
  readonly location: string | null;
  /** Place of the test that decided here; null where none did. */
  readonly decidedBy: string | null;
}

const mask = '***';

/** Another host's address is shown to this many characters. */
const mostForeign = 200;

/** What a play knows; `values` are those that the request was filled with. */
interface Known {
  readonly recipe: Recipe;
  readonly origins: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

export function playedStep(known: Known, step: RecipeStep, reply: EhrReply, decidedBy: string | null): PlayedStep {
  const target = shownTarget(known, step, reply);
  const location = shownLocation(reply, known.origins);
  return { at: step.at, method: step.method, target, status: reply.status, location, decidedBy };
}

/** Only what IT sets, such as the site, is shown; an address that the EHR gave, without what it carries. */
function shownTarget({ recipe, values }: Known, step: RecipeStep, { target }: EhrReply): string {
  if (isWhole(step.target)) return withoutSecrets(target);
  const shown = new Map([...values].map(([name, value]) => [name, recipe.values.has(name) ? value : mask]));
  const filled = fillTarget(step.target, shown);
  return typeof filled === 'string' ? filled : withoutSecrets(target);
}

function shownLocation(reply: EhrReply, origins: readonly string[]): string | null {
  const given = headerOf(reply.headers, 'location');
  if (given === null) return null;
  const local = locationOf(reply, origins);
  if (local !== null) return withoutSecrets(local);
  return given.replace(/[?#;].*$/s, '').replaceAll(/[^\x20-\x7e]/g, '?').slice(0, mostForeign); // prettier-ignore
}

function withoutSecrets(line: string): string {
  const [path, query] = splitQuery(withoutParameters(line));
  return path + query.replaceAll(/=[^&]*/g, `=${mask}`);
}
