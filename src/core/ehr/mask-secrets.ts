// Takes secrets out of a text that the EHR wrote, also as it spells them in an address, in markup or in JSON: a page that
// repeats what was sent often repeats it encoded. Never says which secret stood where.

import { encodeForm } from './fill-template.ts';

/** The text with `mask` for every secret in it. None of `secrets` is empty. */
export function maskSecrets(text: string, secrets: readonly string[], mask: string): string {
  // The longest first: what stands within another would leave the rest of it.
  const spellings = [...new Set(secrets.flatMap(spellingsOf))].sort((one, other) => other.length - one.length);
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, mask), text);
}

function spellingsOf(secret: string): readonly string[] {
  const text = secret.toWellFormed();
  const form = encodeForm([['', text]]).slice(1);
  const encoded = [form, form.replaceAll('+', '%20'), encodeURIComponent(text), encodeURI(text), ...jsonOf(text)];
  return [secret, ...encoded, ...encoded.map(withSmallDigits), ...markupOf(text)];
}

/** As JavaScript, PHP and libraries that mind markup write it (RFC 8259 section 7); digits in capitals. */
function jsonOf(text: string): readonly string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const slashed = plain.replaceAll('/', String.raw`\/`);
  const ascii = [plain, slashed].map((one) => one.replaceAll(/[^\0-\x7f]/g, unit));
  const all = [plain, slashed, ...ascii];
  return [...all, ...all.map((one) => one.replaceAll(/[&<>'=]/g, unit))];
}

function unit(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function withSmallDigits(encoded: string): string {
  return encoded.replaceAll(/%[\dA-F]{2}|\\u[\dA-F]{4}/g, (escape) => escape.toLowerCase());
}

/** With and without the quotes, as frameworks write them. */
function markupOf(text: string): readonly string[] {
  const tags = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = ['&quot;', '&#34;'].map((quote) => tags.replaceAll('"', quote));
  const marked = ['&#39;', '&#039;', '&#x27;', '&apos;'].flatMap((mark) => quoted.map((one) => one.replaceAll("'", mark)));
  return [tags, ...quoted, ...marked];
}
