// What shows a person, and how it is counted and told.

import { expect, test } from 'vitest';
import { countActivity, describeActivity, freshActivity, readActivity, showsPerson } from '../../../src/core/session/activity.ts';

test.each([
  ['a page that was opened by a click', false, '?1', true],
  ['the same at the address of a poller', true, '?1', false],
  ['a frame that reloads by a timer', false, undefined, false],
  ['a header that says no', false, '?0', false],
  ['another spelling', false, '1', false],
])('%s', (_case, isPassive, fetchUser, expected) => {
  expect(showsPerson(isPassive, fetchUser)).toBe(expected);
});

test('is counted by its kind since the person signed in or unlocked', () => {
  const began = freshActivity('unlock');
  const later = countActivity(countActivity(countActivity(began, 'script'), 'navigation'), 'script');
  expect(later).toEqual({ last: 'script', pings: 2, navigations: 1 });
  expect(describeActivity(later, 0)).toBe('last seen 1970-01-01T00:00:00.000Z by script; 2 by script, 1 by navigation');
});

test.each([
  ['a lock', '; locked since 1970-01-01T00:05:00.000Z', 300_000],
  ['a lock of before it said since when', '', null],
])('is read back from the record of %s', (_case, since, lockedAt) => {
  const text = `${describeActivity({ last: 'script', pings: 2, navigations: 1 }, 0)}${since}`;
  expect(readActivity(text)).toEqual({ last: 'script', pings: 2, navigations: 1, lastActiveAt: 0, lockedAt });
});

test('is read back from the record of an unlock', () => {
  const text = `by totp, locked since 1970-01-01T00:05:00.000Z; ${describeActivity(freshActivity('sign-in'), 0)}`;
  expect(readActivity(text)).toEqual({ last: 'sign-in', pings: 0, navigations: 0, lastActiveAt: 0, lockedAt: 300_000 });
});

test.each(['', 'the person has left', 'last seen yesterday by script; 2 by script, 1 by navigation'])(
  '%j tells of none',
  (text) => {
    expect(readActivity(text)).toBeNull();
  },
);
