// The page on which a person enters what they use in the EHR itself, replaces it or takes it away, with what the EHR said to
// the last try. Never holds a password: neither the one that is stored nor the one just typed.

import { unreachable } from '../core/unreachable.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

/** What is wrong, above the form. */
export type CredentialNotice =
  /** Something about what was typed; nothing was sent to the EHR. */
  | { readonly says: 'problem'; readonly text: string }
  /** `colon` where the password holds one and is sent in a way in which some EHRs read it up to there. */
  | { readonly says: 'refused'; readonly colon?: boolean }
  /** `page` is the EHR's own page for a new password, a path of this origin. */
  | { readonly says: 'password-change'; readonly page: string }
  /** `told` is the text of the EHR's page, short and without what was typed. */
  | { readonly says: 'unrecognised'; readonly told: string };

export interface CredentialPageParts {
  readonly clinic: PageClinic;
  readonly application: string;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** What the EHR asks beyond name and password, such as `pin`. */
  readonly more: readonly string[];
  /** Whether something is stored, and whether the EHR still takes it; never what. */
  readonly stored: 'nothing' | 'accepted' | 'refused';
  /** The name as typed in the last try; empty at first. */
  readonly username: string;
  readonly notice: CredentialNotice | null;
}

const titles = {
  nothing: 'Your EHR password is needed once',
  accepted: 'Your EHR password',
  refused: 'Your new EHR password is needed',
} as const;

/** A whole document. */
export function credentialPage(parts: CredentialPageParts): string {
  const { clinic, application, action, more, stored, username, notice } = parts;
  const body = html`${noticeOf(notice, clinic)}
    <p>
      Type the name and password you use in the EHR itself (here it is called ${application}). They are tried there once and kept
      only if the EHR accepts them: sealed, and used for nothing but to sign you on there. Nobody can read them.
    </p>
    ${standingOf(stored)}
    <form method="post" action="${action}">
      <label for="username">Your name in the EHR</label>
      <input
        id="username"
        name="username"
        type="text"
        value="${username}"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        maxlength="200"
        required
      />
      ${secretField('password', 'Your password in the EHR')} ${more.map((name) => secretField(name, labelOf(name)))}
      <button type="submit">${stored === 'nothing' ? 'Sign on and keep it' : 'Sign on and replace it'}</button>
    </form>
    ${stored !== 'nothing' && removal(action)}`;
  return layout({ title: titles[stored], clinic, body });
}

function secretField(name: string, label: string): Child {
  return html`<label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="password" autocomplete="off" maxlength="500" required />`;
}

/** `pin` → `Your PIN in the EHR`, `second-word` → `Your second word in the EHR`. */
function labelOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return `Your ${words.length <= 3 ? words.toUpperCase() : words} in the EHR`;
}

function standingOf(stored: CredentialPageParts['stored']): Child {
  if (stored === 'nothing') return null;
  if (stored === 'accepted') return html`<p>A name and a password of yours are stored. What you type here replaces them.</p>`;
  return html`<p class="notice">
    The EHR no longer accepts the password that is stored. It is not tried again; type the one you use there now.
  </p>`;
}

function removal(action: string): Child {
  return html`<form method="post" action="${action}">
    <p class="hint">Once they are removed, you are asked for them when the EHR is opened again.</p>
    <button class="plain" type="submit" name="remove" value="1">Remove what is stored</button>
  </form>`;
}

const colon =
  'The password holds a colon, and some EHRs read it only up to there: if it is right, set one without a colon at the EHR.';

function noticeOf(notice: CredentialNotice | null, clinic: PageClinic): Child {
  if (notice === null) return null;
  const help = html`If it goes on, ask <strong>${clinic.help}</strong>.`;
  switch (notice.says) {
    case 'problem':
      return html`<p class="notice bad" role="alert">${notice.text}</p>`;
    case 'refused':
      return html`<p class="notice bad" role="alert">
        The EHR did not accept this name and password. Nothing was stored. ${notice.colon === true && colon} ${help}
      </p>`;
    case 'password-change':
      return html`<div class="notice" role="alert">
        <p>
          The EHR asks for a new password before it lets you in. Nothing was stored. Set the new password on the EHR's own page,
          then come back here and type it below.
        </p>
        <a class="button" href="${notice.page}" target="_blank" rel="noopener">Open the EHR's password page</a>
      </div>`;
    case 'unrecognised':
      return html`<div class="notice bad" role="alert">
        <p>The EHR answered in a way that is not known here. Nothing was stored. ${help}</p>
        ${
          notice.told !== '' &&
          html`<p>The EHR's page says:</p>
            <blockquote>${notice.told}</blockquote>`
        }
      </div>`;
    default:
      return unreachable(notice);
  }
}
