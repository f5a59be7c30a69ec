// Puts one script element into the documents of the EHR: the script that sees people at work, warns before a lock and covers
// the page (`pages/page-script`), marked where the page shows a patient. Only into what is certainly a document that a browser
// shows in a window or a frame; a fragment, a file, JSON and everything in doubt goes on byte for byte. Streams: it waits for the
// first bytes alone.

import { findScriptPlace, losesCharset } from '../core/page-script/find-script-place.ts';
import type { ScriptPlace } from '../core/page-script/find-script-place.ts';
import { metaPolicies } from '../core/page-script/meta-policies.ts';
import { mayAskOwn, scriptAllowance } from '../core/page-script/script-allowance.ts';
import { showsPatient } from '../core/page-script/shows-patient.ts';
import { headerOf, headersOf, isNamed } from '../core/raw-headers.ts';
import type { UpstreamReply } from '../ports.ts';
import { filterHeaders } from './reply-step.ts';
import type { ReplyFacts, ReplyStep } from './reply-step.ts';

export interface AddPageScriptNeeds {
  /** The script's address on every application's origin, for a browser that sends this as `Accept-Language`. */
  readonly pageScript: (accept: string | undefined) => string;
}

/** Where most documents have said what they are. */
const firstLook = 1024;
/** Some begin with a page of comments. */
const secondLook = 4096;

/** Checksums of a body that is not the EHR's any more. */
const checksums = new Set(['content-md5', 'digest', 'content-digest', 'repr-digest']);

export function addPageScript(needs: AddPageScriptNeeds): ReplyStep {
  return (facts, reply) => {
    tellScripts(facts, reply);
    if (!isDocument(facts, reply)) return undefined;
    const allowance = scriptAllowance(headersOf(reply.headers, 'content-security-policy'), facts.application.origin);
    if (!allowance.allowed) return undefined;
    const source = needs.pageScript(facts.headers.get('accept-language'));
    const nonce = allowance.nonce === null ? '' : ` nonce="${allowance.nonce}"`;
    const mark = showsPatient(facts, 'document') ? ' data-patient' : '';
    return insert(reply, facts.application.origin, Buffer.from(`<script src="${source}"${nonce}${mark}></script>`, 'latin1'));
  };
}

/** A page that opens charts by its script alone is told by the answers that it does. */
function tellScripts(facts: ReplyFacts, reply: UpstreamReply): void {
  const { application, headers } = facts;
  if (application.pageScript === false || reply.upgraded !== null || headers.get('sec-fetch-dest') !== 'empty') return;
  if (showsPatient(facts, 'answer')) reply.headers = [...reply.headers, 'wardgate-patient', 'shown'];
}

/** By what the browser asked for and by what the EHR says it is. */
function isDocument({ application, headers, method }: ReplyFacts, reply: UpstreamReply): boolean {
  if (application.pageScript === false || reply.upgraded !== null || !shownIn.has(headers.get('sec-fetch-dest') ?? ''))
    return false;
  if ((method !== 'GET' && method !== 'POST') || reply.status < 200 || reply.status > 203) return false;
  const coding = (headerOf(reply.headers, 'content-encoding') ?? 'identity').trim().toLowerCase();
  if (coding !== 'identity' || headerOf(reply.headers, 'content-range') !== null) return false;
  const disposition = headerOf(reply.headers, 'content-disposition') ?? 'inline';
  return /^\s*inline\b/i.test(disposition) && isPlainHtml(headersOf(reply.headers, 'content-type'));
}

const shownIn: ReadonlySet<string> = new Set(['document', 'iframe', 'frame']);

/** HTML in a charset whose ASCII is ASCII: every one that browsers know but UTF-16 (WHATWG Encoding, section 4.2). */
function isPlainHtml(types: readonly string[]): boolean {
  const [type = ''] = types;
  if (types.length !== 1 || !/^\s*text\/html\s*(?:;|$)/i.test(type)) return false;
  return !/charset\s*=\s*["']?\s*(?:utf-?(?:16|32)|ucs-?[24]|unicode|iso-10646-ucs|csunicode)/i.test(type);
}

async function insert(reply: UpstreamReply, own: string, script: Buffer): Promise<void> {
  let { head, place } = await look(reply, firstLook);
  if (place.found === 'not-yet') ({ head, place } = await look(reply, secondLook));
  if (place.found !== 'yes' || (!namesCharset(reply) && losesCharset(head, script.length))) return;
  if (!mayAskOwn(metaPolicies(head), own)) return;
  reply.insert(place.at, script);
  filterHeaders(reply, (name) => !checksums.has(name));
  reply.headers = reply.headers.map((text, at) =>
    at % 2 === 1 && isNamed(reply.headers[at - 1], 'content-length') ? String(Number(text) + script.length) : text,
  );
}

async function look(reply: UpstreamReply, most: number): Promise<{ readonly head: string; readonly place: ScriptPlace }> {
  const head = (await reply.peek(most)).toString('latin1');
  return { head, place: findScriptPlace(head, head.length < most) };
}

function namesCharset(reply: UpstreamReply): boolean {
  return /charset\s*=/i.test(headerOf(reply.headers, 'content-type') ?? '');
}
