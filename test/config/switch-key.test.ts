// The keys that call the page of people at a desk, as IT writes them.

import { expect, test } from 'vitest';
import { readSwitchKey } from '../../src/config/switch-key.ts';

test.each([
  ['ctrl+alt+l', 'ctrl+alt+l'],
  ['Ctrl + Alt + L', 'ctrl+alt+l'],
  ['alt+9', 'alt+9'],
  ['f9', 'f9'],
  ['shift+F12', 'shift+f12'],
  ['OFF', 'off'],
])('%s', (text, value) => {
  expect(readSwitchKey(text)).toEqual({ value });
});

test.each(['', 'l', 'shift+l', 'ctrl', 'ctrl+', 'ctrl+ctrl+l', 'win+l', 'ctrl+f13', 'f0', 'ctrl+alt+del', 'ctrl+off'])(
  '%s is none',
  (text) => {
    expect(readSwitchKey(text)).toHaveProperty('problem');
  },
);
