// Notices that the EHR has ended its session, as the recipe's recognisers tell: mostly a page with status 200 that says
// so. A page is asked for again, and that signs the person on once more; a form is sent again, and that keeps it; everybody
// else is told in the shape they can use. What the EHR answered then is no chart and goes to nobody.

import { headerOf } from '../core/raw-headers.ts';
import { refuse, end } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { emptyJar } from '../core/ehr/jar.ts';
import { judgeReply, looksAtBody } from '../core/ehr/judge-reply.ts';
import type { ReplyTest } from '../core/ehr/recipe.ts';
import { isSentByPerson } from '../core/held/sent-by-person.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { EhrStanding, EhrStandings } from '../ehr-ports.ts';
import type { UpstreamReply } from '../ports.ts';
import type { ReplyFacts, ReplyStep } from './reply-step.ts';

export interface NoticeEhrEndNeeds {
  readonly standings: EhrStandings;
  /** Tells the EHR that a session there is over; nobody waits for it. */
  readonly logOutOfEhr: (application: string, standing: Pick<EhrStanding, 'standing' | 'jar'>) => void;
}

/** How far a page is looked into. A login page that stands in the place of a chart says what it is near its beginning. */
const mostBytes = 16_384;

export function noticeEhrEnd(needs: NoticeEhrEndNeeds): ReplyStep {
  return (facts, reply) => {
    const { application, ehrStanding } = facts;
    if (application.signOn.by !== 'recipe' || ehrStanding?.standing !== 'signed-on') return undefined;
    const { loggedOut } = application.signOn.recipe;
    if (loggedOut.length === 0) return undefined;
    if (!mayTell(loggedOut, reply)) {
      const byHead = loggedOut.filter((test) => !looksAtBody(test));
      return told(byHead, facts, reply, '') ? ended(needs, facts) : undefined;
    }
    return reply.peek(mostBytes).then((bytes) => {
      // Of a page that is cut nobody knows what does not stand in it.
      const tests = isWhole(reply, bytes) ? loggedOut : loggedOut.filter(({ bodyWithout }) => bodyWithout.length === 0);
      return told(tests, facts, reply, textOf(reply, bytes)) ? ended(needs, facts) : undefined;
    });
  };
}

/** Whether the body has to be looked at: HTML or JSON that is not compressed. */
function mayTell(loggedOut: readonly ReplyTest[], reply: UpstreamReply): boolean {
  if (!loggedOut.some(looksAtBody) || isEncoded(reply)) return false;
  const type = headerOf(reply.headers, 'content-type');
  return type === null || /html|json|text\/plain/i.test(type);
}

function isEncoded(reply: UpstreamReply): boolean {
  const coding = headerOf(reply.headers, 'content-encoding')?.trim().toLowerCase() ?? '';
  return coding !== '' && coding !== 'identity';
}

/** A reply that does not say its length may have brought only its beginning; one without a body says nothing. */
function isWhole(reply: UpstreamReply, bytes: Buffer): boolean {
  const length = headerOf(reply.headers, 'content-length');
  return length === null ? bytes.length > 0 && bytes.length < mostBytes : bytes.length === Number(length);
}

/** As browsers read it, where the EHR writes its pages in the charset of its time (WHATWG Encoding, section 4.2). */
function textOf(reply: UpstreamReply, bytes: Buffer): string {
  const isLatin = /;\s*charset\s*=\s*"?(?:iso-8859-1|latin1|windows-1252)\b/i.test(headerOf(reply.headers, 'content-type') ?? '');
  return new TextDecoder(isLatin ? 'windows-1252' : 'utf-8').decode(bytes);
}

function told(tests: readonly ReplyTest[], { target, application }: ReplyFacts, reply: UpstreamReply, body: string): boolean {
  const { status, headers } = reply;
  const origins = [application.origin, application.upstream];
  return judgeReply(tests, { target: requestLine(target), status, headers, body }, origins) !== null;
}

async function ended({ standings, logOutOfEhr }: NoticeEhrEndNeeds, facts: ReplyFacts): Promise<End> {
  const { session, application, ehrStanding } = facts;
  const now = await standings.current(session, application.name);
  // A late reply to a request of an earlier sign-on says nothing about the session of now.
  const isLate = now === null || now.generation !== ehrStanding?.generation;
  if (!isLate) {
    const put = standings.put(session, application.name, { ...now, standing: 'ended', jar: emptyJar });
    // An EHR that only shows its login page has not ended anything yet, and nobody comes back to that session.
    logOutOfEhr(application.name, now);
    await put;
  }
  return toldOfEnd(facts);
}

function toldOfEnd(facts: ReplyFacts): End {
  const { application, shape, method, target, held, headers, exchange } = facts;
  if (shape === 'page' && method === 'GET') {
    return end({ kind: 'plain', status: 303, headers: { location: requestLine(target), 'cache-control': 'no-store' }, body: '' });
  }
  // The EHR took nothing of it, and the browser still has it: sent once more, it finds the session ended and is kept for its
  // person (`sign-in-to-ehr`). What was held before and has been taken is not sent twice; its text stays where it was.
  const sent = { method, shape, headers, declaredBytes: exchange.body.declaredBytes };
  if (held === null && isSentByPerson(sent, application.origin)) {
    return end({ kind: 'plain', status: 307, headers: { location: requestLine(target), 'cache-control': 'no-store' }, body: '' });
  }
  const lost = 'What was sent was not taken by the EHR; copy it before you leave the page';
  return refuse('ehr-session-ended', { remedy: '/', ...(method === 'GET' || method === 'HEAD' ? {} : { detail: lost }) });
}
