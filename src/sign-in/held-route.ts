// GET and POST /.wardgate/held: what is held for the person, and discarding it. Sending goes to the address of the post itself
// (`stages/open-held.ts`).

import { indexRules } from '../core/policy/rule-index.ts';
import { formEncoding } from '../core/policy/form-encoding.ts';
import { readQuery, readUrlencoded } from '../core/policy/fields.ts';
import { matchRule } from '../core/policy/match-rule.ts';
import { readMultipart } from '../core/policy/multipart.ts';
import type { Fields } from '../core/policy/policy.ts';
import { maySendAgain } from '../core/held/may-send-again.ts';
import { draftFields, typedFields, typedText } from '../core/held/typed-fields.ts';
import type { TypedField } from '../core/held/typed-fields.ts';
import { canonicalize } from '../core/target/canonicalize.ts';
import type { HeldContent, HeldSummary } from '../held-ports.ts';
import { heldPage } from '../pages/held-page.ts';
import type { ShownPost } from '../pages/held-page.ts';
import { inLanguage } from '../pages/in-language.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { record, recordedSession } from './record.ts';
import { refuseScript } from './refuse-script.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function showHeld(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    if (refuseScript(needs, req, res, true)) return;
    const clinic = pageClinic(needs, res);
    const { time } = inLanguage(clinic.language, needs.settings.clinic.timezone);
    const posts: ShownPost[] = [];
    for (const post of await needs.held.of(session.subject, context.application)) {
      const content = await needs.held.open(session.subject, context.application, post.id);
      if (content !== null) posts.push(shown(needs, context, post, content, time));
    }
    sendPage(res, heldPage({ clinic, posts }));
  });
}

export function postHeld(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const { discard } = req.body as { discard?: unknown };
    const id = typeof discard === 'string' ? discard : '';
    if (await needs.held.discard(session.subject, context.application, id))
      await record(needs, context, 'post-discarded', { ...recordedSession(session), detail: id });
    sendOn(res, '/.wardgate/held');
  });
}

function shown(
  needs: SignInNeeds,
  context: OwnContext,
  post: HeldSummary,
  content: HeldContent,
  time: (at: number) => string,
): ShownPost {
  const fields = formOf(context, content);
  return {
    id: post.id,
    target: content.target,
    heldAt: time(post.heldAt),
    until: time(post.until),
    fields: post.draft ? draftFields(fields ?? new Map()) : fieldsOf(content, fields),
    state: stateOf(needs, context, post, content, fields),
    status: post.status,
  };
}

function stateOf(
  needs: SignInNeeds,
  { settings }: OwnContext,
  post: HeldSummary,
  { target: line }: HeldContent,
  form: Fields | null,
): ShownPost['state'] {
  if (post.draft) return 'draft';
  if (post.takenAt !== null) return post.status === null ? 'begun' : 'sent';
  const target = canonicalize(line, settings.targetProfile, needs.settings.limits.targetBytes);
  if ('reason' in target) return 'refused';
  const policy = needs.policy();
  const found = matchRule(policy, indexRules(policy), {
    application: settings.name,
    method: 'POST',
    target,
    query: readQuery(target.query, settings.parameters),
    form: form ?? new Map(),
    webSocket: false,
    dialect: settings.parameters,
    profile: settings.targetProfile,
  });
  const may = maySendAgain(found);
  // Rules that are only observed close nothing.
  return may === 'yes' || (may === 'refused' && policy.mode === 'observe' && found.match !== 'deny-always') ? 'waiting' : may;
}

/** The fields of a form; null where the body is none. */
function formOf({ settings }: OwnContext, { contentType, body }: HeldContent): Fields | null {
  const encoding = formEncoding(contentType);
  if (encoding.kind === 'urlencoded') return readUrlencoded(body.toString('latin1'), settings.parameters);
  if (encoding.kind !== 'multipart') return null;
  const fields = readMultipart(body, encoding.boundary, settings.parameters);
  return 'problem' in fields ? null : fields;
}

function fieldsOf({ body }: HeldContent, fields: Fields | null): readonly TypedField[] {
  return fields === null ? typedText(body.toString('utf8')) : typedFields(fields);
}
