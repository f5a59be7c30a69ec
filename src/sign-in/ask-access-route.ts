// POST /.wardgate/ask-access: a person asks for what the rules refused them, from the page that said so. Recorded first, then
// thanked for; it opens nothing. Whoever keeps the rules finds it in the access record.

import { hideIds } from '../core/patients/hide-ids.ts';
import { messagePage } from '../pages/account-pages.ts';
import { fillText } from '../pages/fill-text.ts';
import { wordsIn } from '../pages/words-in.ts';
import { openAsked } from './asked-access.ts';
import { AskedLately } from './asked-lately.ts';
import { fieldOf } from './factor-route.ts';
import { pageClinic } from './page-clinic.ts';
import { personKey } from './person-key.ts';
import { record, recordedSession } from './record.ts';
import { sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** Of the person's own sentence, characters. */
const longestSentence = 500;

export function postAskAccess(needs: SignInNeeds) {
  const lately = new AskedLately();
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const clinic = pageClinic(needs, res);
    const { ask: words, ways } = wordsIn(clinic.language);
    const now = needs.clock.now();
    const asked = openAsked(needs.sealer, session, fieldOf(req, 'asked') ?? '', now);
    if (asked === null || asked.application !== context.application) {
      sendRefusal(needs, res, 'form-unreadable', { says: words.tooOld });
      return;
    }
    const person = personKey(session.subject);
    const may = lately.take(person, asked.request, now);
    if (may === 'too-often') {
      sendRefusal(needs, res, 'too-many-attempts', { says: words.tooOften });
      return;
    }
    if (may === 'yes') {
      const { request, method, target, rule, reason } = asked;
      const sentence = sentenceOf(fieldOf(req, 'why'));
      const detail = sentence === '' ? null : hideIds(sentence, needs.recordedToken);
      try {
        await record(needs, context, 'access-asked', {
          ...recordedSession(session),
          request,
          method,
          target,
          rule,
          reason,
          detail,
        });
      } catch (cause) {
        lately.giveBack(person, request);
        throw cause;
      }
    }
    const text = fillText(words.done, { request: asked.request, help: clinic.help });
    sendPage(res, messagePage({ clinic, title: words.doneTitle, text, next: { href: '/', label: ways.start } }));
  });
}

/** One line, as far as it goes. */
function sentenceOf(typed: string | undefined): string {
  return (typed ?? '')
    .slice(0, longestSentence)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
