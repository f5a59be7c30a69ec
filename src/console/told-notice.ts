// What became of a form that was sent. It takes the focus, so that it is read out first wherever the page begins, and where a
// field is to blame it leads there; that field says so as well, and is described by it.

import { html } from '../pages/html.ts';
import type { Child, Markup } from '../pages/html.ts';

export interface ToldNotice {
  readonly good: boolean;
  readonly says: string;
  /** Id of the field that is to be filled in otherwise. */
  readonly field?: string;
}

const id = 'told';

export function toldNotice(told: ToldNotice | null): Child {
  if (told === null) return '';
  const { good, says, field } = told;
  if (good) return html`<p class="notice" id="${id}" role="status" tabindex="-1" autofocus>${says}</p>`;
  return html`<p class="notice bad" id="${id}" role="alert" tabindex="-1" autofocus>
    ${field === undefined ? says : html`<a href="#${field}">${says}</a>`}
  </p>`;
}

/** What a page says at one of its words: `done` are those of what succeeded, `fields` the ids of what others are about. */
export interface NoticeWords<Word extends string> {
  readonly says: Readonly<Record<Word, string>>;
  readonly done: readonly Word[];
  readonly fields: Readonly<Partial<Record<Word, string>>>;
}

export function noticeOf<Word extends string>({ says, done, fields }: NoticeWords<Word>, word: Word | null): ToldNotice | null {
  if (word === null) return null;
  const field = fields[word];
  return { good: done.includes(word), says: says[word], ...(field === undefined ? {} : { field }) };
}

/** Attributes of the field with this id. */
export function fieldFault(told: ToldNotice | null, field: string): Markup | false {
  return told !== null && !told.good && told.field === field && html`aria-invalid="true" aria-describedby="${id}"`;
}
