// Forms from our own pages pass, forms from anywhere else do not.

import { expect, test } from 'vitest';
import { judgeForeignForm, judgeNavigation, judgeOrigin } from '../../../src/core/session/same-origin.ts';

const own = 'https://ehr.example';

test.each([
  ['our origin', [own], [], true],
  ['our origin, same-origin fetch', [own], ['same-origin'], true],
  ['our origin, loaded again by the person', [own], ['none'], true],
  ['our origin, and yet from another site', [own], ['cross-site'], false],
  ['our origin, and yet from a sibling', [own], ['same-site'], false],
  ['another origin that claims to be the same', ['https://evil.example'], ['same-origin'], false],
  ['no origin, same-origin fetch', [], ['same-origin'], true],
  ['neither: no browser', [], [], true],
  ['another origin', ['https://evil.example'], [], false],
  ['another port', ['https://ehr.example:8443'], [], false],
  ['another scheme', ['http://ehr.example'], [], false],
  ['a longer host', ['https://ehr.example.evil.example'], [], false],
  ['null, from a sandboxed frame', ['null'], [], false],
  ['null, even if the fetch is same-origin', ['null'], ['same-origin'], false],
  ['empty', [''], [], false],
  ['two origins', [own, own], [], false],
  ['a sibling site', [], ['same-site'], false],
  ['another site', [], ['cross-site'], false],
  ['typed into the address bar', [], ['none'], false],
  ['two fetch sites', [], ['same-origin', 'same-origin'], false],
])('%s', (_case, origin, site, same) => {
  expect(judgeOrigin(origin, site, own).same).toBe(same);
});

test('the reason quotes what was sent, cut', () => {
  expect(judgeOrigin(['x'.repeat(300)], [], own)).toEqual({ same: false, why: `the origin is "${'x'.repeat(200)}"` });
  expect(judgeOrigin([], ['none'], own)).toEqual({ same: false, why: 'Sec-Fetch-Site is "none"' });
});

test.each([
  ['the browser says it is the same', undefined, 'same-origin', true],
  ['null, and the browser says it is the same', 'null', 'same-origin', true],
  ['loaded again by the person', undefined, 'none', true],
  ['no browser', undefined, undefined, true],
  ['an old browser, our origin', own, undefined, true],
  ['an old browser, another origin', 'https://evil.example', undefined, false],
  ['an old browser, null', 'null', undefined, false],
  ['another site', 'https://evil.example', 'cross-site', false],
  ['another site that hides its origin', undefined, 'cross-site', false],
  ['another site that claims ours', own, 'cross-site', false],
  ['a sibling', 'https://www.example', 'same-site', false],
  ['another site that claims to be the same', 'https://evil.example', 'same-origin', false],
  ['another site that claims to be nobody', 'https://evil.example', 'none', false],
  ['our origin, same-origin', own, 'same-origin', true],
  ['a word that nobody knows', own, 'SAME-ORIGIN', false],
  ['nothing', own, '', false],
  ['our origin in other capitals', 'https://EHR.example', undefined, false],
])('towards the EHR: %s', (_case, origin, site, same) => {
  expect(judgeForeignForm(origin, site, own).same).toBe(same);
});

test('what is said of it is cut', () => {
  expect(judgeForeignForm('x'.repeat(300), undefined, own)).toEqual({ same: false, why: `the origin is "${'x'.repeat(200)}"` });
  expect(judgeForeignForm(undefined, 'y'.repeat(99), own)).toEqual({ same: false, why: `Sec-Fetch-Site is "${'y'.repeat(40)}"` });
});

test.each([
  ['an old browser', [], [], [], true, true],
  ['a page', ['same-origin'], ['navigate'], ['document'], true, true],
  ['a frame', ['same-origin'], ['navigate'], ['iframe'], false, true],
  ['a frame of a frameset', ['same-origin'], ['navigate'], ['frame'], false, true],
  ['a script', ['same-origin'], ['cors'], ['empty'], false, false],
  ['an image', ['same-origin'], ['no-cors'], ['image'], false, false],
  ['an object', ['same-origin'], ['navigate'], ['object'], false, false],
  ['no mode', ['same-origin'], [], ['document'], false, false],
  ['no destination', ['same-origin'], ['navigate'], [], false, false],
  ['a program that says its mode alone, as Node does', [], ['cors'], [], true, true],
  ['a script whose destination is lost', ['same-origin'], ['cors'], [], false, false],
  ['a script whose site is lost', [], ['cors'], ['empty'], false, false],
  ['two modes', [], ['navigate', 'navigate'], ['document'], false, false],
  ['two destinations', [], ['navigate'], ['document', 'document'], false, false],
])('a form of ours by %s', (_case, site, mode, destination, alone, framed) => {
  expect(judgeNavigation(site, mode, destination, false).same).toBe(alone);
  expect(judgeNavigation(site, mode, destination, true).same).toBe(framed);
});
