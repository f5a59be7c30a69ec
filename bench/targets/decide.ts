// Decides again and again over ten thousand rules, in a process where nothing else runs, and says what one decision took:
// the rule an address belongs to, and whether that rule lets this person in.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { authorize } from '../../src/core/policy/authorize.ts';
import { readQuery } from '../../src/core/policy/fields.ts';
import { matchRule } from '../../src/core/policy/match-rule.ts';
import type { Question } from '../../src/core/policy/match-rule.ts';
import { indexRules } from '../../src/core/policy/rule-index.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { writeSizedFiles } from './sized-files.ts';

const [count = '10000', rounds = '5'] = process.argv.slice(2);
const perRound = 50_000;
const directory = mkdtempSync(join(tmpdir(), 'wardgate-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const loaded = await loadConfiguration(writeSizedFiles(directory, { upstream: 1, rules: Number(count) }));
if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
const { policy } = loaded.configuration;
const index = indexRules(policy);
const person = {
  roles: ['physician'],
  zones: ['clinic'],
  weekday: 1,
  minute: 600,
  grantOpen: false,
};

const last = Number(count) - 2;
const kinds: Readonly<Record<string, { readonly path: string; readonly found: string }>> = {
  'the first rule': { path: '/openemr/interface/module-0/page-0/4711/notes', found: 'rule' },
  'a rule in the middle': { path: pageOf(Math.floor(last / 2)), found: 'rule' },
  'the last rule': { path: '/openemr/interface/chart/show?pid=7', found: 'rule' },
  'a rule by a path in capitals': { path: pageOf(last).replace('/list', '/LIST'), found: 'refused' },
  'no rule': { path: '/openemr/interface/module-7/nothing.php', found: 'none' },
};

function pageOf(at: number): string {
  return `/openemr/interface/module-${at % 500}/list-${at}/4711`;
}

function questionOf(path: string): Question {
  const target = canonicalize(path, 'generic', 8192);
  if ('reason' in target) throw new Error(target.reason);
  const query = readQuery(target.query, 'strict');
  const asked = {
    application: 'ehr',
    method: 'GET',
    form: null,
    webSocket: false,
    dialect: 'strict',
    profile: 'generic',
  } as const;
  return { ...asked, target, query };
}

function decide(question: Question): string {
  const match = matchRule(policy, index, question);
  if (match.match === 'rule' && !authorize(match.rule, person, false).allow) throw new Error('The bench was refused');
  return match.match;
}

const figures = Object.entries(kinds).map(([name, { path, found }]) => {
  const question = questionOf(path);
  if (decide(question) !== found) throw new Error(`"${path}" came to "${decide(question)}", so nothing was measured`);
  const taken: number[] = [];
  // The first round is for the compiler.
  for (let round = 0; round <= Number(rounds); round += 1) {
    const before = process.threadCpuUsage();
    for (let at = 0; at < perRound; at += 1) decide(question);
    const { user, system } = process.threadCpuUsage(before);
    if (round > 0) taken.push((user + system) / perRound);
  }
  return { name, rounds: taken };
});
process.send?.({ ready: true, figures });
process.on('disconnect', () => process.exit(0));
