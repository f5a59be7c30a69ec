// Return paths a sign-in may be started with: whatever is not a plain path of our own origin lands on `/`, and what is
// allowed still resolves to our origin in a browser. WARDGATE_CORPORA names a directory with open-redirect.json.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { returnPath } from '../../src/sign-in/return-path.ts';

interface Item {
  readonly id: string;
  readonly input: string;
  readonly expect: 'reject' | 'accept' | 'same-origin-only';
}

const own = 'https://ehr.example';

const table: readonly Item[] = [
  ...[
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%5cevil.example',
    '/%2f%2fevil.example',
    '/\t/evil.example',
    '/%09/evil.example',
    '/%0d%0aLocation:%20https://evil.example',
    '/..//evil.example',
    '/./a',
    '/a/../b',
    'javascript:alert(1)',
    'evil.example',
    '',
    ' /a',
    '/a b',
    '/a#b',
    '/a\u0000',
    '/a?b=/\\evil.example',
    '/\u3031evil.example',
    '/.wardgate/sign-in',
    '/.wardgate/callback?state=x',
    '/.wardgate/sign-out',
    `/${'a'.repeat(2000)}`,
  ].map((input, index) => ({ id: `own-reject-${index}`, input, expect: 'reject' as const })),
  ...['/', '/a', '/a/b.php', '/a?b=c', '/a?next=//evil.example', '/.wardgate/me', `/${'a'.repeat(1999)}`].map((input, index) => ({
    id: `own-accept-${index}`,
    input,
    expect: 'accept' as const,
  })),
];

/** Sign-in addresses of another prefix: here they are pages of the EHR like any other; ours are in the table above. */
const othersAddresses: ReadonlySet<string> = new Set(['OR-0678', 'OR-0679']);

const corpora = process.env['WARDGATE_CORPORA'];
const items =
  corpora === undefined
    ? table
    : [...table, ...(JSON.parse(readFileSync(`${corpora}/open-redirect.json`, 'utf8')) as { items: Item[] }).items];

test.each(items.filter(({ id }) => !othersAddresses.has(id)))('$id $input: $expect', ({ input, expect: wanted }) => {
  const path = returnPath(input, 'generic');
  if (wanted === 'reject') expect(path).toBe('/');
  if (wanted === 'accept') expect(path).toBe(input);
  // Whatever came of it, every browser must read it as ours.
  expect(new URL(path, own).origin).toBe(own);
  expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
});

test.each([undefined, null, 7, ['/a'], { path: '/a' }])('%j is no path', (stated) => {
  expect(returnPath(stated, 'generic')).toBe('/');
});
