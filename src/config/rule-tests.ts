// Runs the expectations a rule file brings along, so that a change which opens or shuts more than was meant is found
// before it is in force. A failing one is a mistake like any other.

import { indexRules } from '../core/policy/rule-index.ts';
import type { Method, Policy } from '../core/policy/policy.ts';
import type { Explanation } from '../core/policy/explain.ts';
import { unreachable } from '../core/unreachable.ts';
import { ask } from './ask.ts';
import type { Asked } from './ask.ts';
import { readMoment } from './hours.ts';
import type { Reading } from './reading.ts';
import { checkRoles } from './roles.ts';
import type { RuleWorld } from './rule-world.ts';
import type { RulesFile, TestEntry } from './rules-schema.ts';
import type { ApplicationSettings } from './settings.ts';
import type { KeyPath } from './yaml-source.ts';

type Rules = Reading<RulesFile>;

const methodKeys = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Judged on a working day where a test says no time. */
const monday = { day: 1, minute: 600 };

interface ReadTest {
  readonly method: Method;
  readonly path: string;
  readonly application: ApplicationSettings;
  readonly moment: typeof monday;
}

/** Reports what is wrong with the tests themselves, and every expectation the policy fails where nothing else is wrong. */
export function runRuleTests(rules: Rules, world: RuleWorld, policy: Policy, maxTargetBytes: number): void {
  const tests = (rules.value.tests ?? []).map((test, position) => ({
    test,
    at: ['tests', position],
    read: readTest(rules, world, ['tests', position], test),
  }));
  if (rules.findings.mistakes.length > 0) return;
  const index = indexRules(policy);
  for (const { test, at, read } of tests) {
    if (read !== null) judge(rules, at, test, read, ask(policy, index, maxTargetBytes, asked(rules, world, at, test, read)));
  }
}

function asked(rules: Rules, world: RuleWorld, at: KeyPath, test: TestEntry, read: ReadTest): Asked {
  return {
    application: read.application,
    method: read.method,
    path: read.path,
    form: Object.entries(test.form ?? {}).map(([name, value]) => [
      name,
      // As it is written: `007` is no 7.
      typeof value === 'string' ? value : rules.written([...at, 'form', name]),
    ]),
    webSocket: test.webSocket ?? false,
    person: {
      roles: test.as ?? [],
      machine: test.machine,
      zones: test.zone ?? world.zones ?? [],
      weekday: read.moment.day,
      minute: read.moment.minute,
      grantOpen: test.emergency ?? false,
      selection: test.selected ?? null,
    },
  };
}

function judge(rules: Rules, at: KeyPath, test: TestEntry, read: ReadTest, explanation: Explanation): void {
  const outcome = explanation.allow ? 'allowed' : 'refused';
  const who = `${test.machine === undefined ? (test.as ?? []).join(' and ') : `machine ${test.machine}`} ${read.method} ${read.path}`;
  if (outcome !== test.expect) {
    rules.mistake(at, `Test fails: ${who} is ${outcome}, not ${test.expect} (${explanation.detail})`);
  } else if (test.rule !== undefined && test.rule !== explanation.rule) {
    const decided = explanation.rule === null ? 'no rule' : `rule "${explanation.rule}"`;
    rules.mistake([...at, 'rule'], `Test fails: ${who} is decided by ${decided}, not by rule "${test.rule}"`);
  }
}

function readTest(rules: Rules, world: RuleWorld, at: KeyPath, test: TestEntry): ReadTest | null {
  checkAsker(rules, world, at, test);
  for (const [index, zone] of (test.zone ?? []).entries()) {
    world.checkZone(rules, rules.entry([...at, 'zone'], index), zone);
  }
  const moment = test.at === undefined ? monday : readMoment(test.at);
  if (moment === null) rules.mistake([...at, 'at'], `Time "${test.at}" is not a day and time, write for example Mon 10:00`);
  const [key, ...more] = methodKeys.filter((name) => test[name] !== undefined);
  if (key === undefined || more.length > 0) {
    rules.mistake(at, `Test needs one address, under one of ${methodKeys.join(', ')}`);
    return null;
  }
  const application = applicationOf(rules, world, at, test);
  const path = test[key] ?? '';
  return moment === null || application === null ? null : { method: methodOf(key), path, application, moment };
}

function checkAsker(rules: Rules, world: RuleWorld, at: KeyPath, test: TestEntry): void {
  checkRoles(rules, [...at, 'as'], test.as ?? [], 'Test', world.machines ?? []);
  if (test.machine !== undefined) {
    world.checkMachine(rules, [...at, 'machine'], test.machine, 'Test: ');
    if (test.as !== undefined) rules.mistake(at, 'Test names both as and machine, keep one');
  } else if (test.as === undefined && rules.original([...at, 'as']) === undefined)
    rules.mistake(at, 'Test does not say who asks, write as: with a role, or machine:');
}

function applicationOf(rules: Rules, world: RuleWorld, at: KeyPath, test: TestEntry): ApplicationSettings | null {
  if (test.application !== undefined) {
    world.checkApplication(rules, [...at, 'application'], test.application);
    return world.applications.get(test.application) ?? null;
  }
  // Where there are several, the first is the EHR, as in the file.
  const [first] = world.applicationNames ?? [];
  return world.applications.get(first ?? '') ?? null;
}

function methodOf(key: (typeof methodKeys)[number]): Method {
  switch (key) {
    case 'get':
      return 'GET';
    case 'post':
      return 'POST';
    case 'put':
      return 'PUT';
    case 'patch':
      return 'PATCH';
    case 'delete':
      return 'DELETE';
    default:
      return unreachable(key);
  }
}
