// A text of the clinic that is read and acknowledged before the EHR opens. Its words are the clinic's own; nothing in them can
// become markup.

import type { ClinicText } from '../core/acknowledgement/clinic-text.ts';
import { textBlocks } from '../core/acknowledgement/text-blocks.ts';
import type { TextBlock } from '../core/acknowledgement/text-blocks.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface AcknowledgePageParts {
  readonly clinic: PageClinic;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  readonly text: ClinicText;
  /** How often it may still be put off. */
  readonly postponementsLeft: number;
  /** Texts that come after this one. */
  readonly more: number;
  /** Where an emergency access begins; null where this person has none. */
  readonly emergency: string | null;
  /** The box was left empty, or the text has changed while it was read. */
  readonly problem: 'tick' | 'changed' | null;
}

export function acknowledgePage(parts: AcknowledgePageParts): string {
  const { clinic, action, text, postponementsLeft, more, emergency, problem } = parts;
  const words = wordsIn(clinic.language).acknowledge;
  const body = html`<p>${words.lead}</p>
    ${problem !== null && html`<p class="notice" role="alert">${words[problem]}</p>`}
    <section class="policy" aria-label="${text.title}">${textBlocks(text.text).map(block)}</section>
    <p>${fillText(words.version, { version: text.version })}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="text" value="${text.id}" />
      <input type="hidden" name="version" value="${text.version}" />
      <input type="hidden" name="hash" value="${text.hash}" />
      <label class="tick"><input type="checkbox" name="read" value="yes" /> <span>${words.read}</span></label>
      <div class="ways">
        <button type="submit" name="does" value="acknowledge">${words.button}</button>
        ${
          postponementsLeft > 0 &&
          html`<button class="plain" type="submit" name="does" value="later">
            ${fillText(postponementsLeft === 1 ? words.laterLast : words.later, { left: String(postponementsLeft) })}
          </button>`
        }
      </div>
    </form>
    ${more > 0 && html`<p>${fillText(more === 1 ? words.oneMore : words.more, { count: String(more) })}</p>`}
    ${emergency !== null && html`<p class="ways"><a class="button plain" href="${emergency}">${words.emergency}</a></p>`}`;
  return layout({ title: text.title, clinic, body });
}

function block(one: TextBlock): Markup {
  if (one.kind === 'list')
    return html`<ul>
      ${one.items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
  return one.kind === 'heading' ? html`<h2>${one.text}</h2>` : html`<p>${one.text}</p>`;
}
