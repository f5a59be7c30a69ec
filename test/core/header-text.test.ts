// Names in headers: plain where they can be, and no two names alike.

import { expect, test } from 'vitest';
import { headerText } from '../../src/core/header-text.ts';

test.each([
  ['ada', 'ada'],
  ['', ''],
  ['Ada Lovelace, M.D.', 'Ada Lovelace, M.D.'],
  ['100%', '100%'],
  ['Jürgen', 'J%C3%BCrgen'],
  ['J%C3%BCrgen', 'J%25C3%25BCrgen'],
  [' ada', '%20ada'],
  ['ada ', 'ada%20'],
  ['ada\r\nX-Remote-User: admin', 'ada%0D%0AX-Remote-User%3A%20admin'],
  ['ada\u0000', 'ada%00'],
  ['\u001b[2J', '%1B%5B2J'],
  ['\u560a', '%E5%98%8A'],
  ['ada\u202e', 'ada%E2%80%AE'],
  ['\ud800', '%EF%BF%BD'],
])('%j becomes %s', (text, header) => {
  expect(headerText(text)).toBe(header);
  expect(header).toMatch(/^[\x20-\x7e]*$/);
});
