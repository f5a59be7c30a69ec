// Who gains or loses what when one version of the rules takes the place of another, in rows and in words.

import type { Policy, Rule } from '../policy/policy.ts';
import { examplesOf, questionOf, RightsUnder, rightUnder } from './rights-of.ts';
import type { Holder, ReadingsOf, Right } from './rights-of.ts';

export type RightChange = Changed & {
  /** A role, or `machine lab`. */
  readonly who: string;
  readonly area: string;
  readonly method: string;
  /** Addresses of this area and method with that change, of so many there are; and one of them. */
  readonly count: number;
  readonly of: number;
  readonly example: string;
};

type Changed =
  | { readonly change: 'gains'; readonly before: null; readonly after: Right }
  | { readonly change: 'loses'; readonly before: Right; readonly after: null }
  | { readonly change: 'changes'; readonly before: Right; readonly after: Right };

/** Lines kept of one change; of more, how many there are. */
export const mostRightLines = 200;
const mostCharacters = 240;

/** Sorted by who, then area. */
export function rightChanges(before: Policy, after: Policy, readingsOf: ReadingsOf): readonly RightChange[] {
  const [old, next] = [new RightsUnder(before), new RightsUnder(after)];
  const holders = holdersOf([before, after]);
  const examples = examplesOf([before, after]);
  const totals = new Map<string, number>();
  for (const { area, method } of examples) {
    const place = `${method} ${area}`;
    totals.set(place, 1 + (totals.get(place) ?? 0));
  }
  const found = new Map<string, { readonly row: RightChange; count: number }>();
  // All examples of a rule follow one another, and what differs between two rules is the same for each of them.
  let last: Difference = { oldRule: null, nextRule: null, changes: [] };
  for (const example of examples) {
    const { area, method, path } = example;
    const of = Number(totals.get(`${method} ${area}`));
    const question = questionOf(example, readingsOf);
    const [oldRule, nextRule] = [old.ruleFor(question), next.ruleFor(question)];
    if (last.oldRule !== oldRule || last.nextRule !== nextRule) last = differenceOf(oldRule, nextRule, holders);
    for (const { who, changed } of last.changes) {
      const key = JSON.stringify([who, changed.change, area, method, changed.before?.terms, changed.after?.terms]);
      const known = found.get(key);
      if (known !== undefined) known.count += 1;
      else found.set(key, { row: { ...changed, who, area, method, count: 1, of, example: path }, count: 1 });
    }
  }
  const rows = [...found.values()].map(({ row, count }): RightChange => ({ ...row, count }));
  return rows.toSorted((a, b) => compare(a.who, b.who) || compare(a.area, b.area) || compare(a.method, b.method));
}

interface Difference {
  readonly oldRule: Rule | null;
  readonly nextRule: Rule | null;
  readonly changes: readonly { readonly who: string; readonly changed: Changed }[];
}

function differenceOf(oldRule: Rule | null, nextRule: Rule | null, holders: ReadonlyMap<string, Holder>): Difference {
  const changes = [...holders].flatMap(([who, holder]) => {
    const changed = changeOf(rightUnder(oldRule, holder), rightUnder(nextRule, holder));
    return changed === null ? [] : [{ who, changed }];
  });
  return { oldRule, nextRule, changes };
}

/** In words, and beside them what holds for everybody: mode, groups of roles, budgets. At most `mostRightLines`. */
export function rightLines(before: Policy, after: Policy, readingsOf: ReadingsOf): readonly string[] {
  const lines = [
    ...modeLines(before, after),
    ...roleLines(before, after),
    ...rightChanges(before, after, readingsOf).map(lineOf),
    ...budgetLines(before, after),
  ].map((line) => (line.length > mostCharacters ? `${line.slice(0, mostCharacters - 1)}…` : line));
  if (lines.length <= mostRightLines) return lines;
  return [...lines.slice(0, mostRightLines), `and ${lines.length - mostRightLines} further changes`];
}

function changeOf(before: Right | null, after: Right | null): Changed | null {
  if (before === null) return after === null ? null : { change: 'gains', before, after };
  if (after === null) return { change: 'loses', before, after };
  return before.terms === after.terms ? null : { change: 'changes', before, after };
}

function lineOf(row: RightChange): string {
  const { who, change, area, method, count, of, example } = row;
  const part = count === of ? '' : ` in part (${count} of ${of} addresses, such as ${example})`;
  const what = `${who} ${change} ${area} ${method}${part}`;
  if (row.change === 'gains') return `${what}: ${withTerms(row.after)}`;
  if (row.change === 'loses') return `${what}: ${withTerms(row.before)}`;
  return `${what}: before ${row.before.terms || 'freely'}; now ${row.after.terms || 'freely'}`;
}

function withTerms({ rule, terms }: Right): string {
  return `rule ${rule}${terms === '' ? '' : `, ${terms}`}`;
}

/** Roles first, as the files name them, then machines. */
function holdersOf(policies: readonly Policy[]): ReadonlyMap<string, Holder> {
  const roles = policies.flatMap((policy) => [...policy.roles.keys()]);
  const machines = policies.flatMap(({ rules }) => rules.flatMap((rule) => rule.machines ?? []));
  return new Map<string, Holder>([
    ...roles.map((role): [string, Holder] => [role, { role }]),
    ...machines.map((machine): [string, Holder] => [`machine ${machine}`, { machine }]),
  ]);
}

function modeLines(before: Policy, after: Policy): readonly string[] {
  if (before.mode === after.mode) return [];
  return after.mode === 'observe'
    ? ['everybody gains what the rules refuse: they are only observed from now on']
    : ['everybody loses what the rules refuse: they are enforced from now on'];
}

function roleLines(before: Policy, after: Policy): readonly string[] {
  const old = [...before.roles].flatMap(([role, groups]) => {
    const next = after.roles.get(role);
    if (next === undefined) return [`role ${role} is gone, which was of ${groups.join(', ')}`];
    const [gained, lost] = [next.filter((group) => !groups.includes(group)), groups.filter((group) => !next.includes(group))];
    return [
      ...(gained.length > 0 ? [`role ${role} is given to ${gained.join(', ')} as well`] : []),
      ...(lost.length > 0 ? [`role ${role} is taken from ${lost.join(', ')}`] : []),
    ];
  });
  const fresh = [...after.roles].filter(([role]) => !before.roles.has(role));
  return [...old, ...fresh.map(([role, groups]) => `role ${role} is new, of ${groups.join(', ')}`)];
}

function budgetLines(before: Policy, after: Policy): readonly string[] {
  const names = [...new Set([...before.budgets.keys(), ...after.budgets.keys()])];
  const changed = names.filter((name) => JSON.stringify(before.budgets.get(name)) !== JSON.stringify(after.budgets.get(name)));
  return changed.map((name) => `the download budget of ${name} is another`);
}

/** By code units: the same everywhere, whatever the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
