// A week as a map of hours: a row a day, a column an hour, in the clinic's time. It is a table, so that it says in figures what
// its colours say; no colour stands without its figure.

import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';

export interface HeatDay {
  readonly day: string;
  /** Requests of each of 24 hours. */
  readonly hours: readonly number[];
}

const steps = 4;

/** `counted` are moments with how many; `until` is the last day shown. */
export function heatDays(
  counted: readonly { readonly at: number; readonly count: number }[],
  since: number,
  until: number,
  timezone: string,
): readonly HeatDay[] {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, weekday: 'short', day: '2-digit', month: '2-digit' });
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', hourCycle: 'h23' });
  const days = new Map<string, number[]>();
  // By steps of twelve hours no day is left out, not even the one on which the clocks change.
  for (let at = since; at <= until; at += 43_200_000) days.set(day.format(at), emptyDay());
  days.set(day.format(until), emptyDay());
  for (const { at, count } of counted) {
    const hours = days.get(day.format(at));
    const place = Number(hour.format(at));
    if (hours !== undefined) hours[place] = (hours[place] ?? 0) + count;
  }
  return [...days].map(([name, hours]) => ({ day: name, hours }));
}

export function heatMap(days: readonly HeatDay[], title: string): Markup {
  const most = Math.max(1, ...days.flatMap(({ hours }) => hours));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table class="heat even">
      <thead>
        <tr>
          <th scope="col">Day</th>
          ${Array.from({ length: 24 }, (_none, hour) => html`<th scope="col">${String(hour).padStart(2, '0')}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${days.map(
          ({ day, hours }) =>
            html`<tr>
              <th scope="row">${day}</th>
              ${hours.map((count) => html`<td class="h${stepOf(count, most)}">${count === 0 ? '·' : count}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function stepOf(count: number, most: number): number {
  return count === 0 ? 0 : Math.min(steps, Math.ceil((count / most) * steps));
}

function emptyDay(): number[] {
  return Array.from({ length: 24 }, () => 0);
}
