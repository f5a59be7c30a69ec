// The page that ends somebody's access: whom it means, what will be taken away, when HR said so and why. A name that is not
// exactly one person shows who may be meant, and ends nobody.

import type { ClinicSettings } from '../config/settings.ts';
import type { Candidate } from '../control-ports.ts';
import type { EndedPerson } from '../ending-ports.ts';
import { html } from '../pages/html.ts';
import type { Markup } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';

export const endPersonPath = '/.wardgate/console/people/end';

const words = {
  title: 'End somebody’s access',
  lead: 'At once and for good: their sign-in is blocked, every session with its downloads and live connections is cut, and stored EHR password, second factors, codes, emergency access and held posts are removed. Who does it, and why, is on record.',
  person: 'Login name',
  look: 'Look',
  notOne: 'That is not exactly one person; nobody was touched. Choose the one you mean.',
  choose: 'This one',
  seen: 'Last sign-in',
  sub: 'At the provider',
  devices: 'Now at',
  sessions: 'Open sessions',
  gone: 'Their access has ended already. Ending it once more takes away what may be left.',
  notice: 'When HR said so (time of the clinic, may be left empty)',
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

export interface EndPersonPageParts {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  /** As it was typed. */
  readonly asked: string;
  readonly shows:
    | { readonly is: 'nothing' }
    | { readonly is: 'candidates'; readonly why: string; readonly candidates: readonly Candidate[] }
    | { readonly is: 'person'; readonly person: FoundToEnd; readonly problem: string | null }
    | { readonly is: 'ended'; readonly ended: EndedPerson };
}

export function endPersonPage({ clinic, asked, shows }: EndPersonPageParts): string {
  const body = html`
    <p>${words.lead}</p>
    ${shows.is !== 'ended' && finder(asked)} ${shown(shows)}
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

function shown(shows: EndPersonPageParts['shows']): Markup | false {
  switch (shows.is) {
    case 'nothing':
      return false;
    case 'candidates':
      return html`<p class="notice" role="alert">${shows.why}</p>
        <p>${words.notOne}</p>
        <ul>
          ${shows.candidates.map(
            (one) =>
              html`<li>
                ${described(one)} <a href="${endPersonPath}?person=${encodeURIComponent(one.sub)}">${words.choose}</a>
              </li>`,
          )}
        </ul>`;
    case 'person':
      return confirmation(shows.person, shows.problem);
    case 'ended':
      return steps(shows.ended);
  }
}

function described({ name, displayName, sub, seenAt, devices }: Candidate): string {
  const seen = seenAt === null ? '' : `, ${words.seen.toLowerCase()} ${seenAt.slice(0, 16).replace('T', ' ')} UTC`;
  const at = devices.length === 0 ? '' : `, ${words.devices.toLowerCase()} ${devices.join(', ')}`;
  return `${displayName ?? ''} (${name ?? sub})${seen}${at}`;
}

function confirmation({ candidate, named, sessions, hasLeft }: FoundToEnd, problem: string | null): Markup {
  return html`<h2>${candidate.displayName ?? candidate.name ?? candidate.sub}</h2>
    ${hasLeft && html`<p class="notice" role="status">${words.gone}</p>`}
    ${problem !== null && html`<p class="notice" role="alert">${problem}</p>`}
    <dl>
      <dt>${words.person}</dt>
      <dd>${candidate.name ?? '-'}</dd>
      <dt>${words.sub}</dt>
      <dd>${candidate.sub}</dd>
      <dt>${words.seen}</dt>
      <dd>${candidate.seenAt === null ? '-' : `${candidate.seenAt.slice(0, 16).replace('T', ' ')} UTC`}</dd>
      <dt>${words.devices}</dt>
      <dd>${candidate.devices.join(', ') || '-'}</dd>
      <dt>${words.sessions}</dt>
      <dd>${sessions}</dd>
    </dl>
    <form method="post" action="${endPersonPath}">
      <input type="hidden" name="person" value="${named}" />
      <input type="hidden" name="sub" value="${candidate.sub}" />
      <label for="notice">${words.notice}</label>
      <input id="notice" name="notice" type="datetime-local" />
      <label for="because">${words.because}</label>
      <input id="because" name="because" required minlength="3" maxlength="300" autocomplete="off" />
      <button type="submit">${words.end}</button>
    </form>`;
}

function steps({ name, steps: all, minutesFromNotice }: EndedPerson): Markup {
  return html`<p class="notice" role="status">
      ${words.ended} ${name}${minutesFromNotice === null ? '' : `: ${minutesFromNotice} min`}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="${words.ended}">
      <table>
        <thead>
          <tr>
            ${[words.step, words.count, words.at].map((word) => html`<th scope="col">${word}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ what, count, at }) =>
              html`<tr>
                <td>${what}</td>
                <td>${count}</td>
                <td>${at.slice(11, 19)} UTC</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
