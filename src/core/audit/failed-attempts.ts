// Which records tell of somebody who did not get in, whatever they were asked for.

/** Tries to come in that did not go well. */
export const failedAttempts = [
  'sign-in-failed',
  'second-factor-failed',
  'second-factor-blocked',
  'step-up-failed',
  'unlock-failed',
  'pin-failed',
  'emergency-sign-in-failed',
] as const;
