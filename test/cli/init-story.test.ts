// The first hour: `wardgate init` writes two files, what it printed is registered at the provider, the gateway starts with
// exactly these files, and a person signs in, at the EHR too. The rules observe first, and refuse once somebody says so.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { startDemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import type { DemoEhr } from '../../src/demo/ehr/start-demo-ehr.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { createPersonas } from '../../src/demo/personas.ts';
import { startDemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import type { DemoProvider } from '../../src/demo/provider/start-demo-provider.ts';
import { startGateway } from '../../src/main.ts';
import type { Gateway } from '../../src/main.ts';
import { enrolWithoutAsking } from '../../src/sign-in/enrol-without-asking.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { codeOf, records } from '../support/demo-story.ts';
import { runInit } from '../support/run-init.ts';
import { enterPassword } from '../support/sign-on-clinic.ts';
import { silentLog } from '../support/silent-log.ts';

const personas = createPersonas();
const directory = mkdtempSync(join(tmpdir(), 'wardgate-init-'));
let origin: string;
let said: string;
let ehr: DemoEhr;
let provider: DemoProvider;
let gateway: Gateway;
let nurse: CookieClient;

/** The address that stands behind these words. */
function printed(words: string): string {
  return new RegExp(`^ +${words} +(http\\S+)$`, 'm').exec(said)?.[1] ?? '';
}

beforeAll(async () => {
  const [port, providerPort] = [await freePort(), await freePort()];
  origin = `http://localhost:${port}`;
  ehr = await startDemoEhr({ signOn: 'form' });
  const issuer = `http://127.0.0.1:${providerPort}`;
  const given = `--address ${origin} --ehr legacy-demo --upstream ${ehr.origin} --provider generic --issuer ${issuer} --health-port 0`;
  const run = await runInit(['--directory', directory, ...given.split(' '), '--yes']);
  if (run.code !== 0) throw new Error(run.err);
  said = run.out;
  const clientSecret = 'as the provider showed it';
  writeFileSync(join(directory, 'client-secret'), `${clientSecret}\n`, { mode: 0o600 });
  const client = {
    clientId: 'wardgate',
    clientSecret,
    refreshTokens: true,
    redirectUris: [printed('redirect address')],
    postLogoutRedirectUris: [printed('after signing out')],
    backChannelLogoutUri: printed('back-channel logout'),
  };
  provider = await startDemoProvider({ port: providerPort, personas, clients: [client] });
  const loaded = await loadConfiguration(join(directory, 'gateway.yaml'));
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  expect(loaded.warnings).toEqual([]);
  gateway = await startGateway(loaded.configuration, silentLog);
  const { state, sealer, clock } = gateway.composed;
  for (const { name, totpSecret } of personas) {
    if (totpSecret !== null)
      await enrolWithoutAsking({ factors: state.factors, sealer, clock }, { issuer, sub: name }, totpSecret);
  }
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
  await ehr.close();
  rmSync(directory, { recursive: true });
});

const nurseName = personas.find(({ roles }) => roles.includes('nurse'))?.name ?? '';

/** Signs in with both factors; the page that is reached. */
async function arrive(client: CookieClient, name: string, path: string): Promise<Reply> {
  const challenge = await client.page(`${origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
  return client.form(challenge.url, { code: codeOf(personas.find((one) => one.name === name)?.totpSecret ?? '') });
}

describe('the first hour', () => {
  test('a nurse signs in, is asked for the password of the EHR once, and opens a chart', async () => {
    nurse = new CookieClient();
    const asked = await arrive(nurse, nurseName, '/main');
    expect(asked.url).toContain('/.wardgate/credential');
    expect(ehr.requests()).toEqual([]);
    const main = await enterPassword({ origin }, nurse, nurseName, `meadow-${nurseName}`, '/main');
    expect({ status: main.status, url: main.url }).toEqual({ status: 200, url: `${origin}/main` });
    expect((await nurse.page(`${origin}/chart?set_pid=7`)).status).toBe(200);
    expect(ehr.requests().map(({ target }) => target)).toContain('/chart?set_pid=7');
  });

  test('what the rules would refuse passes, and is on record as such', async () => {
    const users = await nurse.page(`${origin}/admin/users`);
    expect(users.status).not.toBe(403);
    expect(ehr.requests().map(({ target }) => target)).toContain('/admin/users');
    const observed = records({ auditDirectory: gateway.composed.audit.directory }).filter(
      (one) => one['decision'] === 'observed',
    );
    expect(observed.length).toBeGreaterThan(0);
    expect(observed.every((one) => one['rule'] === 'admin')).toBe(true);
  });

  test('what nobody may open is refused even so', async () => {
    const before = ehr.requests().length;
    expect((await nurse.page(`${origin}/setup/install`)).status).toBe(403);
    expect(ehr.requests()).toHaveLength(before);
  });

  test('once the file says enforce, the same page is refused and the EHR hears nothing of it', async () => {
    const file = join(directory, 'rules.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('mode: observe', 'mode: enforce'));
    await gateway.reload();
    const before = ehr.requests().length;
    expect((await nurse.page(`${origin}/admin/users`)).status).toBe(403);
    expect(ehr.requests()).toHaveLength(before);
    expect((await nurse.page(`${origin}/chart?set_pid=7`)).status).toBe(200);
  });

  test('signing out ends at the address that was registered', async () => {
    expect(printed('after signing out')).toBe(`${origin}/.wardgate/signed-out`);
    const left = await nurse.form(`${origin}/.wardgate/sign-out`, {});
    // The provider refuses an address that was not registered, and asks before it ends its own session.
    expect(left.status).toBe(200);
    expect(new URL(left.url).origin).toBe(provider.issuer);
    expect(new URL(left.url).searchParams.get('post_logout_redirect_uri')).toBe(printed('after signing out'));
  });
});
