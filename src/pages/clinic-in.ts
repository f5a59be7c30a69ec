// What a page says of the clinic, in the language of the browser that asks for it.

import { bestLanguage } from '../core/language/best-language.ts';
import { languages } from '../core/language/language.ts';
import type { PageClinic } from './layout.ts';

/** `accept` is what the browser sent as `Accept-Language`; the clinic's own language where it asks for none of ours. */
export function clinicIn({ name, help, language, logo = null }: PageClinic, accept: string | undefined): PageClinic {
  return { name, help, logo, language: bestLanguage(accept ?? '', languages, language) };
}
