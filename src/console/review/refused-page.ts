// What stands in the place of a case that is not shown: why, and whom to ask.

import { html } from '../../pages/html.ts';
import { layout } from '../../pages/layout.ts';
import type { ReviewClinic } from './case-page.ts';
import { reviewPath } from './review-words.ts';

export function refusedPage(clinic: ReviewClinic, says: string): string {
  const body = html`
    <p class="notice bad" role="alert">${says}</p>
    <p class="ways"><a class="button plain" href="${reviewPath}">Alerts and cases</a></p>
  `;
  return layout({ title: 'This case is not shown', clinic: { ...clinic, language: 'en' }, body });
}
