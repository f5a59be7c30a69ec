// A clinic whose EHR is a real Tomcat behind the gateway: an application in Java that keeps its people apart by its own
// session cookie. What lies below `/examples/jsp/security/` is the physician's alone; the nurse may see what is around it.

import type { Gateway } from '../../src/main.ts';
import { clinic, openGateway } from './clinic.ts';
import type { Clinic } from './clinic.ts';
import { roleLines } from './clinic-story.ts';
import type { CookieClient, Reply } from './cookie-client.ts';
import { countingRelay } from './counting-relay.ts';
import type { CountingRelay } from './counting-relay.ts';
import { records, signIn } from './demo-story.ts';
import { RawConnection } from './raw-connection.ts';
import type { RawAnswer } from './raw-connection.ts';
import { startTomcat, tomcatAccount } from './tomcat.ts';
import type { Tomcat } from './tomcat.ts';
import { securedPage } from './tomcat-ways.ts';

export type TomcatPerson = 'physician' | 'nurse';

export interface TomcatClinic {
  readonly place: Clinic;
  readonly gateway: Gateway;
  readonly tomcat: Tomcat;
  /** What goes from the gateway to Tomcat. */
  readonly relay: CountingRelay;
  /** The Host under which people know Tomcat. */
  readonly host: string;
  readonly people: Readonly<Record<TomcatPerson, CookieClient>>;
  readonly open: () => Promise<RawConnection>;
  /** The text of a request by that person, or by nobody, with the empty line at its end. */
  readonly head: (person: TomcatPerson | null, line: string, ...headers: readonly string[]) => string;
  /** Sends these bytes on a connection of their own, as somebody's or as nobody's. */
  readonly ask: (text: string) => Promise<RawAnswer>;
  readonly records: () => Record<string, unknown>[];
  readonly close: () => Promise<void>;
}

/** A page of the examples that everybody may see. */
export const openPage = '/examples/servlets/servlet/HelloWorldExample';

const rules = `${roleLines}
rules:
  - { name: secured, paths: ["/examples/jsp/security/**"], methods: [GET, POST, PUT, DELETE, OPTIONS], allow: physician }
  - { name: remove, paths: [/examples/servlets/servlet/RequestParamExample], methods: [GET, POST], when: { form: { firstname: "=delete" } }, allow: physician }
  - { name: purge, paths: [/examples/servlets/servlet/RequestParamExample], methods: [GET, POST], when: { query: { lastname: "=delete" } }, allow: physician }
  - { name: live, paths: ["/examples/websocket/**"], allow: everyone, webSocket: true }
  - { name: around, paths: ["/examples/jsp/**", "/examples/images/**", "/examples/index.html", /examples/], methods: [GET, POST], allow: everyone }
  - { name: servlets, paths: ["/examples/servlets/**"], methods: [GET, POST, DELETE], allow: everyone }
  - { name: rest, paths: ["/**"], methods: [GET, POST, PUT, PATCH, DELETE, OPTIONS], allow: physician }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;

/** Starts all of it and signs the people in. `home` is the home directory of Tomcat's package. */
export async function tomcatClinic(home: string): Promise<TomcatClinic> {
  const tomcat = await startTomcat(home);
  const relay = await countingRelay(tomcat.origin);
  const place = await clinic({
    rules,
    upstream: relay.origin,
    applicationLines: ['signOn: none', 'profile: java', 'parameters: java', 'sessionCookie: JSESSIONID'],
    gatewayLines: ['limits: { headersTimeout: 1s, formTimeout: 1s, anonymousRecordsPerMinute: 10000, drain: 1s }'],
  });
  const gateway = await openGateway(place);
  const people = { physician: await signIn(place, 'physician', openPage), nurse: await signIn(place, 'nurse', openPage) };
  const host = `localhost:${place.port}`;
  const open = (): Promise<RawConnection> => RawConnection.open(place.port);
  const head: TomcatClinic['head'] = (person, line, ...headers) => {
    const cookie = person === null ? [] : [`Cookie: ${people[person].cookieHeader(place.origin)}`];
    return [`${line} HTTP/1.1`, `Host: ${host}`, ...cookie, ...headers, '', ''].join('\r\n');
  };
  const ask = async (text: string): Promise<RawAnswer> => {
    const connection = await open();
    const answer = await connection.send(text).answered(1, text.split(' ', 1)[0] ?? '');
    await connection.close();
    return answer;
  };
  const close = async (): Promise<void> => {
    await gateway.close();
    await place.close();
    await relay.close();
    await tomcat.close();
  };
  return { place, gateway, tomcat, relay, host, people, open, head, ask, records: () => records(place), close };
}

/** Signs that person on to Tomcat with its own form, as a browser would, and returns the page behind it. */
export async function signInToTomcat({ place }: Pick<TomcatClinic, 'place'>, client: CookieClient): Promise<Reply> {
  const address = place.origin + securedPage;
  // Until its cookie has come back, Tomcat writes its session into the form's address.
  await client.page(address);
  const asked = await client.page(address);
  const action = /<form method="POST" action='([^']*)'/.exec(asked.text)?.[1] ?? '';
  return client.form(new URL(action, address).href, { j_username: tomcatAccount.name, j_password: tomcatAccount.password });
}
