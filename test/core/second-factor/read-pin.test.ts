// Which PINs are PINs, and which of them are guessed first.

import { expect, test } from 'vitest';
import { isWeakPin, readPin } from '../../../src/core/second-factor/read-pin.ts';

test.each([
  ['582917', '582917'],
  [' 582917 ', '582917'],
  ['58291', null],
  ['5829170', null],
  ['58 2917', null],
  ['58291a', null],
  ['٥٨٢٩١٧', null],
  [582_917, null],
  [undefined, null],
])('%j is read as %j', (typed, expected) => {
  expect(readPin(typed)).toBe(expected);
});

test.each(['000000', '777777', '121212', '123123', '123456', '654321', '890123', '321098', '123321', '159753', '112233'])(
  '%s is weak',
  (pin) => {
    expect(isWeakPin(pin)).toBe(true);
  },
);

test.each(['582917', '123457', '135790', '002917', '121213', '654322', '998877'])('%s is not', (pin) => {
  expect(isWeakPin(pin)).toBe(false);
});
