// Small builders for recipes and replies, so that a test shows only what it is about.

import type { EhrReply } from '../../../src/core/ehr/ehr-reply.ts';
import type { Recipe, RecipeStep, ReplyTest, Template } from '../../../src/core/ehr/recipe.ts';
import { pattern } from '../policy/build-policy.ts';

interface WrittenTest extends Partial<Omit<ReplyTest, 'paths' | 'location'>> {
  readonly paths?: readonly string[];
  readonly location?: string;
}

export function replyTest({ paths, location, ...more }: WrittenTest): ReplyTest {
  return {
    paths: paths?.map(pattern) ?? null,
    status: null,
    location: location === undefined ? null : pattern(location),
    body: [],
    bodyWithout: [],
    json: [],
    at: 'ours.yaml:1',
    ...more,
  };
}

/** `'/a?b={c}'` as a template. */
export function template(text: string): Template {
  const parts = text.split(/(\{\w+\})/).filter((part) => part !== '');
  return parts.map((part) => (/^\{\w+\}$/.test(part) ? { value: part.slice(1, -1) } : part));
}

export function step(method: RecipeStep['method'], target: string, more: Partial<RecipeStep> = {}): RecipeStep {
  return {
    method,
    target: template(target),
    headers: [],
    basic: false,
    body: { kind: 'none' },
    take: [],
    onlyWith: [],
    decides: false,
    at: `ours.yaml:${target}`,
    ...more,
  };
}

export function form(fields: Readonly<Record<string, string>>): RecipeStep['body'] {
  return { kind: 'form', fields: Object.entries(fields).map(([name, value]) => [name, template(value)] as const) };
}

export function recipe(steps: readonly RecipeStep[], more: Partial<Recipe> = {}): Recipe {
  return {
    asks: ['username', 'password'],
    values: new Map(),
    steps,
    failure: [replyTest({ body: ['wrong password'], at: 'ours.yaml:failure' })],
    success: [replyTest({ status: [302], location: '/app/home', at: 'ours.yaml:success' })],
    passwordChange: null,
    landing: { to: 'requested' },
    loggedOut: [],
    logout: { routes: [], request: null },
    ...more,
  };
}

export function reply(target: string, status: number, headers: readonly string[] = [], body = ''): EhrReply {
  return { target, status, headers, body };
}
