// GET and POST /.wardgate/more-downloads: one stated reason extends the person's download budget once a day. Whoever
// keeps the budgets decides whether it may be, and records the reason before it takes effect.

import { messagePage, reasonPage } from '../pages/account-pages.ts';
import type { Response } from 'express';
import { wordsIn } from '../pages/words-in.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { pageClinic } from './page-clinic.ts';
import { readReason } from './reason-field.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/more-downloads';

export function showMoreDownloads(needs: SignInNeeds) {
  return sessionPage(needs, ({ res }) => {
    sendPage(res, page(needs, res, '', null));
  });
}

export function postMoreDownloads(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const typed = fieldOf(req, 'reason');
    const read = readReason(typed, wordsIn(pageClinic(needs, res).language).reason);
    if (read.reason === null) {
      sendPage(res, page(needs, res, typed ?? '', read.problem), 400);
      return;
    }
    const { requestId: request, address, agent, application } = context;
    if (await needs.extendBudget(session, read.reason, { request, address, agent, application })) extended(needs, res);
    else sendRefusal(needs, res, 'budget-exhausted', { says: wordsIn(pageClinic(needs, res).language).moreDownloads.already });
  });
}

/** A download answers no page, so whoever came from one is told that it worked. */
function extended(needs: SignInNeeds, res: Response): void {
  const back = returnTo(needs, res);
  if (back !== '/') {
    sendOn(res, back);
    return;
  }
  const clinic = pageClinic(needs, res);
  const words = wordsIn(clinic.language).moreDownloads;
  const next = { href: '/', label: words.start };
  sendPage(res, messagePage({ clinic, title: words.doneTitle, text: words.done, next }));
}

function page(needs: SignInNeeds, res: Response, reason: string, problem: string | null): string {
  const clinic = pageClinic(needs, res);
  const { title, lead, label, button } = wordsIn(clinic.language).moreDownloads;
  return reasonPage({
    clinic,
    title,
    lead,
    label,
    button,
    action: withReturn(path, returnTo(needs, res)),
    reason,
    problem,
  });
}
