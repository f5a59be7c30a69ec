// GET and POST /.wardgate/more-downloads: one stated reason extends the person's download budget once a day. Whoever
// keeps the budgets decides whether it may be, and records the reason before it takes effect.

import { reasonPage } from '../pages/account-pages.ts';
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
  return sessionPage(needs, async ({ req, res, session }) => {
    const typed = fieldOf(req, 'reason');
    const read = readReason(typed);
    if (read.reason === null) {
      sendPage(res, page(needs, withReturn(path, returnTo(needs, res)), typed ?? '', read.problem), 400);
      return;
    }
    if (await needs.extendBudget(session, read.reason)) sendOn(res, returnTo(needs, res));
    else sendRefusal(needs, res, 'budget-exhausted', { detail: 'Your budget was extended once today already' });
  });
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
