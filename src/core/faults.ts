// The one catalogue of faults: what can break in us or around us. A fault never widens access; it ends the request.
// Each code has its heading in docs/errors.md. Internals stay in `cause`, under the request id a person can read out.

/** One row per fault: HTTP status, the title a person reads, and what they can do. */
export const faults = {
  'session-store-unavailable': { status: 503, title: 'Sessions cannot be looked up at the moment', retryAfterSeconds: 2 },
  'audit-unavailable': {
    status: 503,
    title: 'The access record cannot be written, so nothing may be opened',
    retryAfterSeconds: 5,
  },
  'identity-provider-unavailable': { status: 503, title: 'The sign-in service does not answer', retryAfterSeconds: 10 },
  'identity-provider-misbehaved': { status: 502, title: 'The sign-in service gave an answer that cannot be trusted' },
  'upstream-unreachable': { status: 502, title: 'The EHR cannot be reached' },
  'upstream-timeout': { status: 504, title: 'The EHR did not answer in time' },
  'upstream-misbehaved': { status: 502, title: 'The EHR gave an answer that cannot be passed on' },
  'upstream-busy': { status: 503, title: 'The EHR has too many requests waiting', retryAfterSeconds: 5 },
  'ehr-sign-on-failed': { status: 502, title: 'The EHR did not accept the sign-on' },
  draining: { status: 503, title: 'The gateway is being restarted', retryAfterSeconds: 10 },
  internal: { status: 500, title: 'Something went wrong in the gateway' },
} as const satisfies Record<string, { status: number; title: string; retryAfterSeconds?: number }>;

export type FaultCode = keyof typeof faults;

/** Something broke. Thrown, never returned; `http/problem.ts` is the only place that renders it. */
export class Fault extends Error {
  readonly code: FaultCode;
  constructor(code: FaultCode, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail ?? faults[code].title, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
  }
}
