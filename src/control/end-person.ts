// Ends all of somebody's access: first the door is shut, then everything behind it is taken away, each step with its time, so
// that a clinic can show how long it took. Every step may be done again: one that a crash broke off is completed at the next
// start, and a second order says what was still left.

import type { BudgetBook } from '../budget-ports.ts';
import { hash } from 'node:crypto';
import { writeLeavingNote } from '../core/audit/leaving-note.ts';
import { withdrawExtension } from '../core/downloads/extend-budget.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Subject } from '../core/session/session.ts';
import type { CredentialVault } from '../ehr-ports.ts';
import type { EndedPerson, EndedStep, Ending, Endings, GrantEnds } from '../ending-ports.ts';
import type { HeldPosts } from '../held-ports.ts';
import type { EnrolCodes } from '../people-ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { amongGateways } from './among-gateways.ts';
import { endSessions } from './end-sessions.ts';
import type { EndSessionsNeeds } from './end-sessions.ts';
import { forgetFactors } from './forget-factors.ts';
import type { ForgetFactorsNeeds } from './forget-factors.ts';
import { isoTime } from './iso-time.ts';
import { recordDurably } from './record-durably.ts';

export interface EndPersonNeeds extends EndSessionsNeeds, ForgetFactorsNeeds {
  readonly endings: Endings;
  readonly vault: Pick<CredentialVault, 'removeAll'>;
  readonly enrolCodes: Pick<EnrolCodes, 'revoke'>;
  readonly grants: GrantEnds;
  readonly held: Pick<HeldPosts, 'discardAll'>;
  readonly budgets: Pick<BudgetBook, 'account'>;
  /** What is under way for the session of this key. */
  readonly running: (key: string) => number;
  /** Absent: this gateway is alone. */
  readonly shared?: Pick<SharedParts, 'turns'>;
}

const why = 'the person has left';

export async function endPerson(needs: EndPersonNeeds, ending: Ending): Promise<EndedPerson> {
  await needs.endings.begin(ending, needs.clock.now());
  return inTurn(needs, ending, () => finishEnding(needs, ending));
}

/**
 * Everything that was begun before then and is not done, how much that was: call it before anybody is served, and now and then
 * for what another gateway left when it stopped.
 */
export async function completeEndings(needs: EndPersonNeeds, begunBefore = Infinity): Promise<number> {
  let completed = 0;
  for (const ending of await needs.endings.open(begunBefore)) {
    await inTurn(needs, ending, async () => {
      // Whoever had the turn before may have done it.
      const open = await needs.endings.open(begunBefore);
      if (!open.some((one) => keyOf(one) === keyOf(ending))) return;
      await finishEnding(needs, ending);
      completed += 1;
    });
  }
  return completed;
}

/** Two gateways never take away from one person at once: each would put on record what it found. */
function inTurn<T>({ shared }: EndPersonNeeds, ending: Ending, work: () => Promise<T>): Promise<T> {
  return amongGateways(shared?.turns, `end ${hash('sha256', keyOf(ending), 'base64url')}`, work);
}

function keyOf({ issuer, sub, name }: Ending): string {
  return JSON.stringify([issuer, sub, name]);
}

async function finishEnding(needs: EndPersonNeeds, ending: Ending): Promise<EndedPerson> {
  const steps = await takeAway(needs, ending);
  const { name, noticedAt } = ending;
  const minutes = noticedAt === null ? null : Math.ceil((needs.clock.now() - noticedAt) / 60_000);
  const notice = minutes === null || noticedAt === null ? null : { at: isoTime(noticedAt), minutes };
  const detail = writeLeavingNote({ steps, notice });
  await recordDurably(needs, 'offboarded', { subject: who(ending), decision: 'allowed', detail });
  await needs.endings.done(ending);
  return { name, steps, minutesFromNotice: minutes };
}

async function takeAway(needs: EndPersonNeeds, person: Ending): Promise<readonly EndedStep[]> {
  const steps: EndedStep[] = [];
  const step = async (what: string, count: number | Promise<number>): Promise<number> => {
    const done = await count;
    steps.push({ what, count: done, at: isoTime(needs.clock.now()) });
    return done;
  };
  await step('sign-in blocked', 1);
  // Counted before: a session's end cuts at once what is under way for it.
  const streams = await underWay(needs, person);
  await step('sessions ended', endSessions(needs, person, why));
  const unconfirmed = needs.sessions.unconfirmedEnds?.count ?? 0;
  // They hold here, and are tried again until all gateways have them.
  if (unconfirmed > 0) await step('ends not yet confirmed for the other gateways', unconfirmed);
  await step('streams cut', streams);
  const passwords = await step('EHR passwords removed', needs.vault.removeAll(person));
  if (passwords > 0) await note(needs, 'credential-removed', person, passwords);
  const factors = await forgetFactors(needs, person, why);
  for (const [what, count] of Object.entries(factors)) await step(`${what} removed`, count);
  await step('enrolment codes voided', needs.enrolCodes.revoke(person.issuer, person.name));
  await step('emergency accesses ended', needs.grants.endOf(person.issuer, person.sub, needs.clock.now()));
  // Destroyed and not kept for anybody: whoever wrote them may not send them, and nobody else may read them.
  const posts = await step('held posts discarded', needs.held.discardAll(person));
  if (posts > 0) await note(needs, 'post-discarded', person, posts);
  await step('budget extensions withdrawn', withdrawn(needs, person));
  return steps;
}

async function underWay({ sessions, running }: EndPersonNeeds, { issuer, sub }: Ending): Promise<number> {
  return (await sessions.ofSubject(issuer, sub)).reduce((sum, { key }) => sum + running(key), 0);
}

async function withdrawn({ budgets }: EndPersonNeeds, person: Ending): Promise<number> {
  const account = await budgets.account(personKey(person));
  return account.change((before) => {
    const state = withdrawExtension(before);
    return { state, result: state === before ? 0 : 1 };
  });
}

async function note(
  needs: EndPersonNeeds,
  event: 'credential-removed' | 'post-discarded',
  person: Ending,
  count: number,
): Promise<void> {
  await recordDurably(needs, event, { subject: who(person), decision: 'allowed', detail: `${count}, ${why}` });
}

function who({ issuer, sub, name }: Ending): Pick<Subject, 'issuer' | 'sub' | 'name'> {
  return { issuer, sub, name };
}
