// Builds the request of one step of a recipe, or says why it cannot be sent: whatever a person, IT or the EHR itself put in
// as a value, it stays one request line and one header each. Messages never hold a value.

import type { RecipeBody, RecipeStep, Template } from './recipe.ts';
import { describeTemplate, encodeForm, encodeJson, fillTarget, fillTemplate } from './fill-template.ts';
import type { MissingValue } from './fill-template.ts';
import { cookiesFor } from './jar.ts';
import type { Jar } from './jar.ts';
import { isDots, splitQuery, withoutParameters } from './target-path.ts';

/** A request for the EHR. `headers` are name, value, name, value and complete but for Host, length and `basic`. */
export interface PlayRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly target: string;
  readonly headers: readonly string[];
  /** Sent as Basic (RFC 7617); null where the step does not. */
  readonly basic: { readonly username: string; readonly password: string } | null;
  readonly body: string | null;
}

export interface CannotSend {
  readonly why: string;
}

/** For a request line and for one header. */
const mostBytes = 8192;

type Values = ReadonlyMap<string, string>;

/** `now` is epoch milliseconds: cookies that are over stay behind. */
export function buildRequest(step: RecipeStep, values: Values, jar: Jar, now: number): PlayRequest | CannotSend {
  const target = fillTarget(step.target, values);
  if (typeof target !== 'string') return missing(target);
  const wrong = judgeTarget(target);
  if (wrong !== null)
    return { why: `The address ${JSON.stringify(describeTemplate(step.target))} ${wrong} once it is filled in` };
  const headers = buildHeaders(step, values);
  if ('why' in headers) return headers;
  const basic = step.basic ? buildBasic(values) : null;
  if (basic !== null && 'why' in basic) return basic;
  const body = buildBody(step.body, values);
  if (body !== null && typeof body !== 'string') return body;
  const cookie = cookiesFor(jar, target, now);
  const sent = cookie === null ? headers : [...headers, 'cookie', cookie];
  return { method: step.method, target, headers: sent, basic, body };
}

/** What is wrong with it, as the end of a sentence; null where nothing is. */
function judgeTarget(target: string): string | null {
  if (!/^\/(?!\/)/.test(target)) return 'does not begin with one slash';
  if (/[^\x21-\x7e]|[\\#]/.test(target)) return 'holds a character that no request line may hold';
  if (target.length > mostBytes) return `has ${target.length} bytes, and ${mostBytes} are accepted,`;
  const [path] = splitQuery(withoutParameters(target));
  return path.split('/').some(isDots) ? 'holds a dot segment' : null;
}

const contentTypes: Readonly<Record<RecipeBody['kind'], string | null>> = {
  none: null,
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
};

function buildHeaders({ headers, body }: RecipeStep, values: Values): readonly string[] | CannotSend {
  const filled = fillAll(headers, values);
  if ('why' in filled) return filled;
  // Whatever else stands in one would end it, and begin another.
  const wrong = filled.find(([, value]) => !/^[\x20-\x7e]*$/.test(value) || value.length > mostBytes);
  if (wrong) return { why: `Header "${wrong[0]}" is too long, or holds what is no printable ASCII, once it is filled in` };
  const type = contentTypes[body.kind];
  const isSaid = filled.some(([name]) => name.toLowerCase() === 'content-type');
  return type === null || isSaid ? filled.flat() : [...filled.flat(), 'content-type', type];
}

function buildBasic(values: Values): { readonly username: string; readonly password: string } | CannotSend {
  const username = values.get('username');
  const password = values.get('password');
  if (username === undefined) return missing({ missing: 'username' });
  return password === undefined ? missing({ missing: 'password' }) : { username, password };
}

function buildBody(body: RecipeBody, values: Values): string | null | CannotSend {
  if (body.kind === 'none') return null;
  const filled = fillAll(body.kind === 'form' ? body.fields : body.members, values);
  if ('why' in filled) return filled;
  return body.kind === 'form' ? encodeForm(filled) : encodeJson(filled);
}

function fillAll(
  templates: readonly (readonly [name: string, value: Template])[],
  values: Values,
): readonly (readonly [string, string])[] | CannotSend {
  const filled: (readonly [string, string])[] = [];
  for (const [name, template] of templates) {
    const value = fillTemplate(template, values);
    if (typeof value !== 'string') return missing(value);
    filled.push([name, value]);
  }
  return filled;
}

function missing(value: MissingValue): CannotSend {
  return { why: `Value "${value.missing}" is not known; set it under "signOnValues", or take it in an earlier step` };
}
