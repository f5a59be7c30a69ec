// What kind of answer a caller can use: browsers say it by fetch metadata, programs by what they accept.

import { expect, test } from 'vitest';
import { callerShape } from '../../src/core/caller-shape.ts';

test.each([
  ['a page', { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', accept: 'text/html' }, 'page'],
  ['a frame', { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate', accept: 'text/html' }, 'frame'],
  ['a frame of a frameset', { 'sec-fetch-dest': 'frame', accept: 'text/html' }, 'frame'],
  ['a script that takes HTML', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', accept: 'text/html' }, 'script'],
  ['an image', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors', accept: '*/*' }, 'script'],
  ['a browser that hides its destination', { 'sec-fetch-site': 'same-origin', accept: 'text/html' }, 'script'],
  ['jQuery in an old browser', { 'x-requested-with': 'XMLHttpRequest', accept: 'text/html' }, 'script'],
  ['an old browser', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'page'],
  ['an old browser in capitals', { accept: 'Text/HTML' }, 'page'],
  ['a program that says nothing', {}, 'page'],
  ['a program that takes anything', { accept: '*/*' }, 'page'],
  ['a program that names JSON before anything', { accept: 'application/json, text/plain, */*' }, 'script'],
  ['a program that takes JSON', { accept: 'application/json' }, 'script'],
  ['a program that takes JSON of a kind', { accept: 'application/fhir+json' }, 'script'],
  ["Node's fetch", { accept: '*/*', 'sec-fetch-mode': 'cors' }, 'script'],
  ["Node's fetch that asks for a page", { accept: 'text/html', 'sec-fetch-mode': 'cors' }, 'page'],
])('%s', (_case, headers, shape) => {
  expect(callerShape(new Map(Object.entries(headers)))).toBe(shape);
});
