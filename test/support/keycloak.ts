// A real Keycloak, unpacked and built beforehand (`.ci/run` tells how), on a free loopback port with everything in memory.
// It is ended by its process id.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../src/demo/free-port.ts';

export interface Keycloak {
  /** Of the realm "clinic", which a test makes. */
  readonly issuer: string;
  /** What an administrator does; throws what Keycloak said where it refuses. Parsed JSON, or null where there is none. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** What `kc.sh` sets, without the shell: a process of its own could not be ended by its id. */
const options = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xmx512m',
  '-Djava.awt.headless=true',
  '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
  '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory',
];

/** Starts it from its home directory, without a realm but its own. Throws what it said when it does not come up. */
export async function startKeycloak(home: string): Promise<Keycloak> {
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const jar = join(home, 'lib', 'quarkus-run.jar');
  const places = [`-Dkc.home.dir=${home}`, `-Djboss.server.config.dir=${join(home, 'conf')}`];
  const listen = ['--http-enabled=true', '--http-host=127.0.0.1', `--http-port=${port}`, '--hostname-strict=false'];
  const main = ['-cp', jar, 'io.quarkus.bootstrap.runner.QuarkusEntryPoint', 'start', '--optimized', ...listen];
  const env = { ...process.env, KC_BOOTSTRAP_ADMIN_USERNAME: 'admin', KC_BOOTSTRAP_ADMIN_PASSWORD: password };
  const child = spawn('java', [...options, ...places, ...main], { stdio: ['ignore', 'pipe', 'pipe'], cwd: home, env });
  let said = '';
  let isGone = false;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = new Promise<void>((resolve) => {
    for (const event of ['close', 'error']) child.once(event, () => resolve());
  });
  void gone.then(() => (isGone = true));
  const close = async (): Promise<void> => {
    // Nothing is kept, so it need not take leave.
    child.kill('SIGKILL');
    await gone;
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await up(`${origin}/realms/master`, () => isGone);
    return { issuer: `${origin}/realms/clinic`, admin: administrator(origin, password), close };
  } catch (cause) {
    await close();
    throw new Error(`Keycloak did not come up: ${said.slice(-3000)}`, { cause });
  }
}

/** The token of its first administrator lives for a minute, and a password takes a while to be judged. */
const tokenMilliseconds = 30_000;

function administrator(origin: string, password: string): Keycloak['admin'] {
  let held = { token: '', until: 0 };
  const sign = async (): Promise<string> => {
    if (performance.now() < held.until) return held.token;
    const until = performance.now() + tokenMilliseconds;
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'admin', password });
    const address = `${origin}/realms/master/protocol/openid-connect/token`;
    const { access_token: token } = (await answered(await fetch(address, { method: 'POST', body: form }))) as {
      readonly access_token: string;
    };
    held = { token, until };
    return token;
  };
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${await sign()}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return answered(await fetch(`${origin}/admin${path}`, { method, headers, ...sent }));
  };
}

async function answered(reply: Response): Promise<unknown> {
  const text = await reply.text();
  if (!reply.ok) throw new Error(`Keycloak answered ${reply.status} to ${reply.url}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

async function up(address: string, isGone: () => boolean): Promise<void> {
  const until = performance.now() + 150_000;
  for (;;) {
    const answer = await fetch(address, { headers: { connection: 'close' } }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    if (isGone() || performance.now() > until) throw new Error('It does not answer');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
