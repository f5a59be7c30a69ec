// A browser flow of Keycloak with two levels, made by an administrator's requests as docs/identity-providers.md has it
// clicked: level 1 by name and password, level 2 by the code of an app.

import type { Keycloak } from './keycloak.ts';

type Ask = Keycloak['admin'];

interface Execution {
  readonly id: string;
  readonly displayName: string;
  readonly providerId?: string;
  readonly requirement: string;
}

const flow = 'two levels';

/** `admin` asks within the realm: its paths begin below it. The client goes by this flow afterwards. */
export async function makeTwoLevels(admin: Ask, clientId: string, names: Readonly<Record<string, number>>): Promise<void> {
  await admin('POST', '/authentication/flows', { alias: flow, providerId: 'basic-flow', topLevel: true, builtIn: false });
  await add(admin, flow, 'auth-cookie', 'ALTERNATIVE');
  await addFlow(admin, flow, 'levels', 'ALTERNATIVE');
  await addLevel(admin, 1, 'auth-username-password-form');
  await addLevel(admin, 2, 'auth-otp-form');
  const [client] = (await admin('GET', `/clients?clientId=${clientId}`)) as {
    readonly id: string;
    readonly attributes: object;
  }[];
  const [made] = ((await admin('GET', '/authentication/flows')) as { readonly id: string; readonly alias: string }[]).filter(
    ({ alias }) => alias === flow,
  );
  if (client === undefined || made === undefined) throw new Error('Keycloak has no such client or flow');
  const attributes = { ...client.attributes, 'acr.loa.map': JSON.stringify(names) };
  await admin('PUT', `/clients/${client.id}`, {
    ...client,
    attributes,
    authenticationFlowBindingOverrides: { browser: made.id },
  });
}

async function addLevel(admin: Ask, level: number, form: string): Promise<void> {
  const name = `level ${level}`;
  await addFlow(admin, 'levels', name, 'CONDITIONAL');
  const condition = await add(admin, name, 'conditional-level-of-authentication', 'REQUIRED');
  const config = { 'loa-condition-level': String(level), 'loa-max-age': '36000' };
  await admin('POST', `/authentication/executions/${condition}/config`, { alias: name, config });
  await add(admin, name, form, 'REQUIRED');
}

async function addFlow(admin: Ask, parent: string, alias: string, requirement: string): Promise<void> {
  const body = { alias, type: 'basic-flow', provider: 'registration-page-form', description: '' };
  await admin('POST', `/authentication/flows/${encodeURIComponent(parent)}/executions/flow`, body);
  await require(admin, parent, (one) => one.displayName === alias, requirement);
}

async function add(admin: Ask, parent: string, provider: string, requirement: string): Promise<string> {
  await admin('POST', `/authentication/flows/${encodeURIComponent(parent)}/executions/execution`, { provider });
  return require(admin, parent, (one) => one.providerId === provider, requirement);
}

/** Sets what was just added, which starts as disabled; its id. */
async function require(admin: Ask, parent: string, isIt: (one: Execution) => boolean, requirement: string): Promise<string> {
  const path = `/authentication/flows/${encodeURIComponent(parent)}/executions`;
  const found = ((await admin('GET', path)) as Execution[]).find(isIt);
  if (found === undefined) throw new Error(`Keycloak's flow "${parent}" has not got what was added`);
  await admin('PUT', path, { ...found, requirement });
  return found.id;
}
