// The stages about machines, with the facts they are given: what a recognised machine adds, and what no machine may have.

import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/core/policy/policy.ts';
import { machineSession } from '../../src/core/session/machine-session.ts';
import { identifyMachine } from '../../src/stages/identify-machine.ts';
import { requireBreakGlass } from '../../src/stages/require-break-glass.ts';
import type { RequireBreakGlassNeeds } from '../../src/stages/require-break-glass.ts';
import { requireLogin } from '../../src/stages/require-login.ts';
import { requireSecondFactor } from '../../src/stages/require-second-factor.ts';
import type { RequireSecondFactorNeeds } from '../../src/stages/require-second-factor.ts';
import { serveConsole } from '../../src/stages/serve-console.ts';
import { policy } from '../core/policy/build-policy.ts';
import { applicationOf, exchangeOf, headersOf, reasonOf } from '../support/edge-facts.ts';
import { newToken } from '../support/machine-clinic.ts';
import { noMachines } from '../support/no-machines.ts';

const { token, hash } = newToken();
const machine = {
  name: 'lab',
  credential: { by: 'token', tokenHash: hash },
  applications: null,
  passAuthorization: false,
} as const;
const lab = machineSession(machine, hash);
const failed: string[] = [];
const stage = identifyMachine({
  machines: { ...noMachines, machines: () => [machine], isFrom: () => true },
  machineAttempts: { failed: (address) => (failed.push(address) > 1 ? 30 : 0) },
  tokenHash: (text) => (text === token ? hash : 'none'),
});

function facts(authorization: string | null, more: object = {}) {
  const headers = headersOf(authorization === null ? {} : { authorization });
  const given = {
    exchange: exchangeOf(),
    headers,
    sessionKey: null,
    address: '10.1.1.1',
    arrivedAt: 0,
    shape: 'page',
    policy: policy([]),
    ...more,
  };
  return given as unknown as Parameters<typeof stage>[0];
}

describe('identify-machine', () => {
  test('a person is nobody here, and keeps the rules as they are', () => {
    expect(stage(facts(null))).toEqual({ machine: null });
    expect(failed).toEqual([]);
  });

  test('a machine is a script, or an upgrade', () => {
    expect(stage(facts(`Bearer ${token}`))).toMatchObject({ machine: lab, shape: 'script' });
    expect(stage(facts(`Bearer ${token}`, { shape: 'upgrade' }))).toMatchObject({ shape: 'upgrade' });
  });

  test('mode observe spares no machine, and one policy stays one', () => {
    const [enforced, observed]: Policy[] = [policy([]), { ...policy([]), mode: 'observe' }];
    const policyOf = (of: Policy | undefined) => (stage(facts(`Bearer ${token}`, { policy: of })) as { policy: Policy }).policy;
    expect(policyOf(enforced)).toBe(enforced);
    expect(policyOf(observed)).toEqual({ ...observed, mode: 'enforce' });
    expect(policyOf(observed)).toBe(policyOf(observed));
  });

  test('a failure is counted, and told to wait once there were many', () => {
    const wrong = facts(`Bearer ${newToken().token}`);
    expect(reasonOf(stage(wrong))).toBe('machine-unknown');
    expect(stage(wrong)).toMatchObject({ answer: { reason: 'too-many-attempts', retryAfterSeconds: 30 } });
    expect(failed).toEqual(['10.1.1.1', '10.1.1.1']);
  });
});

const given = (more: object): never => ({ session: lab, machine: lab, application: applicationOf(), ...more }) as never;

test('require-login hands on the machine in the place of a session', () => {
  const login = requireLogin();
  expect(login(given({ session: null, standing: 'none' }))).toEqual({ session: lab, inUse: lab });
});

test('a fresh second factor is never there', () => {
  const factor = requireSecondFactor({} as RequireSecondFactorNeeds);
  const ask = (freshFactorSeconds: number | null) => factor(given({ rule: { name: 'admin', freshFactorSeconds }, arrivedAt: 0 }));
  expect([ask(null), reasonOf(ask(300))]).toEqual([undefined, 'machine-not-permitted']);
});

test('no emergency is ever open', () => {
  const grants = { open: () => Promise.resolve(), current: () => expect.fail('Nobody asks for the grant of a machine') };
  const emergency = requireBreakGlass({ grants } as unknown as RequireBreakGlassNeeds);
  const ask = (viaEmergency: boolean) =>
    emergency(given({ permit: { rule: 'charts', viaEmergency, observed: null }, method: 'GET', target: { path: '/', query: null }, policy: policy([]) })); // prettier-ignore
  expect([ask(false), reasonOf(ask(true))]).toEqual([{ grant: null }, 'break-glass-required']);
});

test('the console is served to no machine', async () => {
  const pages = { has: () => true, serve: () => Promise.reject(new Error('A machine was served')) };
  const console = serveConsole({ pages });
  const answered = await console(given({ target: { path: '/.wardgate/console' } }));
  expect(reasonOf(answered)).toBe('machine-not-permitted');
});
