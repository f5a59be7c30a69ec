// The story: the page with the recovery codes has a button that prints, shown by its script alone. The style sheet gives
// every button a display of its own, which beats the `hidden` attribute, so that without JavaScript people saw a button
// that did nothing.

import { expect, test } from 'vitest';
import { recoveryCodesPage } from '../../src/pages/factor-pages.ts';
import { style } from '../../src/pages/style.ts';

test('what is hidden stays hidden, whatever else the style sheet says of it', () => {
  expect(recoveryCodesPage({ clinic: { name: 'N', help: 'H', language: 'en' }, codes: ['A'], next: '/' })).toMatch(
    /<button[^>]*data-print hidden>/,
  );
  expect(style).toMatch(/\[hidden\]\s*\{\s*display: none !important;/);
});
