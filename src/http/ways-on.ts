// Where a refusal leads: straight to the page that puts it right, or to buttons below what must be read first. Knows which
// ways need the whole window when the refusal stands in a frame. Never invents a way for a refusal that names none.

import type { Refusal } from '../core/answer.ts';
import type { CallerShape } from '../core/caller-shape.ts';
import type { Reason } from '../core/reasons.ts';
import type { PageLink } from '../pages/refusal-page.ts';

export interface WaysOn {
  /** Where the browser is sent at once; null where the refusal is told on a page. */
  readonly straight: string | null;
  /** The button of the page, and a second one where there are two things to do. */
  readonly remedy: PageLink | null;
  readonly also: PageLink | null;
}

const signInPath = '/.wardgate/sign-in';
const credentialPath = '/.wardgate/credential';

/**
 * Told on a page first, with the words on the button: when a used-up budget opens again, that another site led here, and what
 * came of signing on to the EHR. Going on is the person's own click.
 */
const toldFirst: ReadonlyMap<Reason, string> = new Map([
  ['post-not-held', 'Go on without it'],
  ['form-not-kept', 'Confirm now'],
  ['held-post-gone', 'What is kept for you'],
  ['held-post-by-rule', 'What is kept for you'],
  ['budget-exhausted', 'State a reason for more'],
  ['origin-not-permitted', 'Open it now'],
  ['ehr-credential-refused', 'Enter the new password'],
  ['ehr-password-change', "Open the EHR's password page"],
  ['ehr-sign-on-unrecognised', 'Enter your EHR password again'],
  ['ehr-sign-on-paused', 'Try again'],
  ['ehr-account-missing', 'Try again'],
  ['ehr-session-ended', 'Open the EHR again'],
]);

/** The ways on for this caller. Scripts and upgrades are sent nowhere. */
export function waysOn({ reason, remedy }: Refusal, shape: CallerShape): WaysOn {
  if (remedy === undefined) return { straight: null, remedy: null, also: null };
  const label = toldFirst.get(reason);
  if (label === undefined)
    return { straight: straightFrom(reason, remedy, shape), remedy: { href: remedy, label: 'Go on' }, also: null };
  // The EHR's own pages for signing on are made for a window, and so is what follows on them.
  const changes = reason === 'ehr-password-change';
  const wholeWindow = shape === 'frame' && (changes || remedy === '/' || leavesFrame(remedy));
  const also = changes ? { href: credentialPath, label: 'Enter the new password', wholeWindow } : null;
  return { straight: null, remedy: { href: remedy, label, wholeWindow }, also };
}

function straightFrom(reason: Reason, remedy: string, shape: CallerShape): string | null {
  if (shape === 'page') return remedy;
  if (shape !== 'frame') return null;
  // The window around it is covered and holds what the person typed: it is never led away.
  if (reason === 'session-locked') return remedy;
  return leavesFrame(remedy) ? `/.wardgate/leave-frame?to=${encodeURIComponent(remedy)}` : remedy;
}

// Our pages may stand in a frame of the EHR, so a person confirms there and goes on there. Providers refuse to be framed, and
// the EHR's start page would hold itself within the frame: these two take the whole window.
function leavesFrame(remedy: string): boolean {
  return remedy.startsWith(signInPath) || remedy.endsWith(`return=${encodeURIComponent('/')}`);
}
