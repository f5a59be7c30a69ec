// What a person may see of one request of a sign-on and of its reply: enough to find where a recipe went wrong. A password,
// a cookie, a token or anything else that was taken from the EHR is never shown, at most how long it is.

import { describeTemplate } from '../../core/ehr/fill-template.ts';
import { headerOf, headersOf } from '../../core/raw-headers.ts';
import type { PlayedStep } from '../../core/ehr/play-recipe.ts';
import type { Recipe, RecipeStep, Template } from '../../core/ehr/recipe.ts';
import { splitQuery, withoutParameters } from '../../core/ehr/target-path.ts';
import { valuesOf } from '../../config/template.ts';
import { plainText } from '../plain-text.ts';
import type { Exchange } from './recorded-client.ts';

/** Everything is plain text, fit for a terminal. */
export interface ShownStep {
  /** `openemr.yaml:31`; null for a request that no recipe wrote. */
  readonly at: string | null;
  readonly method: string;
  readonly target: string;
  /** `name: value` */
  readonly headers: readonly string[];
  /** `name=value` */
  readonly body: readonly string[];
  readonly milliseconds: number;
  /** Null where no reply came. */
  readonly came: ShownReply | null;
  /** Place of the test that decided here; null where none did. */
  readonly decidedBy: string | null;
}

export interface ShownReply {
  readonly status: number;
  readonly location: string | null;
  readonly contentType: string | null;
  /** Of the body as far as it was read, which is 64 KB. */
  readonly bytes: number;
  /** Names of the cookies it set, in order; a name may stand there twice. */
  readonly cookies: readonly string[];
  /** `name (41 characters)`, what later steps use. */
  readonly took: readonly string[];
}

/** What was played, as far as it is known where the EHR gave up on the way. */
export interface Known {
  readonly recipe: Recipe;
  readonly values: ReadonlyMap<string, string>;
}

const star = '***';
const mostShown = 300;

/** A step of the recipe; `played` is null where its reply never came. */
export function shownStep(known: Known, step: RecipeStep, exchange: Exchange, played: PlayedStep | null): ShownStep {
  const { sent, reply, milliseconds } = exchange;
  const came =
    reply === null
      ? null
      : shownReply(
          exchange,
          played?.location ?? null,
          step.take.map(({ name }) => tookOf(known, name)),
        );
  return {
    at: step.at,
    method: sent.method,
    target: plainText(played?.target ?? describeTemplate(step.target), mostShown),
    headers: shownHeaders(known, step, sent.headers),
    body: shownBody(known, step, sent.body),
    milliseconds,
    came,
    decidedBy: played?.decidedBy ?? null,
  };
}

/** A request whose address somebody wrote as it is, such as a logout: its cookies and its authorization are the secrets. */
export function shownRequest(exchange: Exchange, decidedBy: string | null): ShownStep {
  const { sent, reply, milliseconds } = exchange;
  const location = reply === null ? null : headerOf(reply.headers, 'location');
  const headers = sent.headers.flatMap((name, at) =>
    at % 2 === 1 ? [] : [`${name}: ${secretHeader(name, sent.headers[at + 1] ?? '') ?? star}`],
  );
  return {
    at: null,
    method: sent.method,
    target: plainText(sent.target, mostShown),
    headers: headers.map((one) => plainText(one, mostShown)),
    body: [],
    milliseconds,
    came: reply === null ? null : shownReply(exchange, location === null ? null : withoutSecrets(location), []),
    decidedBy,
  };
}

function shownReply({ reply }: Exchange, location: string | null, took: readonly string[]): ShownReply {
  const headers = reply?.headers ?? [];
  const type = headerOf(headers, 'content-type');
  return {
    status: reply?.status ?? 0,
    location: location === null ? null : plainText(location, mostShown),
    contentType: type === null ? null : plainText(type, mostShown),
    bytes: Buffer.byteLength(reply?.body ?? ''),
    cookies: headersOf(headers, 'set-cookie').map((one) => plainText(one.replace(/[=;].*$/s, '').trim(), mostShown)),
    took,
  };
}

/** Cookies by name, and the scheme of an authorization; null for any other header. */
function secretHeader(name: string, value: string): string | null {
  switch (name.toLowerCase()) {
    case 'cookie':
      return value.replaceAll(/=[^;]*/g, `=${star}`);
    case 'authorization':
      return `${value.split(' ', 1).join('')} ${star}`;
    default:
      return null;
  }
}

function shownHeaders(known: Known, { headers }: RecipeStep, sent: readonly string[]): readonly string[] {
  const written = new Map(headers.map(([name, template]) => [name.toLowerCase(), template]));
  return sent.flatMap((name, at) => {
    if (at % 2 === 1) return [];
    const value = sent[at + 1] ?? '';
    const template = written.get(name.toLowerCase());
    const shown = secretHeader(name, value) ?? (template === undefined ? value : shownValue(known, template, value));
    return [plainText(`${name}: ${shown}`, mostShown)];
  });
}

function shownBody(known: Known, { body }: RecipeStep, sent: string | null): readonly string[] {
  if (body.kind === 'none' || sent === null) return [];
  const written = body.kind === 'form' ? body.fields : body.members;
  const values = body.kind === 'form' ? [...new URLSearchParams(sent).values()] : membersOf(sent);
  return written.map(([name, template], at) => plainText(`${name}=${shownValue(known, template, values[at] ?? '')}`, mostShown));
}

/** Values in the order of the object; names of digits would stand first in an object of JavaScript. */
function membersOf(json: string): readonly string[] {
  const texts = json.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return texts.filter((_, at) => at % 2 === 1).map((text) => String(JSON.parse(text)));
}

/** What IT wrote and the name of the account are shown; what the EHR gave is as long as it is; the rest is a secret. */
function shownValue({ recipe }: Known, template: Template, sent: string): string {
  const names = valuesOf(template);
  const isSecret = names.some((name) => name !== 'username' && recipe.asks.includes(name));
  if (isSecret) return star;
  const isTaken = names.some((name) => name !== 'username' && name !== 'name' && !recipe.values.has(name));
  return isTaken ? `${star} (${sent.length} characters)` : sent;
}

function tookOf({ values }: Known, name: string): string {
  const value = values.get(name);
  return value === undefined ? name : `${name} (${value.length} characters)`;
}

function withoutSecrets(line: string): string {
  const [path, query] = splitQuery(withoutParameters(line.replace(/#.*$/s, '')));
  return path + query.replaceAll(/=[^&]*/g, `=${star}`);
}
