// Writes the first rules.yaml: who is who, about ten rules over the areas of the preset, download budgets and a few tests.

import { insideZone, roles } from './answers.ts';
import type { Answers, RoleName } from './answers.ts';
import { outlineOf } from './outline.ts';
import type { OutlineRow } from './outline.ts';
import { sampleRequests } from './sample-requests.ts';
import { list, mapping, scalar } from './yaml-text.ts';

/** The name that the EHR has among the applications. */
export const applicationName = 'ehr';

interface WrittenRule {
  readonly name: string;
  readonly line: string;
  readonly names: readonly RoleName[];
}

export function rulesText(answers: Answers): string {
  const rules = rulesOf(answers);
  const people = roles.filter((role) => rules.some(({ names }) => names.includes(role)));
  const names = rules.map(({ name }) => name);
  const tests = sampleRequests(answers.preset?.name ?? '', rootOf(answers), names, people);
  return [
    '# Who may do what. The first rule that fits a request decides, and what no rule fits is refused.',
    '',
    '# In this mode what the rules would refuse is let through, recorded and marked. Sign-in, second factor, the record and',
    '# what nobody may open stay as they are. When the record holds no surprise any more: mode: enforce',
    'mode: observe',
    '',
    'roles: # our name: group as the identity provider sends it',
    ...roleLines(answers, people),
    '',
    'rules:',
    ...rules.map(({ line }) => `  - ${line}`),
    ...unnamedAreas(answers, rules),
    '',
    'downloads: # for each person; several roles: the widest',
    '  everyone: { files: 30/hour, size: 200MB/day, patients: 60/hour, then: ask }',
    ...(people.includes('records') ? ['  records: { files: 60/hour, size: 2GB/day, patients: 120/hour, then: refuse }'] : []),
    ...(tests.length === 0 ? [] : ['', 'tests: # run by every check and at every start']),
    ...tests.map((test) => `  - ${testLine(test)}`),
    '',
  ].join('\n');
}

/** What stands before the preset's paths; '' for nothing. */
function rootOf({ root, preset }: Answers): string {
  return (root ?? preset?.root ?? '').replace(/\/$/, '');
}

function roleLines({ groups }: Answers, people: readonly RoleName[]): string[] {
  return [...groups].map(([role, names]) =>
    people.includes(role) ? `  ${role}: ${list(names)}` : `  # ${role}: ${list(names)} # no rule names it yet`,
  );
}

function rulesOf(answers: Answers): readonly WrittenRule[] {
  const inside = insideZone(answers);
  const { preset, groups } = answers;
  const rows = preset === null ? [] : outlineOf(preset.name, preset.areas);
  const worked =
    preset === null ? [withoutPreset([...groups.keys()])] : rows.map((row) => ruleOf(row, [...groups.keys()], inside));
  const console: OutlineRow = { name: 'console', areas: ['wardgate.console'], allow: ['privacy'] };
  const review: OutlineRow = { name: 'review', areas: ['wardgate.review'], allow: ['privacy'] };
  return [...worked, ruleOf(review, [...groups.keys()], inside), ruleOf(console, [...groups.keys()], inside)].flatMap(
    (rule) => rule ?? [],
  );
}

/** Null where nobody is left who may use it. */
function ruleOf(row: OutlineRow, there: readonly RoleName[], inside: string | null): WrittenRule | null {
  const of = (names: readonly RoleName[] = []): readonly RoleName[] => names.filter((name) => there.includes(name));
  const allow = row.allow === 'everyone' ? [] : of(row.allow);
  const [exporting, emergency] = [of(row.export), of(row.emergency)];
  if (row.allow !== 'everyone' && allow.length === 0) return null;
  const areas = row.areas.map((area) => (area.includes('.') ? area : `${applicationName}.${area}`));
  const line = mapping([
    ['name', row.name],
    ['area', list(areas)],
    ['allow', row.allow === 'everyone' ? 'everyone' : list(allow)],
    ['export', row.export === undefined ? null : exporting.length === 0 ? 'nobody' : list(exporting)],
    ['emergency', emergency.length === 0 ? null : list(emergency)],
    ['from', row.inside === undefined ? null : inside],
    ['freshFactor', row.freshFactor ?? null],
    ['webSocket', row.webSocket === undefined ? null : 'true'],
    ['record', row.record ?? null],
  ]);
  return { name: row.name, line, names: [...allow, ...exporting, ...emergency] };
}

/** Nothing is known of the EHR, so whoever may see every patient may open all of it, until there are rules by path. */
function withoutPreset(there: readonly RoleName[]): WrittenRule | null {
  const allow = (['physician', 'nurse', 'records'] as const).filter((role) => there.includes(role));
  if (allow.length === 0) return null;
  const methods = 'methods: [GET, POST, PUT, PATCH, DELETE]';
  const line = `{ name: everything, paths: /**, ${methods}, allow: ${list(allow)} } # put rules by path before it`;
  return { name: 'everything', line, names: allow };
}

/** So that whoever misses something finds its name. */
function unnamedAreas({ preset }: Answers, rules: readonly WrittenRule[]): string[] {
  const written = rules.map(({ line }) => line).join(' ');
  const unnamed = (preset?.areas ?? []).filter(
    (area) => !new RegExp(`\\b${applicationName}\\.${area}(?![a-z0-9-])`).test(written),
  );
  return unnamed.length === 0 ? [] : [`  # No rule names these areas, so nobody opens them: ${unnamed.join(', ')}`];
}

function testLine({ as, get, emergency, expect, rule }: ReturnType<typeof sampleRequests>[number]): string {
  return mapping([
    ['as', as],
    ['get', scalar(get)],
    ['emergency', emergency ? 'true' : null],
    ['expect', expect],
    ['rule', rule],
  ]);
}
