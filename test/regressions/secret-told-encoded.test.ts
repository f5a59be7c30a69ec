// An EHR that was not understood is quoted to the person and in the record, without the password. Error pages repeat the
// body or the address of the request, and there the password stands encoded: `S3cret&Pass word` as `S3cret%26Pass+word`,
// which the gateway told as it was.

import { expect, test } from 'vitest';
import { decodeEntities } from '../../src/core/ehr/decode-entities.ts';
import { emptyJar } from '../../src/core/ehr/jar.ts';
import { judgeStep } from '../../src/core/ehr/judge-step.ts';
import { toldByEhr } from '../../src/core/ehr/told-by-ehr.ts';
import { recipe, reply, step } from '../core/ehr/build-recipe.ts';

const spelled: readonly (readonly [secret: string, echoed: string])[] = [
  ['S3cret&Pass word', 'S3cret&Pass word'],
  ['S3cret&Pass word', 'S3cret%26Pass+word'],
  ['S3cret&Pass word', 'S3cret%26Pass%20word'],
  ['S3cret&Pass word', 'S3cret&Pass%20word'],
  ['S3cret&Pass word', 'S3cret&amp;amp;Pass word'],
  ['S3cret&Pass word', String.raw`S3cret\u0026Pass word`],
  ['a/b:c?é', 'a%2Fb%3Ac%3F%C3%A9'],
  ['a/b:c?é', 'a%2fb%3ac%3f%c3%a9'],
  ['a/b:c?é', String.raw`a\/b:c?\u00e9`],
  ['a/b:c?é', String.raw`a\/b:c?\u00E9`],
  ['say "it\'s" <so>', 'say &amp;quot;it&amp;#39;s&amp;quot; &amp;lt;so&amp;gt;'],
  ['say "it\'s" <so>', 'say &amp;quot;it&amp;#039;s&amp;quot; &amp;lt;so&amp;gt;'],
  ['say "it\'s" <so>', String.raw`say \"it's\" &lt;so&gt;`],
  ['say "it\'s" <so>', String.raw`say \"it\u0027s\" \u003cso\u003e`],
  ["it's (so)!", 'it%27s+%28so%29%21'],
  ["it's (so)!", "it's%20(so)!"],
  ['back\\slash', String.raw`back\\slash`],
  ['half\ud800', 'half%EF%BF%BD'],
];

test.each(spelled)('the secret %j is not told where the page says %j', (secret, echoed) => {
  const known = { recipe: recipe([]), origins: [], values: new Map([['password', secret]]) };
  const failed = reply('/app/login', 500, [], `<p>Bad request: p=${echoed}, try again</p>`);
  const verdict = judgeStep(known, step('POST', '/app/login', { decides: true }), failed, emptyJar, null);
  expect(verdict).toMatchObject({ kind: 'unrecognised', told: 'Bad request: p=***, try again' });
});

test.each(spelled)('nor is %j, typed, where a reply in plain text says %j', (secret, echoed) => {
  expect(toldByEhr(`Bad request: p=${decodeEntities(echoed)}, try again`, [secret])).toBe('Bad request: p=•••, try again');
});

test('blanks and line ends are masked as they were typed and as they are shown', () => {
  expect(toldByEhr('p=two++words, two%0Awords, two+words', ['two  words', 'two\nwords'])).toBe('p=•••, •••, •••');
  expect(toldByEhr('1 + 1%20', [' ', ''])).toBe('1 + 1%20');
});

test('a secret within another leaves nothing of it', () => {
  const values = new Map([['password', '4711'], ['pin', 'x4711&y']]); // prettier-ignore
  const known = { recipe: recipe([], { asks: ['username', 'password', 'pin'] }), origins: [], values };
  const failed = reply('/app/login', 500, [], 'p=4711 pin=x4711%26y');
  const verdict = judgeStep(known, step('POST', '/app/login', { decides: true }), failed, emptyJar, null);
  expect(verdict).toMatchObject({ told: 'p=*** pin=***' });
});
