// Keeps a form for its person: sealed, with a record beforehand, within the limits, and once, however often it was sent. Two
// clicks, and a form that is loaded again because its answer never came, are the same form.

import type { Buffer } from 'node:buffer';
import { logsOutOfEhr } from '../core/ehr/logs-out-of-ehr.ts';
import type { Carried } from '../core/held/carried-patient.ts';
import { sameForm } from '../core/held/same-form.ts';
import type { SentForm } from '../core/held/same-form.ts';
import { isSentByPerson } from '../core/held/sent-by-person.ts';
import { markedId } from '../core/held/send-marker.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, Targeted } from '../facts.ts';
import type { HeldOwner, HeldPosts } from '../held-ports.ts';
import type { AuditLog, Randomness, Subject } from '../ports.ts';
import { describeRequest } from './describe-request.ts';
import type { DescribeNeeds } from './describe-request.ts';
import { isReserved } from './reserved-prefix.ts';

export type KeepFormNeeds = DescribeNeeds & {
  readonly held: HeldPosts;
  readonly audit: AuditLog;
  readonly randomness: Randomness;
  readonly limits: {
    readonly bodyBytes: number;
    readonly heldPostBytes: number;
    readonly heldPostsPerPerson: number;
    readonly formTimeoutSeconds: number;
  };
};

export type Kept = { readonly kept: true } | { readonly kept: false; readonly why: string };

type Given = Arrived & Identified & Targeted;

/** Whose it is, by what is known of them, and who was open in the EHR. */
export type FormOwner = HeldOwner & Partial<Subject>;

export type KeepForm = (facts: Given, who: FormOwner, carried: Carried) => Promise<Kept>;

export function keepForm(needs: KeepFormNeeds): KeepForm {
  /** Person → what of theirs is being kept: the second click waits for the first. */
  const under = new Map<string, Promise<unknown>>();
  return async (facts, who, carried) => {
    const { exchange } = facts;
    const most = Math.min(needs.limits.heldPostBytes, needs.limits.bodyBytes);
    const leaveRoom = needs.held.reserve(who, Math.min(exchange.body.declaredBytes ?? most, most));
    if (leaveRoom === null) return not('As much as may be kept for you is waiting already');
    try {
      const body = await exchange.body.readAhead(most, needs.limits.formTimeoutSeconds * 1000);
      if (body.read === 'too-large') return not(`It is larger than the ${most} bytes that may be kept`);
      if (body.read !== 'whole') return not('It did not arrive whole in time');
      // A held post that was asked for: it waits where it is.
      if (markedId(body.bytes.toString('latin1')) === null) await inTurn(who, () => keep(facts, who, carried, body.bytes));
      return { kept: true };
    } finally {
      leaveRoom();
    }
  };

  async function inTurn({ issuer, sub }: HeldOwner, act: () => Promise<void>): Promise<void> {
    const person = JSON.stringify([issuer, sub]);
    const turn = (under.get(person) ?? Promise.resolve()).then(act, act);
    under.set(person, turn);
    try {
      await turn;
    } finally {
      if (under.get(person) === turn) under.delete(person);
    }
  }

  async function keep(facts: Given, who: FormOwner, carried: Carried, body: Buffer): Promise<void> {
    const { headers, application, target } = facts;
    const content = { target: requestLine(target), contentType: headers.get('content-type') ?? null, body };
    if (await isKept(needs.held, who, application.name, content)) return;
    const id = needs.randomness.id();
    // Beforehand: nothing of a person lies here without a record.
    const subject = { name: '', ...who };
    const receipt = await needs.audit.append(
      describeRequest(needs, 'post-held', facts, { subject, bytesIn: body.length, detail: id }),
    );
    await receipt.durable;
    await needs.held.hold(id, who, application.name, { ...content, origin: application.origin, carried });
  }
}

async function isKept(held: HeldPosts, who: HeldOwner, application: string, content: SentForm): Promise<boolean> {
  for (const one of await held.of(who, application)) {
    if (one.takenAt !== null || one.bytes !== content.body.length) continue;
    const before = await held.open(who, application, one.id);
    if (before !== null && sameForm(before, content)) return true;
  }
  return false;
}

/** A form of a page of this origin, but none of ours, and not the EHR's logout, which its pages send by themselves. */
export function mayBeKept({ method, shape, headers, target, application, exchange }: Given): boolean {
  const sent = { method, shape, headers, declaredBytes: exchange.body.declaredBytes };
  return isSentByPerson(sent, application.origin) && !isReserved(target.path) && !logsOutOfEhr(application, method, target);
}

function not(why: string): Kept {
  return { kept: false, why };
}
