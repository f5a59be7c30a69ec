// Somebody signed out of the EHR at a gateway that was cut off from Redis and PostgreSQL. The end of that session was told as soon as
// it could be; the session at the PACS was looked for once, nobody answered, and it went on when the network was back.

import { expect, test } from 'vitest';
import { LinkedSessions } from '../../src/adapters/linked-sessions.ts';
import type { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import { eventually } from '../support/demo-story.ts';
import { sessionOf } from '../support/session-of.ts';
import { sessionsTogether } from '../support/sessions-together.ts';

const at = (application: string) => sessionOf(application, { place: { application, link: 'one-browser' } });

/** The store, of which nobody can say for certain what a person has while it is cut off. */
function cutOff(store: SqliteSessionStore): { readonly store: SqliteSessionStore; cut: boolean } {
  const line = { cut: true };
  const get = (target: SqliteSessionStore, name: keyof SqliteSessionStore): unknown => {
    if (name === 'ofSubject' && line.cut) return async () => Promise.reject(new Error('Nobody answers'));
    const value: unknown = target[name];
    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
  };
  return Object.assign(line, {
    store: new Proxy(store, { get: (target, name) => get(target, name as keyof SqliteSessionStore) }),
  });
}

test('what this gateway knows ends at once, and what it does not as soon as somebody answers', async () => {
  const { a, b, together, stop } = await sessionsTogether();
  const failed: unknown[] = [];
  const followed: string[] = [];
  const line = cutOff(a.store);
  const linked = new LinkedSessions(line.store, {
    onFollowed: ({ key }, because, reason) => followed.push(`${key}: ${reason}, as ${because.reference}`),
    onFailed: (cause) => failed.push(cause),
  });
  for (const application of ['ehr', 'pacs']) await a.store.create(at(application));
  together.held = true;
  await b.store.create(at('laboratory'));
  await linked.end('ehr', 'signed-out');
  expect([followed, a.store.all().map(({ key }) => key)]).toEqual([['pacs: signed-out, as ref-ehr'], []]);
  expect(failed).not.toEqual([]);
  together.held = false;
  together.deliver();
  line.cut = false;
  await eventually(() => followed.length > 1, 'the third');
  expect(followed[1]).toMatch(/^laboratory: signed-out/);
  expect([a.store.all(), b.store.all()]).toEqual([[], []]);
  await stop();
});
