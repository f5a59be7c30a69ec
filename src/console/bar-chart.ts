// A chart of bars, drawn here as SVG, with the same figures as a table beneath it: who sees no picture misses nothing. The
// bars of the second series stand in front of the first, of which they are a part.

import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';

export interface Bar {
  readonly whole: number;
  readonly part: number;
}

export interface BarChart {
  /** Names it in the page, and for the script that goes on drawing it. */
  readonly key: string;
  readonly title: string;
  /** What one bar stands for, such as `ten seconds`. */
  readonly each: string;
  readonly bars: readonly Bar[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const width = 600;
const height = 120;

/** The highest bar, and at least one, so that nothing is divided by nothing. */
export function highest({ bars }: BarChart): number {
  return Math.max(1, ...bars.map(({ whole }) => whole));
}

/** Where each bar begins and how high it is: all of the first series, then all of the second. */
export function barPlaces(chart: BarChart): readonly (readonly [y: number, height: number])[] {
  const most = highest(chart);
  const place = (value: number): readonly [number, number] => {
    const high = Math.round((Math.min(value, most) / most) * (height - 4) * 10) / 10;
    return [Math.round((height - high) * 10) / 10, high];
  };
  return [...chart.bars.map(({ whole }) => place(whole)), ...chart.bars.map(({ part }) => place(part))];
}

export function highestWords(chart: BarChart): string {
  return `Highest bar: ${highest(chart)} in ${chart.each}`;
}

export function barChart(chart: BarChart): Markup {
  const step = width / Math.max(1, chart.bars.length);
  const places = barPlaces(chart);
  const { key } = chart;
  return html`<figure class="chart">
    <figcaption id="chart-${key}">${chart.title}</figcaption>
    <svg
      viewBox="0 0 ${width} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-labelledby="chart-${key}"
      data-live-bars="${key}"
    >
      ${places.map(([y, high], at) => {
        const x = Math.round((at % chart.bars.length) * step * 10) / 10;
        const series = at < chart.bars.length ? 'whole' : 'part';
        return html`<rect class="${series}" x="${x}" y="${y}" width="${Math.round((step - 1) * 10) / 10}" height="${high}" />`;
      })}
      <line class="ground" x1="0" y1="${height}" x2="${width}" y2="${height}" />
    </svg>
    <p class="small key">
      <span class="swatch whole"></span> ${chart.columns[1]} <span class="swatch part"></span> ${chart.columns[2]} ·
      <span data-live-text="${key}-highest">${highestWords(chart)}</span>
    </p>
    <details>
      <summary>As a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${chart.title}, as a table">
        <table class="even">
          <thead>
            <tr>
              ${chart.columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody data-live-rows="${key}">
            ${chart.rows.map(
              (row) =>
                html`<tr>
                  ${row.map((cell) => html`<td>${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}
