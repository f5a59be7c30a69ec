// Two ways a login name went wrong on its way into the header that tells the EHR who it is. A provider sent half a character
// (`"\ud800"` is good JSON): writing it threw, and that person's every request was a fault of ours. And somebody named
// `J%C3%BCrgen` was told to the EHR in the same bytes as `Jürgen`, whose name does not fit into a header as it is.

import { expect, test } from 'vitest';
import { headerText } from '../../src/core/header-text.ts';

test('half a character is written as the mark for what cannot be written', () => {
  expect(headerText('ada\ud800')).toBe('ada%EF%BF%BD');
});

test('no two names become one header, also after a receiver has trimmed and decoded it', () => {
  const names = [
    'Jürgen',
    'J%C3%BCrgen',
    'J%c3%bcrgen',
    ' Jürgen',
    'ada',
    ' ada',
    'ada ',
    '%20ada',
    'a%64a',
    'a%d',
    '100%',
    '100%25',
    '',
    ' ',
  ];
  const written = names.map((name) => headerText(name).trim());
  expect(new Set(written).size).toBe(names.length);
  const read = written.map((one) => (/%[0-9a-f]{2}/i.test(one) ? decodeURIComponent(one) : one));
  expect(read).toEqual(names);
});
