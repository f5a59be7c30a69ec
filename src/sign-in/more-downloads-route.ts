// GET and POST /.wardgate/more-downloads: one stated reason extends the person's download budget once a day. Whoever
// keeps the budgets decides whether it may be, and records the reason before it takes effect.

import { messagePage, reasonPage } from '../pages/account-pages.ts';
import type { Response } from 'express';
import { fieldOf, returnTo } from './factor-route.ts';
import { readReason } from './reason-field.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/more-downloads';

export function showMoreDownloads(needs: SignInNeeds) {
  return sessionPage(needs, ({ res }) => {
    sendPage(res, page(needs, withReturn(path, returnTo(needs, res)), '', null));
  });
}

export function postMoreDownloads(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const typed = fieldOf(req, 'reason');
    const read = readReason(typed);
    if (read.reason === null) {
      sendPage(res, page(needs, withReturn(path, returnTo(needs, res)), typed ?? '', read.problem), 400);
      return;
    }
    const { requestId: request, address, agent, application } = context;
    if (await needs.extendBudget(session, read.reason, { request, address, agent, application })) extended(needs, res);
    else sendRefusal(needs, res, 'budget-exhausted', { detail: 'Your budget was extended once today already' });
  });
}

/** A download answers no page, so whoever came from one is told that it worked. */
function extended(needs: SignInNeeds, res: Response): void {
  const back = returnTo(needs, res);
  if (back !== '/') {
    sendOn(res, back);
    return;
  }
  const text = 'Your download budget is doubled until midnight. Go back and open what you need once more.';
  const next = { href: '/', label: 'Start page' };
  sendPage(res, messagePage({ clinic: needs.settings.clinic, title: 'Thank you', text, next }));
}

function page(needs: SignInNeeds, action: string, reason: string, problem: string | null): string {
  return reasonPage({
    clinic: needs.settings.clinic,
    title: 'More downloads',
    lead: 'Your download budget is used up. With a reason it is extended once today.',
    label: 'What do you need the downloads for?',
    button: 'Extend my budget',
    action,
    reason,
    problem,
  });
}
