// The list of people who have signed in here, with a search.

import type { ClinicSettings } from '../config/settings.ts';
import { html } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { KnownPerson } from '../people-ports.ts';
import { consoleTable } from './console-table.ts';

export const peoplePath = '/.wardgate/console/people';
export const personPath = `${peoplePath}/person`;

export interface PeoplePageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly search: string;
  readonly people: readonly { readonly person: KnownPerson; readonly isSignedIn: boolean }[];
  /** Those who fit and are not shown. */
  readonly more: number;
}

export function peoplePage({ clinic, search, people, more }: PeoplePageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'short' });
  const body = html`
    <p>Everybody who has signed in here. Whose page you open is on record.</p>
    <form method="get" action="${peoplePath}" class="row">
      <div><label for="search">Name contains</label><input id="search" name="search" value="${search}" autocomplete="off" /></div>
      <button type="submit">Search</button>
    </form>
    ${
      people.length === 0
        ? html`<p class="notice">Nobody of that name has signed in here.</p>`
        : consoleTable(
            'People',
            ['Login name', 'Name', 'Last sign-in', 'State'],
            people.map(({ person: { name, displayName, seenAt, leftAt }, isSignedIn }) => ({
              cells: [
                name === null ? '–' : html`<a href="${personAddress(name)}">${name}</a>`,
                displayName ?? '–',
                seenAt === null ? 'not known' : time.format(seenAt),
                leftAt !== null ? `left ${time.format(leftAt)}` : isSignedIn ? 'signed in' : 'not signed in',
              ],
            })),
          )
    }
    ${more > 0 && html`<p class="notice">${more} more people fit; write more of the name.</p>`}
  `;
  return layout({ title: 'People', clinic: { ...clinic, language: 'en' }, body, wide: true });
}

export function personAddress(name: string): string {
  return `${personPath}?${new URLSearchParams({ name }).toString()}`;
}
