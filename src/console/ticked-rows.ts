// What a table of rows that are ticked and the form under it have in common: the box of a row, the note, and the word of whoever
// ticked several that all of them are meant. What a refused form held stands in it again.

import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { fieldFault } from './told-notice.ts';
import type { ToldNotice } from './told-notice.ts';

/** `label` is what a screen reader says of the row. */
export function rowBox(name: string, number: number, label: string, chosen: readonly number[] | undefined): Markup {
  return html`<label class="tick"
    ><input type="checkbox" name="${name}" value="${number}" ${chosen?.includes(number) && html`checked`} aria-label="${label}" />
    ${number}</label
  >`;
}

export interface NoteAndSeveral {
  readonly note: { readonly label: string; readonly most: number };
  /** What somebody says who ticked several. */
  readonly several: string;
  readonly notice: ToldNotice | null;
  readonly filled: { readonly note: string; readonly several: boolean } | null;
}

export function noteAndSeveral({ note, several, notice, filled }: NoteAndSeveral): Markup {
  return html`<label for="note">${note.label}</label>
    <input
      id="note"
      name="note"
      maxlength="${note.most}"
      autocomplete="off"
      value="${filled?.note}"
      ${fieldFault(notice, 'note')}
    />
    <label class="tick"
      ><input
        type="checkbox"
        id="several"
        name="several"
        value="yes"
        ${filled?.several && html`checked`}
        ${fieldFault(notice, 'several')}
      />
      ${several}</label
    >`;
}
