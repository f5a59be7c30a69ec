// Facts of a request for the tests of single stages: an exchange with no socket behind it, and an application.

import type { ApplicationSettings } from '../../src/config/settings.ts';
import type { Exchange, RequestBody, UpstreamReply } from '../../src/ports.ts';
import { End } from '../../src/core/answer.ts';

export function applicationOf(more: Partial<ApplicationSettings> = {}): ApplicationSettings {
  return {
    name: 'ehr',
    origin: 'https://ehr.example',
    host: 'ehr.example',
    secure: true,
    upstream: 'http://10.0.0.5:8080',
    trustFile: null,
    targetProfile: 'generic',
    parameters: 'strict',
    hostHeader: 'external',
    signOn: { by: 'none' },
    identityHeaders: { name: null, subject: null, roles: null, session: null, jwt: null },
    methodOverrideParameters: [],
    passHeaders: [],
    webSocketProtocols: [],
    ...more,
  };
}

const bodyOf = (declaredBytes: number | null): RequestBody => ({
  declaredBytes,
  receivedBytes: 0,
  cut: null,
  readAhead: () => Promise.resolve({ read: 'whole', bytes: Buffer.alloc(0) }),
  forwardable: () => null,
});

export function exchangeOf(
  rawHeaders: readonly string[] = [],
  more: Partial<Exchange> & { readonly bodyBytes?: number | null } = {},
): Exchange {
  const { bodyBytes = 0, ...rest } = more;
  return {
    method: 'GET',
    rawTarget: '/',
    httpVersion: '1.1',
    rawHeaders,
    peerAddress: '10.1.1.1',
    door: { by: 'people' },
    isUpgrade: false,
    body: bodyOf(bodyBytes),
    aborted: false,
    onAbort: () => undefined,
    ...rest,
  };
}

/** Headers as identify-request hands them on; names in lower case. */
export function headersOf(headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers));
}

/** The reason of a refusal, or what else came back. */
export function reasonOf(result: unknown): unknown {
  if (!(result instanceof End)) return result;
  return result.answer.kind === 'refusal'
    ? result.answer.reason
    : result.answer.kind === 'fault'
      ? result.answer.code
      : result.answer.kind;
}

export function replyOf(headers: readonly string[], status = 200): UpstreamReply {
  return {
    status,
    headers: [...headers],
    upgraded: null,
    peek: () => Promise.resolve(Buffer.alloc(0)),
    insert: () => undefined,
    start: () => undefined,
    resume: () => undefined,
    abort: () => undefined,
  };
}
