// A small table of header lines in the form of the big corpus, so that its test never runs on nothing.

export interface SpoofedHeader {
  readonly id: string;
  readonly class: string;
  readonly header_lines: readonly string[];
  readonly expect: string;
}

const rows: readonly (readonly [expect: string, kind: string, ...lines: string[]])[] = [
  ['gateway-value-only', 'identity', 'X-Remote-User: admin'],
  ['gateway-value-only', 'identity', 'x-remote-user: admin'],
  ['gateway-value-only', 'identity', 'Remote-User: admin'],
  ['gateway-value-only', 'identity', 'X-Gateway-User: admin'],
  ['gateway-value-only', 'identity', 'X-Auth-Request-User: admin'],
  ['gateway-value-only', 'identity', 'X-Forwarded-User: admin'],
  ['gateway-value-only', 'identity', 'X-Wardgate-Session: admin'],
  ['gateway-value-only', 'identity', 'X-Wardgate-Token: admin'],
  ['gateway-value-only', 'duplicate', 'X-Remote-User: admin', 'X-Remote-User: root'],
  ['gateway-value-only', 'hop-by-hop-strip', 'Connection: close, X-Remote-User'],
  ['gateway-value-only', 'hop-by-hop-strip', 'Connection: x-remote-user', 'X-Remote-User: admin'],
  ['gateway-value-only', 'trailer', 'Trailer: X-Remote-User'],
  ['absent-upstream', 'identity-alias', 'X_Remote_User: admin'],
  ['absent-upstream', 'identity-alias', 'X.Remote.User: admin'],
  ['absent-upstream', 'identity-alias', 'X-Remote_User: admin'],
  ['absent-upstream', 'identity-alias', 'HTTP_X_REMOTE_USER: admin'],
  ['absent-upstream', 'identity-alias', '-X-Remote-User: admin'],
  ['absent-upstream', 'url-override', 'X-Original-URL: /admin'],
  ['absent-upstream', 'method-override', 'X-HTTP-Method-Override: DELETE'],
  ['absent-upstream', 'misc', 'Authorization: Bearer abc'],
  ['absent-upstream', 'misc', 'Proxy: http://evil.test'],
  ['absent-upstream', 'misc', '__proto__: x'],
  ['gateway-framing-unchanged', 'hop-by-hop-strip', 'Connection: close, Cookie'],
  ['gateway-framing-unchanged', 'hop-by-hop-strip', 'Connection: close, X-Forwarded-Host'],
  ['gateway-socket-ip-only', 'client-ip', 'X-Forwarded-For: 10.20.5.7'],
  ['gateway-socket-ip-only', 'client-ip', 'Forwarded: for=10.20.5.7;host=evil.test'],
  ['gateway-socket-ip-only', 'client-ip', 'X-Real-IP: 10.20.5.7'],
  ['reject-400', 'obs-fold', 'X-Ok: a\r\n X-Remote-User: admin'],
  ['reject-400', 'nul', 'X-Remote-User: admin\u0000'],
  ['reject-400', 'host', 'Host: gw.example/../admin'],
  ['reject-400', 'host', 'Host: gw.example', 'Host: gw.example'],
  ['normalise', 'host', 'Host: GW.EXAMPLE'],
  ['deny-session', 'cookie', 'Cookie: __Host-gw=ATTACK; __Host-gw=VALID'],
  ['anonymous', 'cookie', 'Cookie: __Host-gw='],
  ['strip-gateway-cookie', 'cookie', 'Cookie: EHRSESS=LEGACY; __Host-gw=VALID'],
  ['login-and-state-change-denied', 'misc', 'Sec-Fetch-Site: cross-site'],
  ['log-escaped', 'misc', 'User-Agent: {"evt":"login_ok"}'],
];

export const ownHeaderSpoofing: readonly SpoofedHeader[] = rows.map(([expect, kind, ...lines], index) => ({
  id: `own-${index + 1}`,
  class: kind,
  header_lines: lines,
  expect,
}));
