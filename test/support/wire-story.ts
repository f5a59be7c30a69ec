// The whole product in front of two EHRs: the demo's, and one made by hand on a bare socket, which everybody may ask for
// everything. Its address is only ever said in the Host header, so that one gateway serves both.

import type { Demo, DemoOptions } from '../../src/cli/start-demo.ts';
import { records, signIn, story } from './demo-story.ts';
import { RawConnection } from './raw-connection.ts';
import type { RawAnswer } from './raw-connection.ts';
import { answerOk, startWireEhr } from './wire-ehr.ts';
import type { WireEhr } from './wire-ehr.ts';

export interface WireStory {
  readonly demo: Demo;
  readonly ehr: WireEhr;
  /** The Host of the hand-made EHR. */
  readonly host: string;
  /** `wardgate=…` of a person who is signed in. */
  readonly cookie: string;
  /** Another person's. */
  readonly otherCookie: string;
  open(): Promise<RawConnection>;
  /** Request line and headers of a signed-in request, with the empty line at the end. */
  head(line: string, ...headers: readonly string[]): string;
  /** Sends one request on a connection of its own and returns the answer. */
  ask(line: string, headers?: readonly string[], body?: string): Promise<RawAnswer>;
  records(): Record<string, unknown>[];
  close(): Promise<void>;
}

export interface WireOptions extends Partial<DemoOptions> {
  /** Lines of the hand-made EHR's application. */
  readonly wireLines?: readonly string[];
  /** Rules for it that come before the one that permits everything. */
  readonly wireRules?: readonly string[];
}

export const wireHost = 'localhost:4480';
/** Where a session must be for the hand-made EHR. */
export const wirePlace = { application: 'wire', link: 'wire' } as const;

const rulesText = (more: readonly string[]): string => `
mode: enforce
roles: { physician: Clinic-Physicians, nurse: Clinic-Nurses, records: Clinic-Records, billing: Clinic-Billing }
rules:
${more.map((line) => `  - ${line}\n`).join('')}
  - { name: wire-socket, application: wire, paths: ["/ws/**"], allow: everyone, webSocket: true }
  - { name: wire, application: wire, paths: ["/**"], methods: [GET, POST, PUT, PATCH, DELETE, OPTIONS], allow: everyone }
  - { name: screens, application: ehr, paths: ["/**"], methods: [GET, POST], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;

export async function wireStory(options: WireOptions = {}): Promise<WireStory> {
  const ehr = await startWireEhr();
  const { wireLines = [], wireRules = [], ...rest } = options;
  const demo = await story({
    rules: rulesText(wireRules),
    applicationLines: [
      `signOn: { header: X-Remote-User }\n  wire:\n    address: http://${wireHost}\n    upstream: ${ehr.origin}`,
      ...wireLines,
    ],
    ...rest,
  });
  const [cookie, otherCookie] = [await ownCookie(demo, 'nurse'), await ownCookie(demo, 'physician')];
  // Nobody can sign in at an address that only the Host header says: they sign in at the demo's, and what they have is moved.
  const { sessions } = demo.gateway.composed.state;
  for (const { key } of sessions.all()) await sessions.update(key, { place: wirePlace });
  ehr.answer = answerOk;
  const head = (line: string, ...headers: readonly string[]): string =>
    [`${line} HTTP/1.1`, `Host: ${wireHost}`, `Cookie: ${cookie}`, ...headers, '', ''].join('\r\n');
  const open = (): Promise<RawConnection> => RawConnection.open(demo.gateway.port);
  return {
    demo,
    ehr,
    cookie,
    otherCookie,
    open,
    head,
    host: wireHost,
    ask: async (line, headers = [], body = '') => {
      const connection = await open();
      connection.send(head(line, ...headers) + body);
      const answer = await connection.answered(1, line.split(' ', 1)[0] ?? '');
      await connection.close();
      return answer;
    },
    records: () => records(demo),
    close: async () => {
      await demo.close();
      await ehr.close();
    },
  };
}

/** Signs somebody in at the demo's own address. The gateway's cookie alone; what the demo's EHR has set stays out. */
export async function ownCookie(demo: Demo, name: string): Promise<string> {
  const header = (await signIn(demo, name)).cookieHeader(demo.origin);
  const own = header.split('; ').find((pair) => pair.startsWith('wardgate='));
  if (own === undefined) throw new Error('The browser holds no session cookie');
  return own;
}
