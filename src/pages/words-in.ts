// The words of our pages in a language.

import type { Language } from '../core/language/language.ts';
import { en } from './languages/en.ts';
import type { Words } from './languages/en.ts';
import { es } from './languages/es.ts';

const all: Readonly<Record<Language, Words>> = { en, es };

export function wordsIn(language: Language): Words {
  return all[language];
}
