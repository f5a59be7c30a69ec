// The EHR's cookies stay with the gateway, in the session's jar; where the application has none, they go to the browser for
// this host only, and never one that could be taken for ours. Which session the EHR gave is remembered before the browser
// knows it, because only a session that was given to somebody goes on in their name.

import { storeCookies } from '../core/ehr/jar.ts';
import { isOwnCookie } from '../core/session/ehr-cookies.ts';
import { ehrSessionsSet } from '../core/session/ehr-session.ts';
import { isMachine } from '../core/session/machine-session.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { EhrStanding, EhrStandings, LearnEhrSessions } from '../ehr-ports.ts';
import type { Soon } from '../ports.ts';
import type { ReplyFacts, ReplyStep } from './reply-step.ts';

export interface GuardCookiesNeeds {
  readonly standings: EhrStandings;
  readonly learnEhrSessions: LearnEhrSessions;
}

export function guardCookies(needs: GuardCookiesNeeds): ReplyStep {
  return (facts, reply) => {
    const { application } = facts;
    const classes = application.cookies ?? null;
    const kept: string[] = [];
    const cookies: string[] = [];
    const jarred: string[] = [];
    for (let i = 0; i < reply.headers.length; i += 2) {
      const name = reply.headers[i] ?? '';
      const value = reply.headers[i + 1] ?? '';
      if (name.toLowerCase() !== 'set-cookie') {
        kept.push(name, value);
        continue;
      }
      const cookie = nameOf(value);
      if (isOwnCookie(cookie)) continue;
      cookies.push(value);
      if (classes === null || classes.passthrough.includes(cookie)) kept.push(name, confineCookie(value, application.secure));
      else jarred.push(value);
    }
    reply.headers = kept;
    if (jarred.length === 0) return cookies.length > 0 ? learn(needs, facts, cookies) : undefined;
    const held = needs.standings.current(facts.session, facts.application.name);
    return held instanceof Promise
      ? held.then(async (now) => keep(needs, facts, now, jarred, cookies))
      : keep(needs, facts, held, jarred, cookies);
  };
}

/** Nothing of a late reply to a request of a sign-on that is over: its cookies would bring back a session that is over too. */
function keep(
  needs: GuardCookiesNeeds,
  facts: ReplyFacts,
  held: EhrStanding | null,
  jarred: readonly string[],
  cookies: readonly string[],
): Soon<void> {
  const { session, application, ehrStanding, target, arrivedAt } = facts;
  const now = held ?? unsigned(facts);
  if (now === null || now.standing === 'ended' || now.generation !== (ehrStanding?.generation ?? 0)) return undefined;
  const jar = storeCookies(now.jar, jarred, requestLine(target), arrivedAt);
  // The browser may come to another gateway with its next request: that one must have the cookie by then.
  const put = jar === now.jar ? undefined : needs.standings.put(session, application.name, { ...now, jar });
  return put instanceof Promise ? put.then(async () => learn(needs, facts, cookies)) : learn(needs, facts, cookies);
}

/** An EHR that signs nobody on by a recipe opens its session with its first cookie. */
function unsigned({ application, arrivedAt }: ReplyFacts): EhrStanding | null {
  if (application.signOn.by === 'recipe') return null;
  return { generation: 0, standing: 'signed-on', jar: [], signedOnAt: arrivedAt };
}

function learn(needs: GuardCookiesNeeds, facts: ReplyFacts, cookies: readonly string[]): Soon<void> {
  const { session, application, ehrSession } = facts;
  const name = application.sessionCookie ?? null;
  const values = name === null ? [] : ehrSessionsSet(cookies, name, facts.arrivedAt);
  // A machine carries no patient from one request to the next.
  if (values.length === 0 || isMachine(session)) return undefined;
  const isSelection = facts.selects !== null || facts.route.clearsSelection;
  return needs.learnEhrSessions(
    { session, application, ehrSession },
    facts.id,
    values,
    isSelection ? { patient: facts.selects } : null,
  );
}

// A cookie without a name is sent back as its bare value, which may then read `wardgate=…` (RFC 6265bis section 5.6).
function nameOf(cookie: string): string {
  return (
    cookie
      .replace(/^[\s=]+/, '')
      .split('=', 1)[0]
      ?.trim() ?? ''
  );
}

/** Drops Domain, so that a cookie never leaves this host, and adds Secure where people come by https. */
export function confineCookie(cookie: string, secure: boolean): string {
  const parts = cookie.split(';').filter((part) => !/^\s*domain\s*=/i.test(part));
  if (secure && !parts.some((part) => /^\s*secure\s*$/i.test(part))) parts.push(' Secure');
  return parts.join(';');
}
