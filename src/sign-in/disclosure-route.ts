// GET and POST /.wardgate/disclosure: whether a download leaves treatment, payment and operations, asked of whoever wants it, and
// afterwards of whoever took it in an emergency. `?ask=` names a question of this very session, `?owed=` a download that is owed.

import type { Request, Response } from 'express';
import { readDisclosure } from '../core/disclosures/read-disclosure.ts';
import type { WrittenDisclosure } from '../core/disclosures/read-disclosure.ts';
import type { AskedDownload, DisclosureAnswer, DisclosureQuestion } from '../disclosure-ports.ts';
import { disclosurePage, waitingDownloadsPage } from '../pages/disclosure-page.ts';
import type { DisclosurePageParts } from '../pages/disclosure-page.ts';
import { fillText } from '../pages/fill-text.ts';
import { inLanguage, minutesIn } from '../pages/in-language.ts';
import { messagePage } from '../pages/account-pages.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import { fieldOf } from './factor-route.ts';
import { goOnAnswered } from './go-on-answered.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { record } from './record.ts';
import { recordOwedAnswer } from './record-owed-answer.ts';
import { refuseScript } from './refuse-script.ts';
import { sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/disclosure';
const fields = ['recipient', 'address', 'description', 'purpose', 'basis', 'patients', 'count'] as const;

/** What the page is about. */
type Asked =
  | { readonly kind: 'question'; readonly download: DisclosureQuestion; readonly action: string }
  | { readonly kind: 'owed'; readonly download: AskedDownload; readonly action: string };

export function showDisclosure(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session }) => {
    if (refuseScript(needs, req, res, true)) return;
    if (ownContext(needs, res).target.query === null) await showWaiting(needs, res, session);
    else {
      const asked = await askedIn(needs, res, session);
      if (asked === null) tellGone(needs, res);
      else sendPage(res, page(needs, res, asked, saysYes(needs, res) ? beforehand(asked) : null, null));
    }
  });
}

export function postDisclosure(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const asked = await askedIn(needs, res, session);
    if (asked === null) {
      tellGone(needs, res);
      return;
    }
    const said = fieldOf(req, 'leaves');
    if (said === 'cancel' && asked.kind === 'question') {
      await cancel(needs, res, asked.download, context);
      return;
    }
    if (said === 'no') await take(needs, res, session, context, asked, { leaves: false }, false);
    else await takeYes(needs, req, res, session, context, asked);
  });
}

async function takeYes(
  needs: SignInNeeds,
  req: Request,
  res: Response,
  session: Session,
  context: OwnContext,
  asked: Asked,
): Promise<void> {
  const written = Object.fromEntries(fields.map((name) => [name, fieldOf(req, name) ?? ''])) as WrittenDisclosure;
  const read = readDisclosure(written, asked.download.patient !== null);
  if (read.ok) {
    const answer = { leaves: true, disclosure: read.disclosure, patients: read.patients } as const;
    await take(needs, res, session, context, asked, answer, fieldOf(req, 'next') === 'yes');
    return;
  }
  const words = wordsIn(pageClinic(needs, res).language).disclosure;
  sendPage(res, page(needs, res, asked, written, fillText(words.wrong[read.wrong], { field: words[read.field] })), 400);
}

async function take(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  context: OwnContext,
  asked: Asked,
  answer: DisclosureAnswer,
  next: boolean,
): Promise<void> {
  const words = wordsIn(pageClinic(needs, res).language).disclosure;
  if (asked.kind === 'owed') {
    if (await recordOwedAnswer(needs, session, context, asked.download, answer)) tell(needs, res, words.started, words.done);
    else tellGone(needs, res);
    return;
  }
  const allowed = needs.policy().disclosures?.sameRecipient ?? null;
  const standing = next && allowed !== null ? { files: allowed.files, until: needs.clock.now() + allowed.seconds * 1000 } : null;
  if (await needs.disclosureQuestions.answer(asked.download, answer, standing))
    await goOnAnswered(needs, res, session, asked.download);
  else tellGone(needs, res);
}

async function cancel(needs: SignInNeeds, res: Response, question: DisclosureQuestion, context: OwnContext): Promise<void> {
  const words = wordsIn(pageClinic(needs, res).language).disclosure;
  if (!(await needs.disclosureQuestions.cancel(question))) {
    tellGone(needs, res);
    return;
  }
  const { event: _event, time: _time, ...entry } = question.entry;
  await record(needs, context, 'disclosure-cancelled', { ...entry, address: context.address, decision: 'refused' });
  tell(needs, res, words.title, words.cancelled);
}

async function showWaiting(needs: SignInNeeds, res: Response, session: Session): Promise<void> {
  const clinic = pageClinic(needs, res);
  const { moment } = inLanguage(clinic.language, needs.settings.clinic.timezone);
  const said = (name: 'ask' | 'owed') => (one: AskedDownload) => ({
    href: `${path}?${name}=${one.id}`,
    what: `${whatOf(one)}, ${moment(one.at)}`,
  });
  const owed = await needs.disclosures.owed(session.subject);
  const open = await needs.disclosureQuestions.of(session.reference);
  sendPage(res, waitingDownloadsPage({ clinic, open: open.map(said('ask')), owed: owed.map(said('owed')) }));
}

async function askedIn(needs: SignInNeeds, res: Response, session: Session): Promise<Asked | null> {
  const query = new URLSearchParams(ownContext(needs, res).target.query ?? '');
  const ask = query.get('ask');
  if (ask !== null) {
    const download = await needs.disclosureQuestions.find(ask, session.reference);
    return download === null ? null : { kind: 'question', download, action: `${path}?ask=${download.id}` };
  }
  const id = query.get('owed');
  const download = (await needs.disclosures.owed(session.subject)).find((one) => one.id === id);
  return download === undefined ? null : { kind: 'owed', download, action: `${path}?owed=${download.id}` };
}

/** `written`: what stands in the form; null where it is closed. */
function page(
  needs: SignInNeeds,
  res: Response,
  asked: Asked,
  written: WrittenDisclosure | null,
  problem: string | null,
): string {
  const clinic = pageClinic(needs, res);
  const words = wordsIn(clinic.language).disclosure;
  const { patient, at } = asked.download;
  const isOwed = asked.kind === 'owed';
  const what = whatOf(asked.download);
  const { moment } = inLanguage(clinic.language, needs.settings.clinic.timezone);
  const plain = patient === null ? fillText(words.what, { what }) : fillText(words.whatOf, { what, patient });
  const about = isOwed ? fillText(words.whatOwed, { time: moment(at), what }) : plain;
  const parts: DisclosurePageParts = {
    clinic,
    action: asked.action,
    about: `${about}.`,
    isOwed,
    namesPatient: patient !== null,
    isOpen: written !== null,
    written: written ?? {},
    problem,
    next: isOwed ? null : nextOf(needs, clinic.language),
  };
  return disclosurePage(parts);
}

function nextOf(needs: SignInNeeds, language: Parameters<typeof wordsIn>[0]): string | null {
  const allowed = needs.policy().disclosures?.sameRecipient ?? null;
  if (allowed === null) return null;
  const time = minutesIn(language, allowed.seconds);
  return fillText(wordsIn(language).disclosure.next, { files: String(allowed.files), time });
}

/** What IT calls the data, else the rule. */
function whatOf({ entry }: AskedDownload): string {
  return (entry.category ?? entry.rule ?? '–').replaceAll('-', ' ');
}

function saysYes(needs: SignInNeeds, res: Response): boolean {
  return new URLSearchParams(ownContext(needs, res).target.query ?? '').get('yes') === '1';
}

function beforehand({ download }: Asked): WrittenDisclosure {
  return { description: whatOf(download) };
}

function tell(needs: SignInNeeds, res: Response, title: string, said: string): void {
  const clinic = pageClinic(needs, res);
  sendPage(res, messagePage({ clinic, title, text: said, next: { href: '/', label: wordsIn(clinic.language).disclosure.home } }));
}

function tellGone(needs: SignInNeeds, res: Response): void {
  const words = wordsIn(pageClinic(needs, res).language).disclosure;
  const clinic = pageClinic(needs, res);
  sendPage(res, messagePage({ clinic, title: words.title, text: words.gone, next: { href: path, label: words.listTitle } }), 409);
}
