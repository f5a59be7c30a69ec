// The open cases in which a person was asked or written to, the ones that wait first, and what their page shows of each.

import { askedAbout } from '../core/cases/asked-about.ts';
import type { Case, CasePerson } from '../core/cases/case.ts';
import { concerns } from '../core/cases/concerns.ts';
import { mostPostponements, questionThread } from '../core/cases/question-thread.ts';
import type { QuestionThread, ThreadStep } from '../core/cases/question-thread.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Language } from '../core/language/language.ts';
import { inLanguage } from '../pages/in-language.ts';
import type { ShownQuestion } from '../pages/question-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export interface OwnQuestion {
  readonly one: Case;
  readonly thread: QuestionThread;
}

type Needs = Pick<SignInNeeds, 'cases' | 'patientNames' | 'clock' | 'questionDue' | 'settings'>;

const mostCases = 100;
/** On one page. */
const mostShown = 10;
const mostAlerts = 10;
const order = ['question', 'message', null];

export async function ownQuestions(
  { cases }: Pick<Needs, 'cases'>,
  person: Pick<CasePerson, 'issuer' | 'sub'>,
): Promise<readonly OwnQuestion[]> {
  const open = await cases.list({ open: true, person: personKey(person), most: mostCases });
  const own = open.filter((one) => concerns({ ...one, alerts: [] }, person));
  const threads = own.flatMap((one) => {
    const thread = questionThread(one);
    return thread === null ? [] : [{ one, thread }];
  });
  return threads.toSorted((a, b) => order.indexOf(a.thread.waits) - order.indexOf(b.thread.waits));
}

export async function shownQuestions(needs: Needs, all: readonly OwnQuestion[], language: Language) {
  const shown = all.slice(0, mostShown);
  const tokens = shown.flatMap(({ one }) => one.alerts.flatMap(({ patient }) => patient ?? []));
  const known = await needs.patientNames.show([...new Set(tokens)]);
  const { unknownPatient } = wordsIn(language).question;
  const nameOf = (token: string): string => {
    const patient = known.get(token);
    return patient === undefined ? unknownPatient : (patient.name ?? patient.id);
  };
  return { questions: shown.map((own) => shownQuestion(needs, own, language, nameOf)), more: all.length - shown.length };
}

function shownQuestion(
  { clock, questionDue, settings }: Needs,
  { one, thread }: OwnQuestion,
  language: Language,
  nameOf: (token: string) => string,
): ShownQuestion {
  const { date, moment } = inLanguage(language, settings.clinic.timezone);
  const alerts = one.alerts.slice(0, mostAlerts).map(({ time, detector, patient }) => ({
    at: moment(time),
    about: askedAbout(detector, patient !== null),
    patient: patient === null ? null : nameOf(patient),
  }));
  const due = thread.askedAt === null ? 0 : questionDue(thread.askedAt);
  const left = Math.max(0, mostPostponements - thread.postponed.times);
  const overdue = clock.now() >= due;
  return {
    id: one.id,
    day: date(one.alerts[0]?.time ?? one.openedAt),
    alerts,
    moreAlerts: one.alerts.length - alerts.length,
    said: thread.steps.map((step) => ({ at: moment(step.at), by: speaker(one, step), text: textOf(step, language) })),
    asked: thread.askedAt === null ? null : { dueBy: moment(due), overdue, postponementsLeft: overdue ? 0 : left },
  };
}

function speaker({ person }: Case, { kind, by }: ThreadStep): 'you' | 'reviewer' | 'askedBy' {
  if (by === 'gateway') return 'askedBy';
  return kind === 'answer' || (by.issuer === person?.issuer && by.sub === person.sub) ? 'you' : 'reviewer';
}

/** The gateway's own question, and a reason that was chosen, in the language of the page; what people wrote as they wrote it. */
function textOf({ kind, by, text }: ThreadStep, language: Language): string | null {
  if (by === 'gateway') return null;
  const [english, here] = [wordsIn('en').question.reasons, wordsIn(language).question.reasons];
  const key = (Object.keys(english) as (keyof typeof english)[]).find(
    (name) => kind === 'answer' && (text === english[name] || text.startsWith(`${english[name]}. `)),
  );
  return key === undefined ? text : here[key] + text.slice(english[key].length);
}
