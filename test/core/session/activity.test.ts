// What shows a person, and how it is counted and told.

import { expect, test } from 'vitest';
import { countActivity, describeActivity, freshActivity, showsPerson } from '../../../src/core/session/activity.ts';

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
