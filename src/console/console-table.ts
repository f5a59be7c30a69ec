// A table of the console. In a narrow window its rows become cards, each cell with the title of its column before it, so that
// nobody has to push a page sideways to reach the button of a row; the roles say that it is a table even then.

import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';

export interface ConsoleRow {
  readonly cells: readonly Child[];
  readonly id?: string;
  readonly className?: string;
}

/** `label` names the region, which scrolls by itself where it is still too wide. */
export function consoleTable(label: string, columns: readonly string[], rows: readonly ConsoleRow[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table class="even cards" role="table">
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((title) => html`<th scope="col" role="columnheader">${title}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          ({ cells, id, className }) =>
            html`<tr class="${className ?? ''}" role="row" ${id !== undefined && html`id="${id}"`}>
              ${cells.map((cell, at) => html`<td role="cell" data-head="${columns[at] ?? ''}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
