// The whole gateway in front of an EHR with a login form, for people who are signed in already and whose EHR password is
// stored. It can be stopped and started again on the same files, and its time moves when a test says so.

import { rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import type { Session } from '../../src/core/session/session.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { records } from './demo-story.ts';
import { formPreset, startFormEhr } from './form-ehr.ts';
import type { FormEhr } from './form-ehr.ts';
import { sessionConfiguration, signedIn } from './session-gateway.ts';
import { ShiftingClock } from './shifting-clock.ts';
import { rememberingLog } from './silent-log.ts';
import { filesBelow } from './files-below.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The reason of a refusal, as a script is told it. */
  readonly reason: string | undefined;
}

export interface Desk {
  readonly session: Session;
  readonly cookie: string;
  page(path: string, more?: DeskAsk): Promise<Answered>;
  script(path: string, more?: DeskAsk): Promise<Answered>;
  frame(path: string, more?: DeskAsk): Promise<Answered>;
}

export interface DeskAsk {
  readonly method?: string;
  readonly body?: string;
  /** What the browser sends beside our cookie. */
  readonly cookies?: string;
}

export interface FormEhrGateway {
  readonly ehr: FormEhr;
  readonly clock: ShiftingClock;
  gateway(): Gateway;
  /** Somebody in this role at a desk of their own, signed in at the gateway. */
  desk(role: 'physician' | 'nurse' | 'it'): Promise<Desk>;
  /** Stores a person's own password, and has the EHR take it. */
  knows(role: string, password?: string): Promise<void>;
  records(event?: string): Record<string, unknown>[];
  restart(): Promise<void>;
  /** Everything the gateway has written or logged, and everything that browsers were told. */
  written(): string;
  close(): Promise<void>;
}

const host = 'localhost:4500';
const shapes = {
  page: { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'sec-fetch-user': '?1' },
  frame: { accept: 'text/html', 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' },
  script: { accept: 'application/json', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
} as const;

const rules = [
  '{ name: poll, paths: [/poll], allow: everyone, passive: true }',
  '{ name: chart, paths: [/chart], methods: [GET, POST], allow: everyone, patient: [query.set, session], selectsPatient: query.set }',
  '{ name: all, paths: ["/**"], methods: [GET, POST, DELETE], allow: everyone }',
];

/** `signOn` as in gateway.yaml. `elsewhere` is another EHR than the one with the form, and no preset. */
export async function formEhrGateway(
  signOn = 'own-password',
  files: Readonly<Record<string, string>> = {},
  elsewhere: { readonly preset: null; readonly upstream: string } | null = null,
): Promise<FormEhrGateway> {
  const ehr = await startFormEhr();
  const preset = elsewhere === null ? ['preset: ./form.yaml'] : ['sessionCookie: SID'];
  const applications = { ehr: [...preset, `signOn: ${signOn}`] };
  const written = { 'form.yaml': formPreset, ...files };
  const { configuration, directory } = await sessionConfiguration(
    { rules, applications, files: written },
    elsewhere?.upstream ?? ehr.origin,
  );
  const clock = new ShiftingClock();
  const log = rememberingLog();
  let gateway = await startGateway(configuration, log, clock);
  const told: string[] = [];
  let desks = 0;
  const read = () => records({ auditDirectory: gateway.composed.audit.directory });
  const ask = async (shape: keyof typeof shapes, cookie: string, path: string, more: DeskAsk = {}): Promise<Answered> => {
    const answered = await send(gateway.port, shape, cookie, path, more);
    told.push(JSON.stringify(answered.headers), answered.text);
    return answered;
  };
  return {
    ehr,
    clock,
    gateway: () => gateway,
    desk: async (role) => {
      desks += 1;
      const { id, session: made } = signedIn(role);
      const session = { ...made, reference: `desk-${desks}` };
      await gateway.composed.state.sessions.create(session);
      const cookie = `wardgate=${id}`;
      return {
        session,
        cookie,
        page: (path, more) => ask('page', cookie, path, more),
        script: (path, more) => ask('script', cookie, path, more),
        frame: (path, more) => ask('frame', cookie, path, more),
      };
    },
    knows: async (role, password = `right-password-of-${role}`) => {
      ehr.passwords.set(`ehr-${role}`, `right-password-of-${role}`);
      const { subject } = signedIn(role).session;
      await gateway.composed.state.vault.put(subject, 'ehr', { username: `ehr-${role}`, password, more: {} });
    },
    records: (event) => read().filter((one) => event === undefined || one['event'] === event),
    restart: async () => {
      await gateway.close();
      gateway = await startGateway(configuration, log, clock);
    },
    written: () => [filesIn(join(directory, 'data')), ...log.lines, ...told].join('\n'),
    close: async () => {
      await gateway.close();
      await ehr.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function send(port: number, shape: keyof typeof shapes, cookie: string, path: string, more: DeskAsk): Promise<Answered> {
  const { method = 'GET', body, cookies } = more;
  const sent = cookies === undefined ? cookie : `${cookie}; ${cookies}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: `http://${host}` };
  const headers = { host, cookie: sent, ...shapes[shape], ...(body === undefined ? {} : form) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, reason: reasonIn(text) });
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

function reasonIn(text: string): string | undefined {
  return /"reason":"([a-z-]+)"/.exec(text)?.[1];
}

function filesIn(directory: string): string {
  return [...filesBelow(directory).values()].map((bytes) => bytes.toString('latin1')).join('\n');
}
