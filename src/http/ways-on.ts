// Where a refusal leads: straight to the page that puts it right, or to buttons below what must be read first. Knows which
// ways need the whole window when the refusal stands in a frame. Never invents a way for a refusal that names none.

import type { Refusal } from '../core/answer.ts';
import type { CallerShape } from '../core/caller-shape.ts';
import type { Reason } from '../core/reasons.ts';
import type { Words } from '../pages/languages/en.ts';
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
const toldFirst: ReadonlyMap<Reason, keyof Words['ways']> = new Map([
  ['post-not-held', 'goOnWithout'],
  ['form-not-kept', 'confirmNow'],
  ['post-held', 'kept'],
  ['held-post-gone', 'kept'],
  ['held-post-other-patient', 'kept'],
  ['held-post-by-rule', 'kept'],
  ['budget-exhausted', 'stateReason'],
  ['restricted', 'emergencyAccess'],
  ['origin-not-permitted', 'openNow'],
  ['ehr-credential-refused', 'enterNewPassword'],
  ['ehr-password-change', 'openPasswordPage'],
  ['ehr-sign-on-unrecognised', 'enterPasswordAgain'],
  ['ehr-sign-on-paused', 'tryAgain'],
  ['ehr-account-missing', 'tryAgain'],
  ['ehr-session-ended', 'openEhrAgain'],
] as const);

/** The ways on for this caller. Scripts and upgrades are sent nowhere. */
export function waysOn({ reason, remedy }: Refusal, shape: CallerShape, words: Words['ways']): WaysOn {
  if (remedy === undefined) return { straight: null, remedy: null, also: null };
  const said = toldFirst.get(reason);
  if (said === undefined)
    return { straight: straightFrom(reason, remedy, shape), remedy: { href: remedy, label: words.goOn }, also: null };
  // The EHR's own pages for signing on are made for a window, and so is what follows on them.
  const changes = reason === 'ehr-password-change';
  const wholeWindow = shape === 'frame' && (changes || remedy === '/' || leavesFrame(remedy));
  const also = changes ? { href: credentialPath, label: words.enterNewPassword, wholeWindow } : null;
  return { straight: null, remedy: { href: remedy, label: words[said], wholeWindow }, also };
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
