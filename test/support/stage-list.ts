// The lists of `request-path.ts` once more, taken apart, so that a test can put a broken entry in the place of a sound one.
// A test compares the names with the real lists, so this copy cannot fall behind them unseen.

import type { Needs } from '../../src/needs.ts';
import type { StageResult } from '../../src/pipeline.ts';
import { admitDownload } from '../../src/stages/admit-download.ts';
import { askDisclosure } from '../../src/stages/ask-disclosure.ts';
import { authorize } from '../../src/stages/authorize.ts';
import { boundRequest } from '../../src/stages/bound-request.ts';
import { canonicalizeTarget } from '../../src/stages/canonicalize-target.ts';
import { confineMachine } from '../../src/stages/confine-machine.ts';
import { expireSession } from '../../src/stages/expire-session.ts';
import { forward } from '../../src/stages/forward.ts';
import { holdPost } from '../../src/stages/hold-post.ts';
import { holdRestricted } from '../../src/stages/hold-restricted.ts';
import { identifyMachine } from '../../src/stages/identify-machine.ts';
import { identifyRequest } from '../../src/stages/identify-request.ts';
import { nameRequest } from '../../src/stages/name-request.ts';
import { loadSession } from '../../src/stages/load-session.ts';
import { matchRule } from '../../src/stages/match-rule.ts';
import { openHeld } from '../../src/stages/open-held.ts';
import { readSubjectMatter } from '../../src/stages/read-subject-matter.ts';
import { recordAttempt } from '../../src/stages/record-attempt.ts';
import { refuseLocked } from '../../src/stages/refuse-locked.ts';
import { requireAudit } from '../../src/stages/require-audit.ts';
import { requireBreakGlass } from '../../src/stages/require-break-glass.ts';
import { requireLogin } from '../../src/stages/require-login.ts';
import { requireSecondFactor } from '../../src/stages/require-second-factor.ts';
import { serveConsole } from '../../src/stages/serve-console.ts';
import { servePublicRoutes } from '../../src/stages/serve-public-routes.ts';
import { serveSessionRoutes } from '../../src/stages/serve-session-routes.ts';
import { signInToEhr } from '../../src/stages/sign-in-to-ehr.ts';
import { takeHeld } from '../../src/stages/take-held.ts';
import { takeTurn } from '../../src/stages/take-turn.ts';

export interface NamedStage {
  readonly name: string;
  readonly run: (facts: never) => StageResult<object>;
}

export function stageList(needs: Needs): readonly NamedStage[] {
  return [
    { name: 'name-request', run: nameRequest(needs) },
    { name: 'identify-request', run: identifyRequest(needs) },
    { name: 'take-turn', run: takeTurn(needs) },
    { name: 'canonicalize-target', run: canonicalizeTarget(needs.limits) },
    { name: 'identify-machine', run: identifyMachine(needs) },
    { name: 'confine-machine', run: confineMachine() },
    { name: 'bound-request', run: boundRequest(needs.limits) },
    { name: 'serve-public-routes', run: servePublicRoutes(needs) },
    { name: 'require-audit', run: requireAudit(needs) },
    { name: 'load-session', run: loadSession(needs) },
    { name: 'expire-session', run: expireSession(needs) },
    { name: 'serve-session-routes', run: serveSessionRoutes(needs) },
    { name: 'hold-post', run: holdPost(needs) },
    { name: 'refuse-locked', run: refuseLocked(needs) },
    { name: 'require-login', run: requireLogin() },
    { name: 'open-held', run: openHeld(needs) },
    { name: 'match-rule', run: matchRule(needs) },
    { name: 'read-subject-matter', run: readSubjectMatter(needs) },
    { name: 'authorize', run: authorize(needs) },
    { name: 'require-second-factor', run: requireSecondFactor(needs) },
    { name: 'require-break-glass', run: requireBreakGlass(needs) },
    { name: 'hold-restricted', run: holdRestricted(needs) },
    { name: 'record-attempt', run: recordAttempt(needs) },
    { name: 'serve-console', run: serveConsole(needs) },
    { name: 'admit-download', run: admitDownload(needs) },
    { name: 'ask-disclosure', run: askDisclosure(needs) },
    { name: 'sign-in-to-ehr', run: signInToEhr(needs) },
    { name: 'take-held', run: takeHeld(needs) },
    { name: 'forward', run: forward(needs) },
  ];
}
