// The routes of our own pages. Mounted by `http/own-pages.ts`, which has set `res.locals.own` and the security headers.

import { json, Router, urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { postActivity, showActivity } from './activity-route.ts';
import { postAcknowledge, showAcknowledge } from './acknowledge-route.ts';
import { postAskAccess } from './ask-access-route.ts';
import { assetRoute } from './asset-route.ts';
import { backChannelLogout } from './back-channel-logout-route.ts';
import { callbackRoute } from './callback-route.ts';
import { Challenges } from './challenges.ts';
import { checkOrigin } from './check-origin.ts';
import { postCredential, showCredential } from './credential-route.ts';
import { postDevice, showDevice } from './device-route.ts';
import { postDisclosure, showDisclosure } from './disclosure-route.ts';
import { postDraft } from './draft-route.ts';
import { postEmergency, showEmergency } from './emergency-route.ts';
import { postEmergencySignIn, showEmergencySignIn } from './emergency-sign-in-route.ts';
import { postEnrol, showEnrol } from './enrol-route.ts';
import { postFactor, showFactor } from './factor-route.ts';
import { frontChannelLogout } from './front-channel-logout-route.ts';
import { postHeld, showHeld } from './held-route.ts';
import { postFactorNotices, showFactorNotices } from './factor-notices-route.ts';
import { postFactors, showFactors } from './factors-route.ts';
import { interactions } from './interaction.ts';
import { joinedRoute, joinRoute } from './join-route.ts';
import { joinedPath, joinPath } from './join-sessions.ts';
import { keysRoute } from './keys-route.ts';
import { leaveFrameRoute } from './leave-frame-route.ts';
import { meRoute } from './me-route.ts';
import { postMoreDownloads, showMoreDownloads } from './more-downloads-route.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { pendingOptions, sessionOptions, unlockOptions } from './passkey-options-route.ts';
import { postOwnSessions, showOwnSessions } from './own-sessions-route.ts';
import { postQuestion, showQuestions } from './question-route.ts';
import { signInRoutes } from './own-routes.ts';
import { sendRefusal } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { postSignOut, showSignedOut, showSignOut } from './sign-out-route.ts';
import { startRoute } from './start-route.ts';
import { confirmStepUp, postStepUp, showStepUp } from './step-up-route.ts';
import { postSwitch, showSwitch } from './switch-route.ts';
import { postTakeOver, showTakeOver } from './take-over-route.ts';
import { tryCredential } from './try-credential.ts';
import { unlockByPin } from './unlock-by-pin.ts';
import { postUnlock, showUnlock, showUnlocked } from './unlock-route.ts';
import { verifyFactor } from './verify-factor.ts';

export function createSignIn(needs: SignInNeeds): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const turns = new OneAtATime(needs.shared?.turns);
  const challenges = new Challenges(needs);
  const verify = verifyFactor(needs, turns, challenges);
  const interaction = interactions(needs);
  // A form of ours holds a code or a reason; 16 KB is plenty. The limit is a number, because an unreadable one would be none.
  // No browser compresses a form, so one that is compressed is not unpacked.
  const fields = urlencoded({ extended: false, inflate: false, limit: 16_384, parameterLimit: 20 });
  const form = [checkOrigin(needs, 'document'), fields];
  // A person confirms where they are asked, and that may be in a frame of the EHR.
  const framed = checkOrigin(needs, 'document-or-frame');
  const framedForm = [framed, fields];

  // HEAD would use up the provider's answer without signing anybody in.
  for (const path of ['/.wardgate/callback', '/.wardgate/sign-in', joinPath, joinedPath, '/.wardgate/frontchannel-logout'])
    router.head(path, notAllowed(needs, ['GET']));
  router.get('/.wardgate/assets/:name', assetRoute(needs));
  router.get('/.wardgate/sign-in', startRoute(needs));
  router.get('/.wardgate/callback', interaction, callbackRoute(needs));
  router.get(joinPath, joinRoute(needs));
  router.get(joinedPath, interaction, joinedRoute(needs));
  router.post('/.wardgate/backchannel-logout', ...backChannelLogout(needs));
  router.get('/.wardgate/frontchannel-logout', frontChannelLogout(needs));
  router.get('/.wardgate/second-factor', interaction, showFactor(needs));
  router.post('/.wardgate/second-factor', form, interaction, postFactor(needs, verify));
  router.get('/.wardgate/enrol', interaction, showEnrol(needs));
  router.post('/.wardgate/enrol', form, interaction, postEnrol(needs, turns, challenges));
  router.get('/.wardgate/emergency-sign-in', showEmergencySignIn(needs));
  router.post('/.wardgate/emergency-sign-in', form, interaction, postEmergencySignIn(needs, turns));
  deskRoutes(needs, router, form, interaction);
  passkeyRoutes(needs, router, challenges, turns, interaction);
  router.get('/.wardgate/sign-out', showSignOut(needs));
  router.post('/.wardgate/sign-out', framed, interaction, postSignOut(needs));
  router.get('/.wardgate/signed-out', showSignedOut(needs));
  router.get('/.wardgate/leave-frame', leaveFrameRoute(needs));
  router.get('/.wardgate/keys', keysRoute(needs));
  lockRoutes(needs, router, fields, verify, unlockByPin(needs, turns));
  router.get('/.wardgate/me', meRoute(needs));
  router.get('/.wardgate/step-up', showStepUp(needs));
  router.post('/.wardgate/step-up', framedForm, postStepUp(needs, verify));
  router.get('/.wardgate/credential', showCredential(needs));
  router.post('/.wardgate/credential', framedForm, postCredential(needs, tryCredential(needs, turns)));
  router.get('/.wardgate/acknowledge', showAcknowledge(needs));
  router.post('/.wardgate/acknowledge', form, postAcknowledge(needs));
  askingRoutes(needs, router, framedForm);
  for (const { path, methods } of signInRoutes) router.all(path, notAllowed(needs, methods));
  return router;
}

/** What a person asks for beyond their rules, and what is kept for them. */
function askingRoutes(needs: SignInNeeds, router: Router, framedForm: RequestHandler[]): void {
  router.get('/.wardgate/emergency', showEmergency(needs));
  router.post('/.wardgate/emergency', framedForm, postEmergency(needs));
  router.get('/.wardgate/more-downloads', showMoreDownloads(needs));
  router.post('/.wardgate/more-downloads', framedForm, postMoreDownloads(needs));
  router.get('/.wardgate/disclosure', showDisclosure(needs));
  router.post('/.wardgate/disclosure', framedForm, postDisclosure(needs));
  router.get('/.wardgate/held', showHeld(needs));
  router.post('/.wardgate/held', framedForm, postHeld(needs));
  router.post('/.wardgate/ask-access', framedForm, postAskAccess(needs));
  router.get('/.wardgate/question', showQuestions(needs));
  // Two thousand characters, each of which may take twelve when it is sent.
  const words = urlencoded({ extended: false, inflate: false, limit: 32_768, parameterLimit: 8 });
  router.post('/.wardgate/question', checkOrigin(needs, 'document'), words, postQuestion(needs));
}

/** One person at several desks, and several people at one. */
function deskRoutes(needs: SignInNeeds, router: Router, form: RequestHandler[], interaction: RequestHandler): void {
  router.get('/.wardgate/switch', showSwitch(needs));
  router.post('/.wardgate/switch', form, postSwitch(needs));
  router.get('/.wardgate/take-over', interaction, showTakeOver(needs));
  router.post('/.wardgate/take-over', form, interaction, postTakeOver(needs));
  router.get('/.wardgate/sessions', showOwnSessions(needs));
  router.post('/.wardgate/sessions', form, postOwnSessions(needs));
}

/** The script in the EHR's pages tells, unlocks and confirms from there. */
function lockRoutes(
  needs: SignInNeeds,
  router: Router,
  fields: RequestHandler,
  verify: ReturnType<typeof verifyFactor>,
  byPin: ReturnType<typeof unlockByPin>,
): void {
  const ours = checkOrigin(needs, 'anywhere');
  const told = json({ limit: 1024, inflate: false });
  router.get('/.wardgate/activity', showActivity(needs));
  router.post('/.wardgate/activity', ours, told, postActivity(needs));
  router.post('/.wardgate/draft', ours, json({ limit: 262_144, inflate: false }), postDraft(needs));
  router.get('/.wardgate/unlock', showUnlock(needs));
  router.post('/.wardgate/unlock', ours, fields, postUnlock(needs, verify, byPin));
  router.get('/.wardgate/unlocked', showUnlocked(needs));
  router.post('/.wardgate/step-up/confirm', ours, fields, confirmStepUp(needs, verify));
}

function passkeyRoutes(
  needs: SignInNeeds,
  router: Router,
  challenges: Challenges,
  turns: OneAtATime,
  interaction: RequestHandler,
): void {
  // Only a challenge is given, and a script of ours asks for it, in frames too.
  const ours = checkOrigin(needs, 'anywhere');
  const fields = urlencoded({ extended: false, inflate: false, limit: 16_384, parameterLimit: 20 });
  router.post('/.wardgate/second-factor/options', ours, interaction, pendingOptions(needs, challenges, 'sign-in'));
  router.post('/.wardgate/enrol/options', ours, interaction, pendingOptions(needs, challenges, 'enrol'));
  router.post('/.wardgate/unlock/options', ours, unlockOptions(needs, challenges));
  router.post('/.wardgate/step-up/options', ours, sessionOptions(needs, challenges, 'step-up'));
  router.post('/.wardgate/factors/options', ours, sessionOptions(needs, challenges, 'add'));
  router.get('/.wardgate/device', showDevice(needs));
  router.post('/.wardgate/device', checkOrigin(needs, 'document'), fields, postDevice(needs));
  router.get('/.wardgate/factors', showFactors(needs));
  const document = checkOrigin(needs, 'document');
  router.post('/.wardgate/factors', document, fields, postFactors(needs, challenges, turns));
  router.get('/.wardgate/notices', showFactorNotices(needs));
  router.post('/.wardgate/notices', document, fields, postFactorNotices(needs));
}

function notAllowed(needs: SignInNeeds, methods: readonly string[]) {
  return (_req: Request, res: Response): void => {
    res.setHeader('Allow', methods.join(', '));
    sendRefusal(needs, res, 'method-not-allowed');
  };
}
