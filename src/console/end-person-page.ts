// The page that ends somebody's access: whom it means, what will be taken away, when HR said so and why. A name that is not
// exactly one person shows who may be meant, and ends nobody.

import type { ClinicSettings } from '../config/settings.ts';
import type { Candidate } from '../control-ports.ts';
import type { EndedPerson } from '../ending-ports.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { consoleTable } from './console-table.ts';
import { fieldFault, toldNotice } from './told-notice.ts';

export const endPersonPath = '/.wardgate/console/people/end';

const words = {
  title: 'End somebody’s access',
  lead: 'At once and for good: their sign-in is blocked, every session with its downloads and live connections is cut, and stored EHR password, second factors, codes, emergency access and forms kept for them are removed. Who does it, and why, is on record.',
  person: 'Login name',
  look: 'Find them',
  notOne: 'That is not exactly one person; nobody was touched. Choose the one you mean.',
  choose: 'This one',
  seen: 'Last sign-in',
  sub: 'Name at the identity provider',
  devices: 'Now signed in at',
  sessions: 'Open sessions',
  gone: 'Their access has ended already. Ending it once more takes away what may be left.',
  notice: 'When HR said so, such as 2026-11-30T09:00 (the clinic’s time; may be left empty)',
  because: 'Why',
  end: 'End all access now',
  why: 'Say why in at least three characters; it goes on record.',
  ended: 'Access has ended.',
  step: 'Step',
  count: 'Number',
  at: 'Time',
  sessionsPage: 'Who is signed in',
  self: 'Nobody ends their own access here.',
} as const;

export interface FoundToEnd {
  readonly candidate: Candidate;
  /** What the form sends back: the name, or what the provider calls them. */
  readonly named: string;
  readonly sessions: number;
  readonly hasLeft: boolean;
}

/** A form that ended nobody: why, and what was written in it, so that nobody writes it again. */
export interface RefusedEnd {
  readonly problem: string;
  readonly notice: string;
  readonly because: string;
}

export interface EndPersonPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  /** As it was typed. */
  readonly asked: string;
  readonly shows:
    | { readonly is: 'nothing' }
    | { readonly is: 'candidates'; readonly why: string; readonly candidates: readonly Candidate[] }
    | { readonly is: 'person'; readonly person: FoundToEnd; readonly refused: RefusedEnd | null }
    | { readonly is: 'ended'; readonly ended: EndedPerson };
}

export function endPersonPage({ clinic, asked, shows }: EndPersonPageParts): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, dateStyle: 'short', timeStyle: 'medium' });
  const show: Show = (at) => time.format(Date.parse(at));
  const body = html`
    <p>${words.lead}</p>
    ${shows.is !== 'ended' && finder(asked)} ${shown(shows, show)}
    <p class="ways"><a class="button plain" href="/.wardgate/console/sessions">${words.sessionsPage}</a></p>
  `;
  return layout({ title: words.title, clinic: { ...clinic, language: 'en' }, body, wide: true });
}

export const endPersonProblems = { why: words.why, self: words.self } as const;

function finder(asked: string): Markup {
  return html`<form method="get" action="${endPersonPath}">
    <label for="person">${words.person}</label>
    <input id="person" name="person" required maxlength="200" autocomplete="off" value="${asked}" />
    <button class="plain" type="submit">${words.look}</button>
  </form>`;
}

/** ISO 8601 as the clinic's clock has it. */
type Show = (at: string) => string;

function shown(shows: EndPersonPageParts['shows'], show: Show): Markup | false {
  if (shows.is === 'person') return confirmation(shows.person, shows.refused, show);
  if (shows.is === 'ended') return steps(shows.ended, show);
  return shows.is === 'candidates' && candidatesOf(shows.why, shows.candidates, show);
}

function candidatesOf(why: string, candidates: readonly Candidate[], show: Show): Markup {
  return html`${toldNotice({ good: false, says: why, field: 'person' })}
    <p>${words.notOne}</p>
    <ul>
      ${candidates.map(
        (one) =>
          html`<li>
            ${described(one, show)} <a href="${endPersonPath}?person=${encodeURIComponent(one.sub)}">${words.choose}</a>
          </li>`,
      )}
    </ul>`;
}

function described({ name, displayName, sub, seenAt, devices }: Candidate, show: Show): string {
  const seen = seenAt === null ? '' : `, ${words.seen.toLowerCase()} ${show(seenAt)}`;
  const at = devices.length === 0 ? '' : `, ${words.devices.toLowerCase()} ${devices.join(', ')}`;
  return `${displayName ?? ''} (${name ?? sub})${seen}${at}`;
}

function confirmation({ candidate, named, sessions, hasLeft }: FoundToEnd, refused: RefusedEnd | null, show: Show): Markup {
  const problem = refused?.problem ?? null;
  const told = problem === null ? null : { good: false, says: problem, ...(problem === words.why ? { field: 'because' } : {}) };
  return html`<h2>${candidate.displayName ?? candidate.name ?? candidate.sub}</h2>
    ${hasLeft && html`<p class="notice" role="status">${words.gone}</p>`} ${toldNotice(told)}
    <dl>
      <dt>${words.person}</dt>
      <dd>${candidate.name ?? '–'}</dd>
      <dt>${words.sub}</dt>
      <dd>${candidate.sub}</dd>
      <dt>${words.seen}</dt>
      <dd>${candidate.seenAt === null ? '–' : show(candidate.seenAt)}</dd>
      <dt>${words.devices}</dt>
      <dd>${candidate.devices.join(', ') || '–'}</dd>
      <dt>${words.sessions}</dt>
      <dd>${sessions}</dd>
    </dl>
    <form method="post" action="${endPersonPath}">
      <input type="hidden" name="person" value="${named}" />
      <input type="hidden" name="sub" value="${candidate.sub}" />
      <label for="notice">${words.notice}</label>
      <input id="notice" name="notice" maxlength="40" autocomplete="off" value="${refused?.notice}" />
      <label for="because">${words.because}</label>
      <input
        id="because"
        name="because"
        required
        minlength="3"
        maxlength="300"
        autocomplete="off"
        value="${refused?.because}"
        ${fieldFault(told, 'because')}
      />
      <button type="submit">${words.end}</button>
    </form>`;
}

function steps({ name, steps: all, minutesFromNotice }: EndedPerson, show: Show): Markup {
  return html`<p class="notice" role="status">
      ${words.ended} ${name}${minutesFromNotice === null ? '' : `: ${minutesFromNotice} minutes after HR said so`}
    </p>
    ${consoleTable(
      words.ended,
      [words.step, words.count, words.at],
      all.map(({ what, count, at }) => ({ cells: [what, count, show(at)] })),
    )}`;
}
