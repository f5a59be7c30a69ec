// Keeps the form that a rule answers with "confirm first", so that confirming is all that is left to do: sealed for its person,
// naming the session that sent it. Nothing of another site is kept and nothing of a script, which the page repeats by itself.

import { hash } from 'node:crypto';
import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { carriedPatient } from '../core/held/carried-patient.ts';
import { goesStraight } from '../core/held/goes-straight.ts';
import { heldPath } from '../core/held/held-path.ts';
import type { Session } from '../core/session/session.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, Matched, Opened, Targeted } from '../facts.ts';
import type { Soon } from '../ports.ts';
import { describeRequest } from './describe-request.ts';
import type { HoldPostNeeds } from './hold-post.ts';

export type Confirmable = Arrived & Identified & Targeted & Opened & Matched & { readonly session: Session };

/** What is asked for: `page` is ours, with its own query where it has one; `refused` makes the refusal with the way there. */
export interface Asks {
  readonly page: string;
  readonly refused: (remedy: string) => End;
  /** The way there where the page names what it is about by itself, and no address of the EHR; `post` is a kept form. */
  readonly way?: (post: string | null) => Soon<string>;
  /** The form is on its way to the EHR already, and cannot be kept any more. */
  readonly gone?: true;
}

export type AskToConfirm = (facts: Confirmable, asks: Asks) => Soon<End>;

export function askToConfirm(needs: HoldPostNeeds): AskToConfirm {
  const keeper = new FormKeeper(needs);
  return (facts, asks) => {
    const { held, method, target, shape } = facts;
    if (held !== null) return refused(asks, heldPath, held.direct || asks.way ? held.id : null);
    const isForm = method === 'POST' && (shape === 'page' || shape === 'frame');
    if (!isForm) return refused(asks, wayBack(method, target), null);
    return asks.gone !== true && isOurs(facts, needs)
      ? answer(keeper, facts, asks)
      : notKept(asks, 'It is compressed, names no page of ours, or nothing may be kept here');
  };
}

async function answer(keeper: FormKeeper, facts: Confirmable, asks: Asks): Promise<End> {
  const kept = await keeper.keep(facts);
  return 'id' in kept ? refused(asks, heldPath, kept.id) : notKept(asks, kept.why);
}

type Kept = { readonly id: string } | { readonly why: string };

class FormKeeper {
  readonly #needs: HoldPostNeeds;
  /** What is being kept at this moment: two clicks on one button are one form. */
  readonly #underWay = new Map<string, Promise<Kept>>();

  constructor(needs: HoldPostNeeds) {
    this.#needs = needs;
  }

  async keep(facts: Confirmable): Promise<Kept> {
    const { limits } = this.#needs;
    const most = Math.min(limits.heldPostBytes, limits.bodyBytes);
    const body = await facts.exchange.body.readAhead(most, limits.formTimeoutSeconds * 1000);
    if (body.read === 'too-large' || (body.read === 'whole' && body.bytes.length > most))
      return { why: `It is larger than the ${most} bytes that may be kept` };
    if (body.read !== 'whole') return { why: 'It did not arrive whole in time' };
    const print = hash('sha256', JSON.stringify([facts.session.reference, describe(facts), hash('sha256', body.bytes)]));
    const keeping = this.#underWay.get(print) ?? this.#once(facts, body.bytes).finally(() => this.#underWay.delete(print));
    this.#underWay.set(print, keeping);
    return keeping;
  }

  async #once(facts: Confirmable, bytes: Buffer): Promise<Kept> {
    const before = await this.#keptBefore(facts, bytes);
    if (before !== null) return { id: before };
    const leaveRoom = this.#needs.held.reserve(facts.session.subject, bytes.length);
    if (leaveRoom === null) return { why: 'As much as may be kept for you is waiting already' };
    try {
      return { id: await this.#store(facts, bytes) };
    } finally {
      leaveRoom();
    }
  }

  /** The same form of the same session, still waiting: somebody went back and sent it once more. */
  async #keptBefore(facts: Confirmable, bytes: Buffer): Promise<string | null> {
    const { session, application, arrivedAt } = facts;
    for (const one of this.#needs.held.of(session.subject, application.name)) {
      if (one.takenAt !== null || one.bytes !== bytes.length) continue;
      const content = await this.#needs.held.open(session.subject, application.name, one.id);
      if (content === null || !goesStraight(content.confirming, session.reference, one.heldAt, arrivedAt)) continue;
      if (JSON.stringify([content.target, content.contentType]) === describe(facts) && content.body.equals(bytes)) return one.id;
    }
    return null;
  }

  async #store(facts: Confirmable, body: Buffer): Promise<string> {
    const { headers, application, target, session } = facts;
    const { randomness, audit, held } = this.#needs;
    const id = randomness.id();
    const detail = `${id}, until it is confirmed`;
    const receipt = await audit.append(describeRequest(this.#needs, 'post-held', facts, { bytesIn: body.length, detail }));
    await receipt.durable;
    const contentType = headers.get('content-type') ?? null;
    const carried = carriedPatient(session.ehrSessions);
    const content = { target: requestLine(target), origin: application.origin, contentType, carried, body };
    await held.hold(id, session.subject, application.name, { ...content, confirming: session.reference });
    return id;
  }
}

/** A form of a page of this origin; what is compressed nobody could show. */
function isOurs({ headers, application }: Confirmable, { limits }: HoldPostNeeds): boolean {
  const site = headers.get('sec-fetch-site');
  if (limits.heldPostsPerPerson === 0 || headers.has('content-encoding')) return false;
  return headers.get('origin') === application.origin && (site === undefined || site === 'same-origin');
}

function describe({ target, headers }: Confirmable): string {
  return JSON.stringify([requestLine(target), headers.get('content-type') ?? null]);
}

function refused(asks: Asks, path: string, post: string | null): Soon<End> {
  const way = back(asks, path, post);
  return way instanceof Promise ? way.then(asks.refused) : asks.refused(way);
}

function back({ page, way }: Pick<Asks, 'page' | 'way'>, path: string, post: string | null): Soon<string> {
  if (way !== undefined) return way(post);
  const joint = page.includes('?') ? '&' : '?';
  return `${page}${joint}return=${encodeURIComponent(path)}${post === null ? '' : `&post=${post}`}`;
}

async function notKept({ page, way }: Asks, why: string): Promise<End> {
  return refuse('form-not-kept', { detail: why, remedy: (await way?.(null)) ?? page });
}
