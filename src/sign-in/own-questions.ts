// The open cases in which a person was asked or written to, the ones that wait first, and what their page shows of each.

import { askedAbout } from '../core/cases/asked-about.ts';
import type { Case, CaseAlert, CasePerson } from '../core/cases/case.ts';
import { concerns } from '../core/cases/concerns.ts';
import { mostPostponements, questionThread } from '../core/cases/question-thread.ts';
import type { QuestionThread, ThreadStep } from '../core/cases/question-thread.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Language } from '../core/language/language.ts';
import { inLanguage } from '../pages/in-language.ts';
import type { ShownCharts, ShownQuestion } from '../pages/question-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import { chartsBehind } from './charts-behind.ts';
import type { ChartsBehind } from './charts-behind.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export interface OwnQuestion {
  readonly one: Case;
  readonly thread: QuestionThread;
}

type Needs = Pick<SignInNeeds, 'cases' | 'patientNames' | 'records' | 'clock' | 'questionDue' | 'settings'>;

const mostCases = 100;
/** On one page. */
const mostShown = 10;
const mostAlerts = 10;
/** Of the charts that one alert is about. */
const mostNamed = 10;
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
  const behind = new Map<number, ChartsBehind>();
  for (const alert of shown.flatMap(({ one }) => one.alerts.slice(0, mostAlerts))) {
    const charts = await chartsBehind(needs, alert);
    if (charts !== null) behind.set(alert.sequence, charts);
  }
  const named = [...behind.values()].flatMap(({ patients }) => patients);
  const tokens = [...named, ...shown.flatMap(({ one }) => one.alerts.flatMap(({ patient }) => patient ?? []))];
  const known = await needs.patientNames.show([...new Set(tokens)]);
  const { unknownPatient } = wordsIn(language).question;
  const nameOf = (token: string): string => {
    const patient = known.get(token);
    return patient === undefined ? unknownPatient : (patient.name ?? patient.id);
  };
  const { moment } = inLanguage(language, needs.settings.clinic.timezone);
  const chartsOf = ({ sequence, time }: CaseAlert): ShownCharts | null => {
    const charts = behind.get(sequence);
    if (charts === undefined || charts.patients.length === 0) return null;
    const names = charts.patients.flatMap((token) => known.get(token)?.name ?? []).slice(0, mostNamed);
    const more = charts.patients.length - names.length;
    return { from: moment(charts.since), until: moment(time), names, more, isCut: charts.isCut };
  };
  const questions = shown.map((own) => shownQuestion(needs, own, language, { nameOf, chartsOf }));
  return { questions, more: all.length - shown.length };
}

function shownQuestion(
  { clock, questionDue, settings }: Needs,
  { one, thread }: OwnQuestion,
  language: Language,
  {
    nameOf,
    chartsOf,
  }: { readonly nameOf: (token: string) => string; readonly chartsOf: (alert: CaseAlert) => ShownCharts | null },
): ShownQuestion {
  const { date, moment } = inLanguage(language, settings.clinic.timezone);
  const alerts = one.alerts.slice(0, mostAlerts).map((alert) => ({
    at: moment(alert.time),
    about: askedAbout(alert.detector, alert.patient !== null),
    patient: alert.patient === null ? null : nameOf(alert.patient),
    charts: chartsOf(alert),
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
