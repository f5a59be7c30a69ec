// Where a person goes who has just said where their download goes: to exactly that download. What was a form is sent with its bytes by
// the page that answers; anything else is asked for again by itself.

import type { Response } from 'express';
import type { DisclosureQuestion } from '../disclosure-ports.ts';
import { messagePage } from '../pages/account-pages.ts';
import { sendHeldPage } from '../pages/send-held-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import { pageClinic } from './page-clinic.ts';
import { sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export async function goOnAnswered(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  question: DisclosureQuestion,
): Promise<void> {
  const clinic = pageClinic(needs, res);
  const words = wordsIn(clinic.language).disclosure;
  const { post, method, target, application } = question.asked;
  const held = post === null ? [] : await needs.held.of(session.subject, application);
  const kept = held.find(({ id }) => id === post);
  if (post !== null && kept?.takenAt === null) {
    sendPage(res, sendHeldPage({ clinic, target, id: post }));
    return;
  }
  if (method !== 'GET') {
    sendPage(res, messagePage({ clinic, title: words.started, text: words.again, next: null }));
    return;
  }
  // The page stays where a download leaves it, so it says what happens; a document that is shown takes its place.
  res.setHeader('Refresh', `0; url=${target}`);
  sendPage(res, messagePage({ clinic, title: words.started, text: words.starts, next: { href: target, label: words.start } }));
}
