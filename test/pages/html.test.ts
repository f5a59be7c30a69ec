// Markup escapes by itself; pages say what they must, whatever they are handed.

import { expect, test } from 'vitest';
import { assets, assetUrl } from '../../src/pages/assets.ts';
import { credentialPage } from '../../src/pages/credential-page.ts';
import type { CredentialNotice } from '../../src/pages/credential-page.ts';
import { contentSecurityPolicy } from '../../src/pages/content-security-policy.ts';
import { codePage, enrolPage, recoveryCodesPage } from '../../src/pages/factor-pages.ts';
import { framePage } from '../../src/pages/frame-page.ts';
import { html, markupText, trustedMarkup } from '../../src/pages/html.ts';
import { refusalPage } from '../../src/pages/refusal-page.ts';
import { mePage, messagePage, reasonPage, signOutPage } from '../../src/pages/account-pages.ts';

const evil = `"><script>alert('x')</script>\`&`;
const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&#96;&amp;';

test('text is escaped, markup is not, and nothing leaves nothing', () => {
  const inner = html`<b>${evil}</b>`;
  expect(markupText(html`<p title="${evil}">${inner}${[inner, 'x', 7]}${null}${undefined}${false}</p>`)).toBe(
    `<p title="${escaped}"><b>${escaped}</b><b>${escaped}</b>x7</p>`,
  );
  expect(markupText(html`${trustedMarkup('<svg/>')}`)).toBe('<svg/>');
});

test('an object from elsewhere cannot pass for markup', () => {
  const forged = JSON.parse('{"markup":"<b>"}') as never;
  expect(() => markupText(html`${forged}`)).toThrow();
});

test('letters that turn the writing round are left out', () => {
  expect(markupText(html`${'a\u202Eb\u2066c'}`)).toBe('abc');
});

const clinic = { name: evil, help: evil, language: 'en' } as const;
const form = { clinic, action: evil, problem: evil };
const notices: readonly (CredentialNotice | null)[] = [
  null,
  { says: 'problem', text: evil },
  { says: 'refused' },
  { says: 'password-change', page: evil },
  { says: 'unrecognised', told: evil },
];
const pages: readonly (readonly [string, string])[] = [
  [
    'refusal',
    refusalPage({
      clinic,
      detail: evil,
      says: evil,
      ask: evil,
      reason: 'no-rule',
      rule: evil,
      requestId: evil,
      remedy: { href: evil, label: evil },
      also: { href: evil, label: evil, wholeWindow: true },
    }),
  ],
  ['frame', framePage({ href: evil, clinic })],
  ['code', codePage({ ...form, title: evil, lead: evil, takes: { code: true, passkey: evil } })],
  [
    'enrol',
    enrolPage({ ...form, limitSeconds: 600, passkey: evil, code: { account: evil, qrCode: '<svg></svg>', secret: evil } }),
  ],
  ['recovery codes', recoveryCodesPage({ clinic, codes: [evil], next: evil })],
  ['sign-out', signOutPage({ clinic, action: evil })],
  ['message', messagePage({ clinic, title: evil, text: evil, next: { href: evil, label: evil } })],
  ['me', mePage({ clinic, rows: [[evil, evil]], credential: evil })],
  ['reason', reasonPage({ ...form, title: evil, lead: evil, label: evil, button: evil, reason: evil })],
  ...notices.map(
    (notice) =>
      [
        `credential with ${notice?.says ?? 'no notice'}`,
        credentialPage({ clinic, action: evil, application: evil, more: ['pin'], stored: 'refused', username: evil, notice }),
      ] as const,
  ),
];

test.each(pages)('the %s page escapes everything, names its fields and holds nothing inline', (_name, page) => {
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).not.toContain('<script>');
  expect(page).not.toMatch(/\sstyle=|\son[a-z]+=|javascript:|placeholder=/);
  expect(page).toMatch(/<main[^>]*>\s*<h1>/);
  for (const [, id] of page.matchAll(/<(?:input|textarea)\b[^>]*?\bid="([^"]+)"/g)) expect(page).toContain(`<label for="${id}">`);
});

test('a refusal without a detail, a rule or a remedy says only what there is', () => {
  const page = refusalPage({
    clinic: { name: 'N', help: 'ext. 1', language: 'en' },
    detail: null,
    reason: 'no-rule',
    rule: null,
    requestId: 'r1',
  });
  expect(page).not.toMatch(/<dt>Rule<\/dt>|class="button"/);
  expect(page).toContain('<code>no-rule</code>');
  expect(page).toContain('<code>r1</code>');
});

test('assets are named with their version, and scripts use no sink that injects', () => {
  for (const [name, { body }] of assets) {
    expect(assetUrl(name)).toMatch(new RegExp(`^/\\.wardgate/assets/${name.replace('.', '\\.')}\\?v=[0-9a-z]+$`));
    expect(body).not.toMatch(/innerHTML|eval\(|document\.write|https?:\/\/(?!www\.w3\.org)/);
  }
});

test('the policy lets forms lead to the provider only where it is told to', () => {
  expect(contentSecurityPolicy()).toContain("form-action 'self';");
  expect(contentSecurityPolicy(['https://op.example'])).toContain("form-action 'self' https://op.example;");
});

/** Relative luminance and contrast as in WCAG 2.2. */
function contrast(one: string, two: string): number {
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(two)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test.each(['light', 'dark'])('text in %s has a contrast of at least 4.5 to 1', (scheme) => {
  const css = assets.get('style.css')?.body ?? '';
  const blocks = [...css.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1] ?? '');
  const block = blocks[scheme === 'light' ? 0 : 1] ?? '';
  const colours = new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map((match) => [match[1], match[2] ?? '']));
  const pairs = [['ink', 'ground'], ['ink', 'sheet'], ['quiet', 'ground'], ['quiet', 'sheet'], ['accent', 'sheet'], ['on-accent', 'accent'], ['warn-ink', 'warn-ground'], ['bad-ink', 'bad-ground']]; // prettier-ignore
  for (const [front, back] of pairs) {
    expect(contrast(colours.get(front) ?? '', colours.get(back) ?? ''), `${front} on ${back}`).toBeGreaterThanOrEqual(4.5);
  }
});
