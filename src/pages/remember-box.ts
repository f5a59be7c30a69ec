// The box to tick by whoever does not want to be asked again at this device for the rest of the shift.

import type { Language } from '../core/language/language.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { lasting } from './in-language.ts';
import { wordsIn } from './words-in.ts';

export interface RememberParts {
  readonly device: string;
  readonly lastsSeconds: number;
}

export function rememberBox(language: Language, { device, lastsSeconds }: RememberParts): Child {
  const text = fillText(wordsIn(language).factor.remember, { device, time: lasting(language, lastsSeconds) });
  return html`<label class="tick"><input type="checkbox" name="remember" value="yes" /> ${text}</label>`;
}
