// Every word about locking, for the page that unlocks and for the cover over the EHR's pages alike: one row for each
// language. `{…}` are places for values.

export interface LockTexts {
  readonly locked: string;
  readonly lockedFor: string;
  readonly kept: string;
  readonly code: string;
  readonly unlock: string;
  readonly passkey: string;
  readonly passkeyFailed: string;
  readonly checking: string;
  readonly provider: string;
  readonly somebodyElse: string;
  readonly notKept: string;
  readonly leaveTitle: string;
  readonly leaveText: string;
  readonly leaveKeep: string;
  readonly leaveDiscard: string;
  readonly leaveStay: string;
  readonly leaveFailed: string;
  readonly unlocked: string;
  readonly closeThis: string;
  readonly start: string;
  readonly ended: string;
  readonly endedFor: string;
  readonly signIn: string;
  readonly waiting: string;
  readonly unreachable: string;
  readonly warning: string;
  readonly warningHint: string;
  readonly help: string;
}

const en: LockTexts = {
  locked: 'Locked',
  lockedFor: 'The session of {name} is locked, because nobody was there.',
  kept: 'What you typed is still there.',
  code: 'Six digits from the app',
  unlock: 'Unlock',
  passkey: 'Unlock with a passkey',
  passkeyFailed: 'That did not work or was cancelled. Try again.',
  checking: 'Checking…',
  provider: 'Unlock at the sign-in service instead',
  somebodyElse: 'Sign in as somebody else',
  notKept: 'What {name} typed here could not be kept, and is lost when somebody else signs in. Press once more to go on.',
  leaveTitle: 'Make room for somebody else?',
  leaveText: 'You typed something here that is not saved. It can be kept for you alone, to be copied when you are back.',
  leaveKeep: 'Keep it and make room',
  leaveDiscard: 'Make room without keeping it',
  leaveStay: 'Stay here',
  leaveFailed: 'It could not be kept. Copy or save it, or make room without keeping it.',
  unlocked: 'Unlocked',
  closeThis: 'You can close this window and go on where you were.',
  start: 'Start page',
  ended: 'Your session has ended',
  endedFor: 'Sign in again in a window of its own, and then go on here.',
  signIn: 'Sign in',
  waiting: 'Go on in the other window.',
  unreachable: 'The gateway cannot be reached. Nothing is lost; it is tried again.',
  warning: 'This locks in {seconds} seconds',
  warningHint: 'Press any key or move the mouse to go on.',
  help: 'Questions? {help}',
};

export const lockTexts: Readonly<Record<'en', LockTexts>> = { en };
