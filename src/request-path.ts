// THE LIST. Every request, plain or upgrade, runs through these stages from top to bottom; each adds a fact or ends the
// request with an answer. What the EHR replies runs through the reply list; settling always runs. The order is checked
// by the compiler: a stage does not fit where a fact it needs is missing.

import type { Arrived } from './facts.ts';
import type { Needs } from './needs.ts';
import { RequestPath } from './pipeline.ts';
import { addPageScript } from './reply/add-page-script.ts';
import { admitReplyDownload } from './reply/admit-reply-download.ts';
import { forbidCaching } from './reply/forbid-caching.ts';
import { endWithEhr } from './reply/end-with-ehr.ts';
import { guardCookies } from './reply/guard-cookies.ts';
import { noticeEhrEnd } from './reply/notice-ehr-end.ts';
import { refuseEhrChallenge } from './reply/refuse-ehr-challenge.ts';
import type { NamedReplyStep } from './reply/reply-step.ts';
import { recordDisclosure } from './reply/record-disclosure.ts';
import { rewriteRedirects } from './reply/rewrite-redirects.ts';
import { stripHopByHop } from './reply/strip-hop-by-hop.ts';
import { closeDownload } from './settle/close-download.ts';
import { commitSelection } from './settle/commit-selection.ts';
import { countRequest } from './settle/count-request.ts';
import { noteChartOpened } from './settle/note-chart-opened.ts';
import { noteHeldSent } from './settle/note-held-sent.ts';
import { recordOutcome } from './settle/record-outcome.ts';
import { returnAnswer } from './settle/return-answer.ts';
import type { NamedSettleStep } from './settle/settle-step.ts';
import { touchSession } from './settle/touch-session.ts';
import { admitDownload } from './stages/admit-download.ts';
import { askDisclosure } from './stages/ask-disclosure.ts';
import { authorize } from './stages/authorize.ts';
import { boundRequest } from './stages/bound-request.ts';
import { canonicalizeTarget } from './stages/canonicalize-target.ts';
import { confineMachine } from './stages/confine-machine.ts';
import { expireSession } from './stages/expire-session.ts';
import { forward } from './stages/forward.ts';
import { holdPost } from './stages/hold-post.ts';
import { holdRestricted } from './stages/hold-restricted.ts';
import { identifyMachine } from './stages/identify-machine.ts';
import { identifyRequest } from './stages/identify-request.ts';
import { loadSession } from './stages/load-session.ts';
import { matchRule } from './stages/match-rule.ts';
import { nameRequest } from './stages/name-request.ts';
import { openHeld } from './stages/open-held.ts';
import { readSubjectMatter } from './stages/read-subject-matter.ts';
import { recordAttempt } from './stages/record-attempt.ts';
import { refuseLocked } from './stages/refuse-locked.ts';
import { requireAudit } from './stages/require-audit.ts';
import { requireBreakGlass } from './stages/require-break-glass.ts';
import { requireLogin } from './stages/require-login.ts';
import { requireSecondFactor } from './stages/require-second-factor.ts';
import { serveConsole } from './stages/serve-console.ts';
import { servePublicRoutes } from './stages/serve-public-routes.ts';
import { serveSessionRoutes } from './stages/serve-session-routes.ts';
import { signInToEhr } from './stages/sign-in-to-ehr.ts';
import { takeHeld } from './stages/take-held.ts';
import { takeTurn } from './stages/take-turn.ts';

/** What happens to a request before anything reaches the EHR. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is the point: it grows stage by stage
export const requestPath = (needs: Needs) =>
  new RequestPath<Arrived>()
    .stage('name-request', nameRequest(needs))
    .stage('identify-request', identifyRequest(needs))
    .stage('take-turn', takeTurn(needs))
    .stage('canonicalize-target', canonicalizeTarget(needs.limits))
    .stage('identify-machine', identifyMachine(needs))
    .stage('confine-machine', confineMachine())
    .stage('bound-request', boundRequest(needs.limits))
    .stage('serve-public-routes', servePublicRoutes(needs))
    .stage('require-audit', requireAudit(needs))
    .stage('load-session', loadSession(needs))
    .stage('expire-session', expireSession(needs))
    .stage('serve-session-routes', serveSessionRoutes(needs))
    .stage('hold-post', holdPost(needs))
    .stage('refuse-locked', refuseLocked(needs))
    .stage('require-login', requireLogin())
    .stage('open-held', openHeld(needs))
    .stage('match-rule', matchRule(needs))
    .stage('read-subject-matter', readSubjectMatter(needs))
    .stage('authorize', authorize(needs))
    .stage('require-second-factor', requireSecondFactor(needs))
    .stage('require-break-glass', requireBreakGlass(needs))
    .stage('hold-restricted', holdRestricted(needs))
    .stage('record-attempt', recordAttempt(needs))
    .stage('serve-console', serveConsole(needs))
    .stage('admit-download', admitDownload(needs))
    .stage('ask-disclosure', askDisclosure(needs))
    .stage('sign-in-to-ehr', signInToEhr(needs))
    .stage('take-held', takeHeld(needs))
    .stage('forward', forward(needs));

/** What happens to the EHR's reply before its first byte goes on. */
export const replyList = (needs: Needs): readonly NamedReplyStep[] => [
  { name: 'strip-hop-by-hop', run: stripHopByHop() },
  { name: 'end-with-ehr', run: endWithEhr(needs) },
  { name: 'notice-ehr-end', run: noticeEhrEnd(needs) },
  { name: 'rewrite-redirects', run: rewriteRedirects() },
  { name: 'guard-cookies', run: guardCookies(needs) },
  { name: 'refuse-ehr-challenge', run: refuseEhrChallenge(needs) },
  { name: 'admit-reply-download', run: admitReplyDownload(needs) },
  { name: 'record-disclosure', run: recordDisclosure(needs) },
  { name: 'forbid-caching', run: forbidCaching() },
  { name: 'add-page-script', run: addPageScript(needs) },
];

/** What always happens at the end: after an answer, a reply, an abort or a fault. */
export const settleList = (needs: Needs): readonly NamedSettleStep[] => [
  { name: 'touch-session', run: touchSession(needs) },
  { name: 'commit-selection', run: commitSelection(needs) },
  { name: 'note-chart-opened', run: noteChartOpened(needs) },
  { name: 'note-held-sent', run: noteHeldSent(needs) },
  { name: 'close-download', run: closeDownload() },
  { name: 'return-answer', run: returnAnswer() },
  { name: 'record-outcome', run: recordOutcome(needs) },
  { name: 'count-request', run: countRequest(needs) },
];
