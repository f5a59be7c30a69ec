// The box to tick by whoever does not want to be asked again at this device for the rest of the shift.

import { html } from './html.ts';
import type { Child } from './html.ts';

const words = { label: 'Do not ask again on {device} for {hours}', hour: '1 hour', hours: '{number} hours' } as const;

export interface RememberParts {
  readonly device: string;
  readonly lastsSeconds: number;
}

export function rememberBox({ device, lastsSeconds }: RememberParts): Child {
  const number = Math.max(1, Math.round(lastsSeconds / 3600));
  const hours = number === 1 ? words.hour : words.hours.replace('{number}', String(number));
  const text = words.label.replace('{hours}', hours).replace('{device}', () => device);
  return html`<label class="tick"><input type="checkbox" name="remember" value="yes" /> ${text}</label>`;
}
