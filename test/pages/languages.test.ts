// The words of every language: the same places for values as in English, nothing left empty or untranslated, and pages that
// say which language they are in. That no word is missing is the build's to see.

import { expect, test } from 'vitest';
import { languages } from '../../src/core/language/language.ts';
import { clinicIn } from '../../src/pages/clinic-in.ts';
import { inLanguage, lasting, minutesIn } from '../../src/pages/in-language.ts';
import { en } from '../../src/pages/languages/en.ts';
import { refusalPage } from '../../src/pages/refusal-page.ts';
import { wordsIn } from '../../src/pages/words-in.ts';
import { filesBelow } from '../support/files-below.ts';

/** Every sentence with its place, such as `lock.warning`. */
function sentences(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[`${path}${name}`, value] as [string, string]] : sentences(value as object, `${path}${name}.`),
  );
}

const places = (text: string): string[] => [...text.matchAll(/\{[^}]*\}/g)].map(([place]) => place).toSorted();
const english = new Map(sentences(en));
/** Words that are the same in both. */
const same = new Set(['No', 'Roles', '{name} ({roles}).']);

test.each(languages.filter((one) => one !== 'en'))('%s has the places of English, and words of its own', (language) => {
  for (const [path, text] of sentences(wordsIn(language))) {
    const original = english.get(path) ?? '';
    expect(places(text), path).toEqual(places(original));
    expect(text.trim(), path).not.toBe('');
    expect(same.has(original) || text !== original, `${path}: ${text}`).toBe(true);
    expect(text.endsWith('.'), `full stop of ${path}`).toBe(original.endsWith('.'));
  }
});

test('a page is in the language that the browser asks for, else in the clinic’s', () => {
  const clinic = { name: 'N', help: 'ext. 1', language: 'es' } as const;
  const page = (accept: string | undefined): string =>
    refusalPage({ clinic: clinicIn(clinic, accept), detail: 'Rule "x" is shut', reason: 'no-rule', rule: null, requestId: 'r' });
  expect(page(undefined)).toMatch(/<html lang="es">[^]*<p class="lead" lang="en">Rule/);
  expect(page('fr')).toContain('Ninguna regla permite esto');
  expect(page('en-US')).toMatch(/<html lang="en">[^]*No rule permits this[^]*<p class="lead">Rule/);
});

test('times, spans and sizes are written as the language does', () => {
  const at = Date.UTC(2026, 10, 23, 20, 5);
  const [english_, spanish] = [inLanguage('en', 'America/Chicago'), inLanguage('es', 'America/Chicago')];
  expect([english_.time(at), english_.date(at), english_.moment(at)]).toEqual(['14:05', '23 Nov 2026', '23 Nov, 14:05']);
  expect([spanish.time(at), spanish.date(at), spanish.moment(at)]).toEqual(['14:05', '23 nov 2026', '23 nov, 14:05']);
  expect([lasting('es', 1), lasting('es', 900), lasting('es', 43_200)]).toEqual(['1 segundo', '15 minutos', '12 horas']);
  expect([minutesIn('en', 1), minutesIn('en', 61), english_.megabytes(2_400_000_000)]).toEqual([
    '1 minute',
    '2 minutes',
    '2400 MB',
  ]);
});

test('no page holds a word of its own', () => {
  const pages = [...filesBelow('src/pages'), ...filesBelow('src/sign-in')].filter(([file]) => !file.includes('/languages/'));
  expect(pages.length).toBeGreaterThan(60);
  for (const [file, content] of pages) {
    const text = content.toString('utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    // Text between two tags, which stands in no `${…}`.
    const loose = [...text.matchAll(/<(?:p|h1|h2|button|a|label|dt|summary|li|option)\b[^<>]*>\s*([A-Z][a-z]+[^<>${}]*)</g)];
    expect(
      loose.map(([, words]) => words),
      file,
    ).toEqual([]);
    // A sentence that is handed to a page as it stands.
    expect(
      [...text.matchAll(/\b(?:title|label|lead|button|text|says|problem): ['"`][A-Z]/g)].map(([one]) => one),
      file,
    ).toEqual([]);
    // The clinic as settings know it speaks its own language, whoever asks.
    expect(text, file).not.toMatch(/clinic: (?:needs\.)?settings\.clinic\b/);
  }
});
