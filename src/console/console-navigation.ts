// The one way through the console: every page that this reader's rules let them open, the present one marked. What they may
// not open is not shown; going there by hand is judged and refused all the same.

import { html, markupText } from '../pages/html.ts';

export interface ConsoleWay {
  readonly path: string;
  readonly title: string;
}

/** In the order in which they stand. A way that no part of the gateway serves is left out as well. */
export const consoleWays: readonly ConsoleWay[] = [
  { path: '/.wardgate/console/overview', title: 'Overview' },
  { path: '/.wardgate/console/review', title: 'Alerts and cases' },
  { path: '/.wardgate/console/review/responses', title: 'What followed' },
  { path: '/.wardgate/console', title: 'Who opened what' },
  { path: '/.wardgate/console/people', title: 'People' },
  { path: '/.wardgate/console/sessions', title: 'Sessions' },
  { path: '/.wardgate/console/disclosures', title: 'Disclosures' },
  { path: '/.wardgate/console/what-if', title: 'Rules' },
  { path: '/.wardgate/console/review/certified', title: 'Reviews' },
  { path: '/.wardgate/console/recertification', title: 'Roles' },
  { path: '/.wardgate/console/reports', title: 'Reports' },
  { path: '/.wardgate/console/health', title: 'Health' },
];

/** Pages that belong to a way of another address. */
const under: ReadonlyMap<string, string> = new Map([['/.wardgate/console/rules', '/.wardgate/console/what-if']]);

/** The way that a page belongs to; null for none. */
export function wayOf(path: string): string | null {
  const known = under.get(path);
  if (known !== undefined) return known;
  const fitting = consoleWays.filter((way) => path === way.path || (way.path !== consoleRoot && path.startsWith(`${way.path}/`)));
  return fitting.at(-1)?.path ?? null;
}

const consoleRoot = '/.wardgate/console';

/** Says on a finished page whose clock its times are of; last in it, and on paper as well. */
export function withTimezone(page: string, timezone: string): string {
  const at = page.lastIndexOf('</main>');
  if (at === -1) return page;
  const says = html`<p class="small zone">Times are those of the clinic (${timezone}).</p>`;
  return `${page.slice(0, at)}${markupText(says)}${page.slice(at)}`;
}

/** Puts the ways into a finished page of ours, before what it is about. What was typed by anybody stands there escaped. */
export function withNavigation(page: string, ways: readonly ConsoleWay[], path: string): string {
  const at = page.indexOf('<main ');
  if (at === -1 || ways.length === 0) return page;
  const current = wayOf(path);
  const navigation = html`<nav class="console" aria-label="Console">
    <ul>
      ${ways.map(
        (way) =>
          html`<li>
            ${
              way.path === current
                ? html`<a href="${way.path}" aria-current="${way.path === path ? 'page' : 'true'}">${way.title}</a>`
                : html`<a href="${way.path}">${way.title}</a>`
            }
          </li>`,
      )}
    </ul>
  </nav> `;
  const skip = html`<a class="skip" href="#main">Skip to the page</a>`;
  const body = page.indexOf('<body>') + '<body>'.length;
  return `${page.slice(0, body)}\n${markupText(skip)}${page.slice(body, at)}${markupText(navigation)}${page.slice(at)}`;
}
