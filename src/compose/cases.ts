// Gives cases the parts they work on, and whoever asks people, or tells them that they were asked, the one desk of them: the order
// of its steps holds within one desk alone.

import { setTimeout as wait } from 'node:timers/promises';
import { AuditDurableEnd } from '../adapters/audit-durable-end.ts';
import { clinicTime } from '../adapters/clinic-time.ts';
import { systemRandomness } from '../adapters/randomness-system.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { Settings } from '../config/settings.ts';
import { askPerson } from '../control/ask-person.ts';
import { recordNumber } from '../core/audit/record-number.ts';
import { CaseDesk } from '../control/case-desk.ts';
import { FollowCases } from '../control/follow-cases.ts';
import { OpenQuestions } from '../control/open-questions.ts';
import type { Policy } from '../core/policy/policy.ts';
import { withinBusinessDay } from '../core/review/business-day.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { OperationsLog } from '../ports.ts';
import type { SharedChanges } from '../shared-ports.ts';
import { knownReviewers } from './known-reviewers.ts';
import type { Parts } from './open-parts.ts';

/** 96 bits: an id of a case stands in addresses and records, and opens nothing. */
const idCharacters = 16;

type CaseParts = Pick<Parts, 'audit' | 'clock' | 'search' | 'state' | 'responder' | 'gateway'>;

/** The desk, who has a question waiting, and what the gateway asks after an alert. */
export function caseDesk(
  { audit, clock, search, state, responder, gateway }: CaseParts,
  { audit: { directory, fallbackDirectory }, alerts, clinic }: Settings,
  changes: Pick<ChangeHistory, 'changes'>,
  policy: () => Policy,
  log: OperationsLog,
) {
  const directories = fallbackDirectory === null ? [directory] : [directory, fallbackDirectory];
  const times = clinicTime(clinic.timezone);
  const localDay = (at: number): string => times.localDay(at);
  const localTime = (at: number) => times.localTime(at);
  const calendar = { hours: clinic.hours, holidays: alerts.review.holidays, localDay, localTime };
  const questionDue = (askedAt: number): number => withinBusinessDay(askedAt, calendar);
  const openQuestions = new OpenQuestions(questionDue);
  const { changes: others, turns } = state.shared;
  const cases = new CaseDesk({
    audit,
    clock,
    store: state.cases,
    search,
    changes,
    deputy: alerts.review.deputy,
    isReviewer: knownReviewers(search, policy),
    newId: () => systemRandomness.id().slice(0, idCharacters),
    lastRecord: () => {
      const end = new AuditDurableEnd(directories);
      end.look();
      return recordNumber({ gateway, sequence: end.last });
    },
    questionDue,
    onStep: (one) => openQuestions.hear(one),
    onTaken: (id) => following.tell(id),
    turns,
    log: String(gateway),
  });
  const following = followOthers(others, cases, openQuestions, log);
  responder.onAsk(
    askPerson({ cases, localDay, wait: (milliseconds) => wait(milliseconds), question: wordsIn('en').question.asked }),
  );
  let unread: readonly string[] = [];
  cases.tellAll().catch((cause: unknown) => {
    log.error({ cause }, 'Who has a question waiting could not be read');
    unread = ['Who has a question waiting could not be read, so they are not told on the page of their sessions'];
  });
  return { cases, openQuestions, questionDue, look: () => following.look(), notices: () => unread };
}

/** Whoever has a question waiting is told of it at every gateway. */
function followOthers(changes: SharedChanges, cases: CaseDesk, questions: OpenQuestions, log: OperationsLog): FollowCases {
  return new FollowCases({
    changes,
    find: (id) => cases.find(id),
    hear: (one) => questions.hear(one),
    readAll: async () => {
      questions.forgetAll();
      await cases.tellAll();
    },
    onFailed: (cause) => log.warn({ error: String(cause) }, 'A step of a case at another gateway could not be read yet'),
  });
}
