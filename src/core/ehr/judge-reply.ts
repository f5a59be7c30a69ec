// Tells what a reply of the EHR means, by the tests of a recipe: literal texts and segment patterns alone. Never asks the
// EHR again.

import { headerOf } from '../raw-headers.ts';
import type { EhrReply } from './ehr-reply.ts';
import { jsonAt } from './json-pointer.ts';
import type { ReplyTest } from './recipe.ts';
import { resolveLocation } from './resolve-location.ts';
import { matchesPath } from './target-path.ts';

/** The first test that holds, or null. `origins` are the names of the EHR in a Location. */
export function judgeReply(tests: readonly ReplyTest[], reply: EhrReply, origins: readonly string[]): ReplyTest | null {
  return tests.find((test) => holds(test, reply, origins)) ?? null;
}

/** Whether the body must be read to judge. */
export function looksAtBody({ body, bodyWithout, json }: ReplyTest): boolean {
  return body.length > 0 || bodyWithout.length > 0 || json.length > 0;
}

/** Where the reply leads on the same EHR, as a request line; null where nowhere. */
export function locationOf({ headers, target }: EhrReply, origins: readonly string[]): string | null {
  const location = headerOf(headers, 'location');
  return location === null ? null : resolveLocation(location, target, origins);
}

// What costs least is asked first: every reply to a person is judged.
function holds(test: ReplyTest, reply: EhrReply, origins: readonly string[]): boolean {
  if (test.status !== null && !test.status.includes(reply.status)) return false;
  if (test.paths !== null && !test.paths.some((pattern) => matchesPath(pattern, reply.target))) return false;
  return leads(test, reply, origins) && says(test, reply);
}

function leads({ location }: ReplyTest, reply: EhrReply, origins: readonly string[]): boolean {
  if (location === null) return true;
  const led = locationOf(reply, origins);
  return led !== null && matchesPath(location, led);
}

function says({ body, bodyWithout, json }: ReplyTest, reply: EhrReply): boolean {
  if (!body.every((text) => reply.body.includes(text))) return false;
  if (bodyWithout.some((text) => reply.body.includes(text))) return false;
  return json.every(({ pointer, equals }) => {
    const found = jsonAt(reply.body, pointer);
    return found.found && found.value === equals;
  });
}
