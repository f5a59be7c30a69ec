// PHP reads a cookie `session[id` as `session_id`, because a bracket that is never closed is taken for an underscore, and
// older versions end a name at an encoded NUL. The gateway compared names up to the bracket only, and names with what stood
// behind the NUL, so a browser could bring a session of the EHR that was not this person's.

import { expect, test } from 'vitest';
import { cookieForEhr } from '../../src/core/session/ehr-cookies.ts';

test.each([
  'session[id=evil',
  'session%5Bid=evil',
  'Session[ID=evil',
  'session_id%00x=evil',
  'session[id%00]=evil',
  'session_id[]=evil',
])('a cookie %j does not pass beside the session of the person', (pair) => {
  expect(cookieForEhr(`theme=dark; ${pair}`, { name: 'session_id', value: 'mine' })).toBe('session_id=mine; theme=dark');
  expect(cookieForEhr(pair, { name: 'session_id', value: null })).toBeNull();
});
