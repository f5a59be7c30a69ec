// An EHR with a login form, a carried patient and a memory for sessions, made by hand on a bare socket, so that a test may
// hold any of its answers back until something else has happened.

import { startWireEhr } from './wire-ehr.ts';
import type { WireEhr, WireRequest } from './wire-ehr.ts';

export interface FormEhr {
  readonly origin: string;
  readonly wire: WireEhr;
  /** Session → user, of those who are logged in. */
  readonly sessions: Map<string, { readonly user: string; patient: string | null }>;
  /** `GET /chart?set=7 SID=open-1`, in order. */
  lines(): string[];
  /** Requests whose line begins so. */
  count(start: string): number;
  /** Holds back every answer to a line that begins so, until it is called again without one. */
  hold(start: string | null): void;
  /** Headers for the next answers to a line that begins so. */
  adding: { readonly start: string; readonly headers: readonly string[] } | null;
  /** What its pages say in place of what they should, with status 200. */
  says: string | null;
  /** The passwords that are taken, by user. */
  readonly passwords: Map<string, string>;
  close(): Promise<void>;
}

export const formPreset = `describes: An EHR made for a test
sessionCookie: SID
signOn:
  by: recipe
  steps:
    - get: /login
      take: { token: { field: token } }
    - post: /login
      form: { token: '{token}', user: '{username}', pass: '{password}' }
  success:
    - { status: 302, location: /home }
  failure:
    - { status: 200, body: Wrong password }
  landing: requested
loggedOut:
  - { status: 302, location: /login }
  - { body: Your session is over }
logout:
  paths: [/logout]
  request: { get: /logout }
expired:
  - { paths: [/poll], json: { timeoutMessage: timeout } }
areas:
  all:
    - paths: ['/**']
`;

export async function startFormEhr(): Promise<FormEhr> {
  const wire = await startWireEhr();
  const sessions: FormEhr['sessions'] = new Map();
  const passwords = new Map<string, string>();
  let held: string | null = null;
  let waiting: (() => void)[] = [];
  let opened = 0;
  const open = (user: string): string => {
    opened += 1;
    sessions.set(`open-${opened}`, { user, patient: null });
    return `open-${opened}`;
  };
  wire.answer = (request) => {
    request.onWhole = () => {
      const respond = (): void => answer(ehr, request, open);
      if (held !== null && request.line.startsWith(held)) waiting.push(respond);
      else respond();
    };
  };
  const ehr: FormEhr = {
    origin: wire.origin,
    wire,
    sessions,
    passwords,
    adding: null,
    says: null,
    lines: () => wire.requests.map((one) => `${lineOf(one)} ${cookieOf(one)}`.trimEnd()),
    count: (start) => wire.requests.filter(({ line }) => line.startsWith(start)).length,
    hold: (start) => {
      held = start;
      if (start !== null) return;
      for (const go of waiting.splice(0)) go();
      waiting = [];
    },
    close: () => wire.close(),
  };
  return ehr;
}

function lineOf({ line }: WireRequest): string {
  return line.replace(/ HTTP\/1\.1$/, '');
}

/** The Cookie header as it came. */
function cookieOf({ headers }: WireRequest): string {
  return headers.find(([name]) => name === 'cookie')?.[1] ?? '';
}

function answer(ehr: FormEhr, request: WireRequest, open: (user: string) => string): void {
  const [method = '', target = ''] = lineOf(request).split(' ');
  const url = new URL(target, 'http://ehr');
  const session = /(?:^|; )SID=([^;]*)/.exec(cookieOf(request))?.[1] ?? '';
  if (url.pathname === '/login' && method === 'GET')
    return say(ehr, request, 200, ['Set-Cookie: SID=before; Path=/'], '<form><input name="token" value="t"></form>');
  if (url.pathname === '/login') return logIn(ehr, request, open);
  if (url.pathname === '/logout') {
    ehr.sessions.delete(session);
    return say(ehr, request, 302, ['Location: /login', 'Set-Cookie: SID=deleted; Path=/; Max-Age=0']);
  }
  if (ehr.says !== null) return say(ehr, request, 200, [], ehr.says);
  const found = ehr.sessions.get(session);
  if (found === undefined) return say(ehr, request, 302, ['Location: /login']);
  found.patient = url.searchParams.get('set') ?? found.patient;
  say(ehr, request, 200, [], `user ${found.user}, patient ${found.patient ?? 'nobody'}`);
}

function logIn(ehr: FormEhr, request: WireRequest, open: (user: string) => string): void {
  const fields = new URLSearchParams(request.body);
  const user = fields.get('user') ?? '';
  if (ehr.passwords.get(user) !== fields.get('pass') || fields.get('token') !== 't')
    return say(ehr, request, 200, [], 'Wrong password');
  const id = open(user);
  say(ehr, request, 302, ['Location: /home', 'Set-Cookie: SID=decoy; Path=/', `Set-Cookie: SID=${id}; Path=/`]);
}

function say(ehr: FormEhr, request: WireRequest, status: number, headers: readonly string[], body = ''): void {
  const added = ehr.adding !== null && request.line.startsWith(ehr.adding.start) ? ehr.adding.headers : [];
  const lines = [`HTTP/1.1 ${status} OK`, 'Content-Type: text/html', `Content-Length: ${Buffer.byteLength(body)}`, ...headers, ...added]; // prettier-ignore
  request.socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
