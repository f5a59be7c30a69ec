// What a person can do about a "no" or a fault, in one or two sentences for each code. The title says what happened, the
// detail why; this says how to go on. Never says more about the rules than the refusal itself does.

import type { FaultCode } from '../core/faults.ts';
import type { Reason } from '../core/reasons.ts';

const tryAgain = 'Go back and try again.';
const oddAddress = 'Open the page through the menu instead of a saved or copied link.';
const oddBrowser = 'Close the browser, open it again and try once more.';
const access = 'If your work needs this, ask for it; nothing is wrong with your account.';
const wait = 'Wait a minute and try again. Nothing you saved is lost.';

/** One entry for each reason and each fault, so that no page leaves a person without a way on. */
const advice: Readonly<Record<Reason | FaultCode, string>> = {
  'host-ambiguous': oddBrowser,
  'host-unknown': 'Check the address you typed, or open the one that is named here.',
  'version-unsupported': oddBrowser,
  'method-not-allowed': tryAgain,
  'target-malformed': oddAddress,
  'target-too-long': oddAddress,
  'header-malformed': oddBrowser,
  'headers-too-large': oddBrowser,
  'framing-refused': oddBrowser,
  'transfer-coding-refused': oddBrowser,
  'length-required': oddBrowser,
  'expectation-refused': oddBrowser,
  'body-too-large': 'Send a smaller file.',
  'body-too-slow': 'Check the network and try again.',
  'body-not-accepted': tryAgain,
  'method-override-refused': tryAgain,
  'origin-not-permitted': 'Open the page from the start and fill in the form there.',
  'upgrade-malformed': tryAgain,
  'upgrade-version': oddBrowser,
  'page-not-found': 'Check the address, or go on from the start page.',
  'sign-in-required': 'Sign in and try again.',
  'session-expired': 'Sign in again to go on.',
  'session-locked': 'Unlock your session to go on.',
  'post-not-held':
    'Nothing is lost yet: sign in in another tab, come back here, press Back and send it once more. Or press Back and copy it.',
  'held-post-gone': 'Look in the EHR whether it is there. What is still kept for you is listed on its own page, to be copied.',
  'held-post-by-rule': 'Copy the text, open the page in the EHR and enter it anew.',
  'unlock-not-yours': 'Sign in as yourself: that ends the session that is locked here. Or let its person unlock it.',
  'sign-in-failed': 'Try again. If it happens twice, ask for help.',
  'logout-token-refused': 'This address is for the sign-in service alone.',
  'no-role':
    'Ask for your account to be given a role, and sign in again then. If this is not your account, sign out and use your own.',
  'groups-overage': 'Ask for your account to be put in order; trying again does not help.',
  'passkey-copied': 'Use another way to confirm, and tell IT: two devices may hold the same key.',
  'last-factor': 'Add another second factor first.',
  'second-factor-required': 'Type a fresh code and try again.',
  'second-factor-wrong': 'Wait for the next code and type it again.',
  'second-factor-blocked': 'Wait until the time is over. If it was not you who typed them, tell us at once.',
  'enrolment-not-permitted': 'Come to a computer in the clinic for the first sign-in.',
  'device-not-permitted': 'Ask IT to register this desk.',
  'machine-unknown': 'Check the certificate or the token of this machine, and the address it comes from.',
  'caller-ambiguous': 'Send either what proves a machine or the session of a person, never both.',
  'machine-not-permitted': 'A rule must name this machine before it may do this.',
  'no-rule': `No role opens this page. ${access}`,
  'denied-always': 'This is closed for everybody. Go on from the start page.',
  'role-not-permitted': access,
  'zone-not-permitted': 'Use a computer in the place the rule names.',
  'hours-not-permitted': 'Come back in the hours the rule names.',
  'upgrade-not-permitted': access,
  'case-ambiguous': oddAddress,
  'slash-ambiguous': oddAddress,
  'field-ambiguous': 'Go back, open the page again and fill it in once more.',
  'form-unreadable': 'Go back, open the page again and fill it in once more.',
  'form-too-large': 'Send less at once.',
  'patient-ambiguous': 'Open the patient again, wait until the chart is there, and go on.',
  'break-glass-required': 'State why it is needed now.',
  'export-not-permitted': 'You may read this on the screen. If your work needs the file, ask for it.',
  'budget-exhausted': 'Wait until then. Charts you have opened in this hour stay open to you.',
  'ehr-credential-required': 'Type your EHR password once.',
  'ehr-credential-refused':
    'Enter the password you use in the EHR now. The old one is not tried again, so that the EHR does not lock you out.',
  'ehr-password-change': "Set a new password on the EHR's own page. Then enter the new one here as well.",
  'ehr-sign-on-unrecognised': 'Try again. If it happens twice, ask for help.',
  'ehr-sign-on-paused':
    'Wait until the time is over. Too many sign-ons failed there lately, and the EHR would lock the whole clinic out.',
  'ehr-account-missing': 'Ask for an account in the EHR to be set up for your role; trying again does not help.',
  'ehr-session-ended': 'Open the EHR again; you are signed on anew. What was not saved there has to be typed once more.',
  'too-many-attempts': 'Wait until the time is over. If it was not you, tell us at once.',
  'session-store-unavailable': wait,
  'audit-unavailable': 'Ask for help at once: until it is repaired nobody can open a chart.',
  'identity-provider-unavailable': wait,
  'identity-provider-misbehaved': 'Try again. If it happens twice, ask for help.',
  'upstream-unreachable': wait,
  'upstream-timeout': 'Wait a minute and look whether it went through before you send it again.',
  'upstream-misbehaved': 'Try again. If it happens twice, ask for help.',
  'upstream-busy': wait,
  'ehr-sign-on-failed': 'Try again. If it happens twice, ask for help.',
  draining: wait,
  internal: 'Try again. If it happens twice, ask for help.',
};

/** The sentences for a reason or fault code. */
export function adviceFor(code: string): string {
  return Object.hasOwn(advice, code) ? advice[code as Reason | FaultCode] : advice.internal;
}
