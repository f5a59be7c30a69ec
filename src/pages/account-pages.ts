// The pages around one's own session: signing out, who am I, emergency access, more downloads.

import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

interface FormParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly problem: string | null;
}

/** Asks before signing out, because a link must not do it. */
export function signOutPage({ clinic, action }: { readonly clinic: PageClinic; readonly action: string }): string {
  const words = wordsIn(clinic.language).signOut;
  const body = html`<p>${words.text}</p>
    <form method="post" action="${action}"><button type="submit">${words.button}</button></form>`;
  return layout({ title: words.title, clinic, body });
}

/** A page that says one thing and offers one way on. */
export function messagePage(parts: {
  readonly clinic: PageClinic;
  readonly title: string;
  readonly text: string;
  readonly next: { readonly href: string; readonly label: string } | null;
}): string {
  const { clinic, title, text, next } = parts;
  const link = next !== null && html`<a class="button" href="${next.href}">${next.label}</a>`;
  return layout({
    title,
    clinic,
    body: html`<p>${text}</p>
      ${link}`,
  });
}

/** What the gateway knows of the person, as label and value. */
export function mePage(parts: {
  readonly clinic: PageClinic;
  readonly rows: readonly (readonly [string, string])[];
  /** Where the person's own EHR password is entered; absent where the EHR takes none. */
  readonly credential?: string;
  /** Where answers about downloads of an emergency are given; absent where none is owed. */
  readonly owed?: string;
  /** What was set up lately: whoever did not do it themselves must hear of it. */
  readonly notices?: readonly string[];
}): string {
  const words = wordsIn(parts.clinic.language).me;
  const body = html`${(parts.notices ?? []).map((notice) => html`<p class="notice" role="status">${notice}</p>`)}
    <dl>
      ${parts.rows.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <a class="button" href="/">${words.goOn}</a>
    ${
      parts.owed !== undefined &&
      html`<a class="button plain" href="${parts.owed}">${wordsIn(parts.clinic.language).disclosure.listTitle}</a>`
    }
    <a class="button plain" href="/.wardgate/sessions">${words.sessions}</a>
    <a class="button plain" href="/.wardgate/factors">${words.factors}</a>
    <a class="button plain" href="/.wardgate/device">${words.device}</a>
    ${parts.credential !== undefined && html`<a class="button plain" href="${parts.credential}">${words.credential}</a>`}
    <a class="button plain" href="/.wardgate/sign-out">${words.signOut}</a>`;
  return layout({ title: words.title, clinic: parts.clinic, body });
}

/** Asks for a stated reason: emergency access, more downloads. */
export function reasonPage(
  parts: FormParts & {
    readonly title: string;
    readonly lead: string;
    readonly label: string;
    readonly button: string;
    readonly reason: string;
  },
): string {
  const body = html`<p>${parts.lead}</p>
    ${noticeOf(parts.problem)}
    <form method="post" action="${parts.action}">
      <label for="reason">${parts.label}</label>
      <textarea id="reason" name="reason" minlength="10" maxlength="500" required aria-describedby="reason-hint">
${parts.reason}</textarea>
      <p class="hint" id="reason-hint">${wordsIn(parts.clinic.language).reason.hint}</p>
      <button type="submit">${parts.button}</button>
    </form>`;
  return layout({ title: parts.title, clinic: parts.clinic, body });
}

function noticeOf(problem: string | null): Child {
  return problem !== null && html`<p class="notice bad" role="alert">${problem}</p>`;
}
