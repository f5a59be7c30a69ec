// GET and POST /.wardgate/question: what reviewers, or the gateway after an alert, ask of the person who is signed in, and their
// answers. A person is (issuer, sub); nobody else's case is looked at here. What is said is on record before it counts, as a step
// without its words.

import type { Request, Response } from 'express';
import type { CaseRefused } from '../case-ports.ts';
import { mostStepText } from '../core/cases/case.ts';
import { questionPage } from '../pages/question-page.ts';
import type { QuestionPageParts } from '../pages/question-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import type { Reviewer } from '../recertification-ports.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { ownQuestions, shownQuestions } from './own-questions.ts';
import type { OwnQuestion } from './own-questions.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { record, recordedSession } from './record.ts';
import { refuseScript } from './refuse-script.ts';
import { withReturn } from './return-path.ts';
import { sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/question';

type Told = QuestionPageParts['told'];

export function showQuestions(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    if (refuseScript(needs, req, res, false)) return;
    await show(needs, res, session, context, 200, null);
  });
}

export function postQuestion(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const from = handOf(session, context);
    const id = (fieldOf(req, 'case') ?? '').slice(0, 64);
    const own = (await ownQuestions(needs, session.subject)).find((question) => question.one.id === id);
    if (fieldOf(req, 'does') === 'later') {
      const refused = await needs.cases.postpone(from, id);
      return show(needs, res, session, context, statusOf(refused), toldOf(refused, 'quiet'));
    }
    const text = saidIn(req);
    if (text === null) return show(needs, res, session, context, 400, { good: false, says: 'empty' });
    if (text.length > mostStepText) return show(needs, res, session, context, 400, { good: false, says: 'tooLong' });
    const refused = await say(needs, from, id, own, text);
    await show(needs, res, session, context, statusOf(refused), toldOf(refused, 'sent'));
  });
}

/** Whatever does not belong to this person the desk refuses, and puts on record. */
async function say(
  { cases }: SignInNeeds,
  from: Reviewer,
  id: string,
  own: OwnQuestion | undefined,
  text: string,
): Promise<CaseRefused | null> {
  const asks = own === undefined || own.thread.askedAt !== null;
  return asks ? cases.takeAnswer(from, id, text) : cases.reply(from, id, text);
}

/** In English, as the console is: the reason that was chosen, and the person's own words. */
function saidIn(req: Request): string | null {
  const { reasons } = wordsIn('en').question;
  const chosen = fieldOf(req, 'reason') ?? '';
  const reason = Object.hasOwn(reasons, chosen) ? reasons[chosen as keyof typeof reasons] : '';
  const all = [reason, (fieldOf(req, 'text') ?? '').trim()].filter((part) => part !== '');
  return all.length === 0 ? null : all.join('. ');
}

function statusOf(refused: CaseRefused | null): number {
  if (refused === null) return 200;
  return refused === 'no-case' || refused === 'not-its-person' ? 404 : 409;
}

/** Somebody else's case and none at all are told alike. */
function toldOf(refused: CaseRefused | null, says: 'sent' | 'quiet'): Told {
  return refused === null ? { good: true, says } : { good: false, says: 'gone' };
}

async function show(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  context: OwnContext,
  status: number,
  told: Told,
): Promise<void> {
  const clinic = pageClinic(needs, res);
  const back = returnTo(needs, res);
  const all = await ownQuestions(needs, session.subject);
  const detail = 'the questions to them';
  await record(needs, context, 'own-access-viewed', { ...recordedSession(session), decision: 'allowed', detail });
  const { questions, more } = await shownQuestions(needs, all, clinic.language);
  const page = questionPage({ clinic, action: withReturn(path, back), back, questions, more, told });
  const shownIds = new Set(questions.map(({ id }) => id));
  for (const { one, thread } of all)
    if (shownIds.has(one.id) && !thread.seen) await needs.cases.seen(handOf(session, context), one.id);
  sendPage(res, page, status);
}

function handOf(
  { subject, roles, reference, factor }: Session,
  { requestId, address, agent, application }: OwnContext,
): Reviewer {
  const { issuer, sub, name } = subject;
  const { method, at } = factor;
  const from = { request: requestId, address, agent, application };
  return { person: { issuer, sub, name }, roles, session: reference, factor: { method, at }, ...from };
}
