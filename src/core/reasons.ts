// The closed set of reasons for a "no". A refusal is normal business: it is returned, recorded and counted under one
// of these codes. Each has its heading in docs/errors.md. This file never says how a refusal looks on the screen.

/** One row per reason: HTTP status, and the title a person reads. */
export const reasons = {
  // The request itself.
  'host-ambiguous': { status: 400, title: 'The request names no single host' },
  'host-unknown': { status: 421, title: 'This address is not served here' },
  'version-unsupported': { status: 505, title: 'This HTTP version is not accepted' },
  'method-not-allowed': { status: 405, title: 'This method is not accepted' },
  'target-malformed': { status: 400, title: 'The address is not written in its plain form' },
  'target-too-long': { status: 414, title: 'The address is too long' },
  'header-malformed': { status: 400, title: 'A header of the request cannot be accepted' },
  'headers-too-large': { status: 431, title: 'The headers of the request are too large' },
  'framing-refused': { status: 400, title: 'The length of the request is not stated plainly' },
  'transfer-coding-refused': { status: 501, title: 'This transfer coding is not accepted' },
  'length-required': { status: 411, title: 'The request must state its length' },
  'expectation-refused': { status: 417, title: 'This expectation is not accepted' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  'body-too-slow': { status: 408, title: 'The request arrived too slowly' },
  'body-not-accepted': { status: 400, title: 'This method does not take a body' },
  'method-override-refused': { status: 400, title: 'The request asks for another method than it uses' },
  'origin-not-permitted': { status: 403, title: 'The request came from another site' },
  'upgrade-malformed': { status: 400, title: 'The connection upgrade is malformed' },
  'upgrade-version': { status: 426, title: 'This WebSocket version is not accepted' },
  'page-not-found': { status: 404, title: 'There is no such page' },
  // Who it is.
  'sign-in-required': { status: 401, title: 'Please sign in' },
  'session-expired': { status: 401, title: 'Your session has ended' },
  'session-locked': { status: 423, title: 'Your session is locked' },
  'sign-in-failed': { status: 403, title: 'Signing in did not succeed' },
  'logout-token-refused': { status: 400, title: 'The logout token cannot be believed' },
  'no-role': { status: 403, title: 'Your account has no role here' },
  'groups-overage': { status: 403, title: 'Your account is in too many groups to be told' },
  'second-factor-required': { status: 401, title: 'Please confirm that it is you' },
  'second-factor-wrong': { status: 403, title: 'That code is not right' },
  'second-factor-blocked': { status: 429, title: 'Too many wrong codes' },
  'enrolment-not-permitted': { status: 403, title: 'A second factor cannot be set up from here' },
  // What the rules say.
  'no-rule': { status: 403, title: 'No rule permits this' },
  'denied-always': { status: 403, title: 'Nobody may open this' },
  'role-not-permitted': { status: 403, title: 'Your role may not open this' },
  'zone-not-permitted': { status: 403, title: 'This cannot be opened from where you are' },
  'hours-not-permitted': { status: 403, title: 'This cannot be opened at this hour' },
  'upgrade-not-permitted': { status: 403, title: 'No rule permits this live connection' },
  'case-ambiguous': { status: 400, title: 'The address is written in unusual capitals' },
  'slash-ambiguous': { status: 400, title: 'The address ends in an unusual way' },
  'field-ambiguous': { status: 400, title: 'A field of the request is ambiguous' },
  'form-unreadable': { status: 400, title: 'The form cannot be read' },
  'form-too-large': { status: 413, title: 'The form is too large to be judged' },
  'patient-ambiguous': { status: 400, title: 'It is not clear which patient this concerns' },
  'break-glass-required': { status: 403, title: 'This needs an emergency access' },
  'export-not-permitted': { status: 403, title: 'Your role may not export this' },
  'budget-exhausted': { status: 429, title: 'Your download budget is used up' },
  'ehr-credential-required': { status: 403, title: 'Your EHR password is needed once' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
} as const satisfies Record<string, { status: number; title: string }>;

export type Reason = keyof typeof reasons;
