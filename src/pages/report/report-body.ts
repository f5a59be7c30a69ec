// The body of a report: summary, tables, what it rests on, how it is checked, and places to fill in by hand. The same on paper
// and in the console. Every column can be sorted by a script that reads `data-sort`; without one all of it can be read.

import { cellTexts, isSortedAsNumber } from '../../core/report/cell-text.ts';
import type { Cell, Column, Report, Row, Section } from '../../core/report/report.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import { frameWords } from './frame-words.ts';
import type { FrameWords } from './frame-words.ts';
import { periodText, sectionNotes, statementsOf } from './statements.ts';

type Texts = ReturnType<typeof cellTexts>;

/** Columns that fit on paper that stands upright. */
const mostUpright = 9;

export function reportBody(report: Report): Markup {
  const words = frameWords[report.language];
  const text = cellTexts(report.clinic.timezone, words);
  const { coverage, limits, evidence } = statementsOf(report);
  const facts: readonly (readonly [string, string])[] = [
    [words.clinic, report.clinic.name],
    ...report.about.map(({ title, type, value }) => [title, text(value, type)] as const),
    [words.period, periodText(report)],
    [words.made, text(report.made, 'time')],
    ...(report.citations.length === 0 ? [] : [[words.helps, report.citations.join(', ')] as const]),
  ];
  return html`
    <dl class="facts">
      ${facts.map(
        ([title, value]) =>
          html`<dt>${title}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${report.figures.length > 0 && figures(report, words, text)}
    ${report.sections.map((section) => sectionMarkup(section, words, text))} ${report.blanks.length > 0 && blanks(report, words)}
    ${sentences(words.coverage, coverage)} ${sentences(words.limits, limits)} ${sentences(words.evidence, evidence)}
  `;
}

function figures(report: Report, words: FrameWords, text: Texts): Markup {
  return html`<section>
    <h2>${words.summary}</h2>
    <dl class="figures">
      ${report.figures.map(
        ({ title, type, value, note }) =>
          html`<dt>${title}</dt>
            <dd><strong>${text(value, type)}</strong>${note !== null && html` <span class="small">${note}</span>`}</dd>`,
      )}
    </dl>
  </section>`;
}

function sectionMarkup(section: Section, words: FrameWords, text: Texts): Markup {
  const { key, title, columns, rows } = section;
  return html`<section class="${columns.length > mostUpright && rows.length > 0 ? 'wide' : 'upright'}">
    <h2 id="${key}">${title}</h2>
    ${sectionNotes(section, words).map((note) => html`<p class="small">${note}</p>`)}
    ${rows.length === 0 && html`<p>${words.none}</p>`}
    ${
      rows.length > 0 &&
      html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${key}">
        <table data-sortable="${words.sort}">
          <thead>
            <tr>
              ${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => rowMarkup(row, columns, text))}
          </tbody>
        </table>
      </div>`
    }
  </section>`;
}

function rowMarkup(row: Row, columns: readonly Column[], text: Texts): Markup {
  return html`<tr>
    ${columns.map((column) => {
      const value = row[column.key] ?? null;
      return html`<td class="${classOf(column)}" data-sort="${sortText(value, column)}">${text(value, column.type)}</td>`;
    })}
  </tr>`;
}

/** What a table is sorted by: a number where the column has numbers; the text itself otherwise. */
function sortText(value: Cell, { type }: Column): string {
  if (value === null) return '';
  return isSortedAsNumber(type) || typeof value !== 'boolean' ? String(value) : String(Number(value));
}

function classOf({ type }: Column): string {
  return isSortedAsNumber(type) && type !== 'time' ? 'number' : type;
}

function blanks({ blanks: places }: Report, words: FrameWords): Markup {
  return html`<section class="blanks">
    <h2>${words.fill}</h2>
    ${places.map(
      ({ title, lines }) =>
        html`<p>${title}</p>
          ${Array.from({ length: lines }, () => html`<p class="line-to-fill"></p>`)}`,
    )}
  </section>`;
}

function sentences(title: string, all: readonly string[]): Markup {
  return html`<section class="statement">
    <h2>${title}</h2>
    <ul>
      ${all.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`;
}
