// A clinic for the commands that work beside a running gateway: OpenEMR's stand-in with a recipe, an EHR made by hand with a
// token, a pin and a form of its own, and one with Basic. The gateway runs in this process; the commands are real ones.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ehrCommand } from '../../src/cli/ehr.ts';
import { keys } from '../../src/cli/keys.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { vaultCommand } from '../../src/cli/vault.ts';
import { startLoopbackServer } from '../../src/demo/loopback-server.ts';
import type { Call, LoopbackServer } from '../../src/demo/loopback-server.ts';
import { startOpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import type { OpenEmr } from '../../src/demo/openemr/start-open-emr.ts';
import { command } from './command.ts';
import { story } from './demo-story.ts';

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandClinic {
  readonly demo: Demo;
  readonly openEmr: OpenEmr;
  readonly pinned: LoopbackServer;
  readonly images: LoopbackServer;
  /** Path of gateway.yaml. */
  readonly config: string;
  /** Runs `wardgate …` with `--config` as a process of its own. Rejects where it says any of the clinic's secrets. */
  run(...args: readonly string[]): Promise<Said>;
  /** The same within this process, which takes a tenth of the time. */
  here(name: keyof typeof commands, ...args: readonly string[]): Promise<Said>;
  /** Writes a file into the clinic's directory; nobody else may read it unless told. */
  file(name: string, text: string | Buffer, mode?: number): string;
  /** Stores a credential as a person's page does. */
  store(person: string, application: string, password: string, more?: Readonly<Record<string, string>>): Promise<void>;
  /** Marks it, as the gateway does when the EHR refuses it. */
  markRefused(person: string, application: string): Promise<void>;
  close(): Promise<void>;
}

export const pin = '4711-pin';
/** What the hand-made EHR gives out. */
const token = 'tok-en-0123456789abcdef';
const pinnedSession = 'pinned-session-0123456789';

const pinnedPreset = `# Never ran against a real product; it serves the tests
describes: An EHR with a token, a pin and a form
cookies: { jar: [PSESSION] }
signOn:
  by: recipe
  asks: [pin]
  values: { site: north, wing: null }
  steps:
    - get: /login?site={site}
      headers: { X-Site: '{site}' }
      take:
        action: { formAction: check }
        token: { field: csrf }
    - get: /wing/{wing}
      onlyWith: [wing]
    - post: '{action}'
      json: { user: '{username}', 1: '{token}', secret: 'p:{password}', code: '{pin}', kind: full }
      decides: true
    - get: /follow-up
      basic: true
  success: [{ status: 200, json: { /ok: true } }]
  failure: [{ status: 403 }]
  passwordChange: { tests: [{ status: 302, location: /change }], page: location, open: [/change] }
  landing: requested
logout: { paths: [/logout], request: { post: /logout?all=1 } }
areas: { all: { paths: [/**] } }
`;

const rules = `mode: enforce
roles: { physician: Clinic-Physicians, nurse: Clinic-Nurses }
rules:
  - { name: openemr, application: ehr, paths: ['/**'], methods: [GET, POST], allow: everyone }
  - { name: pinned, application: pinned, paths: ['/**'], allow: everyone }
  - { name: images, application: images, paths: ['/**'], allow: everyone }
  - { name: shared, application: shared, paths: ['/**'], allow: everyone }
  - { name: header, application: header, paths: ['/**'], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;

export async function commandClinic(): Promise<CommandClinic> {
  const openEmr = await startOpenEmr({
    users: users.map((name) => ({ name, password: `meadow-${name}`, totp: name === 'records' })),
  });
  const pinned = await startLoopbackServer(answerPinned);
  const images = await startLoopbackServer(answerImages);
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-commands-'));
  const file: CommandClinic['file'] = (name, text, mode = 0o600) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  file('pinned.yaml', pinnedPreset);
  file('shared-password', 'meadow-shared-nurses\n');
  file('wrong-password', 'not-the-password\n');
  const demo = await story({
    directory,
    rules,
    applicationLines: ['preset: openemr', 'signOn: own-password'],
    rewriteGateway: (yaml) => withApplications(yaml, { openEmr, pinned, images }),
  });
  const config = join(directory, 'gateway.yaml');
  const person = (name: string) => ({ issuer: demo.provider.issuer, sub: name, name });
  return {
    demo,
    openEmr,
    pinned,
    images,
    config,
    async run(...args) {
      const ran = command(withConfig(args, config));
      const { code } = await ran.ended;
      return withoutSecrets({ code, out: ran.stdout(), err: ran.stderr() }, openEmr);
    },
    async here(name, ...args) {
      const [out, err]: [string[], string[]] = [[], []];
      const print = { out: (line: string) => out.push(`${line}\n`), err: (line: string) => err.push(`${line}\n`) };
      const code = await commands[name]([...withConfig(args, config)], print);
      return withoutSecrets({ code, out: out.join(''), err: err.join('') }, openEmr);
    },
    file,
    store: (name, application, password, more = {}) =>
      demo.gateway.composed.state.vault.put(person(name), application, { username: name, password, more }),
    markRefused: (name, application) => demo.gateway.composed.state.vault.markRefused(person(name), application),
    async close() {
      await demo.close();
      await Promise.all([openEmr.close(), pinned.close(), images.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const commands = { ehr: ehrCommand, vault: vaultCommand, keys };

function withConfig(args: readonly string[], config: string): readonly string[] {
  return args.includes('--config') ? args : [...args, '--config', config];
}

function withoutSecrets(said: Said, openEmr: OpenEmr): Said {
  for (const secret of [...secrets, ...sessionsSeen(openEmr)]) {
    if (`${said.out}${said.err}`.includes(secret)) throw new Error(`"${secret}" stands in ${said.out}${said.err}`);
  }
  return said;
}

const users = ['nurse', 'physician', 'records', 'canary', 'shared-nurses'];

interface Ehrs {
  readonly openEmr: OpenEmr;
  readonly pinned: LoopbackServer;
  readonly images: LoopbackServer;
}

/** Written before the gateway reads it. */
function withApplications(yaml: string, { openEmr, pinned, images }: Ehrs): string {
  const applications = [
    '  pinned:',
    '    address: http://localhost:4491',
    `    upstream: ${pinned.origin}`,
    '    preset: ./pinned.yaml',
    '    signOn: own-password',
    '  images:',
    '    address: http://localhost:4492',
    `    upstream: ${images.origin}`,
    '    signOn: own-password',
    '  shared:',
    '    address: http://localhost:4493',
    `    upstream: ${openEmr.origin}`,
    '    preset: openemr',
    '    signOn: { roles: { nurse: { account: shared-nurses, passwordFile: shared-password }, physician: { account: physician, passwordFile: wrong-password } } }',
    '  header:',
    '    address: http://localhost:4494',
    `    upstream: ${images.origin}`,
    '    signOn: { header: X-Remote-User }',
  ];
  return yaml
    .replace(/upstream: \S+/, `upstream: ${openEmr.origin}`)
    .replace(/\nsignIn:/, `\n${applications.join('\n')}\nsignIn:`);
}

async function answerPinned({ request, response, body }: Call): Promise<void> {
  const target = request.url ?? '';
  if (target.startsWith('/login')) {
    response.setHeader('Set-Cookie', [`PSESSION=${pinnedSession}; Path=/`, `PSESSION=${pinnedSession}2; Path=/`]);
    response.setHeader('Content-Type', 'text/html');
    response.end(`<form action="/check;psession=${pinnedSession}"><input name="csrf" value="${token}"></form>`);
  } else if (target.startsWith('/check')) {
    const { user, secret, code } = JSON.parse(body.toString()) as Record<string, string>;
    if (user === 'expired') {
      response.writeHead(302, { Location: `/change?ticket=${token}` }).end();
      return Promise.resolve();
    }
    const isRight = user === 'nurse' && secret === 'p:pinned-password' && code === pin;
    response.writeHead(isRight ? 200 : 403, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ok: isRight }));
  } else response.writeHead(204).end();
  return Promise.resolve();
}

/** Like Orthanc: every page but one wants a password. */
async function answerImages({ request, response }: Call): Promise<void> {
  const expected = `Basic ${Buffer.from('nurse:images-password').toString('base64')}`;
  const isKnown = request.headers.authorization === expected;
  if (request.url === '/open') response.writeHead(200).end('open');
  else if (!isKnown) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="images"' }).end();
  else if (request.url === '/forbidden') response.writeHead(403).end();
  else response.writeHead(200).end('images');
  return Promise.resolve();
}

/** Ids of sessions, as they came back in Cookie headers. */
function sessionsSeen(openEmr: OpenEmr): readonly string[] {
  return openEmr.requests().flatMap(({ headers }) => headers.flatMap((one) => /^OpenEMR=([\w,-]{8,})/.exec(one)?.[1] ?? []));
}

/** What no output of a command may hold. */
const secrets = [pin, token, pinnedSession, 'meadow-', 'pinned-password', 'images-password', 'not-the-password'];
