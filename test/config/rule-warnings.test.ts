// What `check` says of rules that are sound, and surely not meant so.

import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const head = soundRules.slice(0, soundRules.indexOf('rules:'));
const everybody = '[physician, nurse, front-desk]';

/** `line: message` of each; the first rule, in line 7, only names every role. */
async function warningsOf(...rules: string[]): Promise<string[]> {
  const text = [
    `${head}rules:`,
    `  - { name: all, area: ehr.shell, allow: ${everybody} }`,
    ...rules.map((rule) => `  - ${rule}`),
  ];
  const written = await writeConfiguration(soundGateway, `${text.join('\n')}\n`);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return loaded.warnings.map(({ line, message }) => `${line}: ${message}`);
}

describe('the order of rules', () => {
  it.each([
    [
      'two stars that take the folder itself',
      ['{ name: below, paths: /a/**, allow: nurse }', '{ name: folder, paths: /a, allow: physician }'],
      '9: Rule "folder" is never reached: everything it names belongs to rule "below" (rules.yaml:8) before it, because /a/** takes /a too',
    ],
    [
      'paths that overlap, neither within the other',
      ['{ name: a, paths: /a/*.php, allow: nurse }', '{ name: b, paths: /a/report*, allow: physician }'],
      '9: Rule "b" overlaps rule "a" (rules.yaml:8): GET /a/reportx.php fits both, and "a" decides because it stands first; put the one first that is meant to decide there',
    ],
    [
      'a name over here and a word over there',
      ['{ name: a, paths: "/{unit}/print", allow: nurse }', '{ name: b, paths: "/charts/{id}", allow: physician }'],
      '9: Rule "b" overlaps rule "a" (rules.yaml:8): GET /charts/print fits both',
    ],
    [
      'two stars in the middle of either',
      ['{ name: a, paths: /a/**/print, allow: nurse }', '{ name: b, paths: /a/b/**/last/*, allow: physician }'],
      'fits both, and "a" decides',
    ],
    [
      'what is denied always',
      ['{ name: merge, paths: /setup/merge, allow: physician }'],
      '8: Rule "merge" is never reached: everything it names is denied always (',
    ],
    [
      'a name that takes a word',
      [
        '{ name: one, paths: "/patients/{id}", allow: nurse }',
        '{ name: export, paths: [/patients/export, /exports], allow: physician }',
      ],
      '9: Rule "export" is not reached for GET /patients/export, which rule "one" (rules.yaml:8) takes before it, because {id} takes "export" too; write "export" before "one" if it is meant to decide',
    ],
    [
      'a star that takes a word',
      ['{ name: pages, paths: /a/*, allow: nurse }', '{ name: admin, paths: /a/admin, allow: physician }'],
      'because * takes "admin" too',
    ],
    [
      'GET, which includes HEAD',
      ['{ name: read, paths: /a, allow: nurse }', '{ name: probe, paths: /a, methods: HEAD, allow: physician }'],
      '9: Rule "probe" is never reached: everything it names belongs to rule "read" (rules.yaml:8) before it, because GET includes HEAD',
    ],
    [
      'one method of several',
      ['{ name: read, paths: /a/**, allow: nurse }', '{ name: write, paths: /a/b, methods: [GET, POST], allow: physician }'],
      '9: Rule "write" is not reached for GET /a/b, which rule "read" (rules.yaml:8) takes before it; write "write" before "read"',
    ],
    [
      'several ways of a rule',
      ['{ name: read, paths: /a/**, allow: nurse }', '{ name: more, paths: [/a/b, /a/c, /d], allow: physician }'],
      '9: Rule "more" is not reached for GET /a/b and 1 more, which',
    ],
    [
      'a field that is there behind one that has a value',
      [
        '{ name: any, paths: /a, when: { query: { csv: present } }, allow: nurse }',
        '{ name: one, paths: /a, when: { query: { csv: 1 } }, allow: physician }',
      ],
      '9: Rule "one" is never reached',
    ],
  ])('is warned of with %s', async (_, rules, answer) => {
    expect(await warningsOf(...rules)).toEqual([expect.stringContaining(answer)]);
  });

  it.each([
    [
      'the narrower first',
      ['{ name: export, paths: /p/export, allow: physician }', '{ name: one, paths: "/p/{id}", allow: nurse }'],
    ],
    ['the same people either way', ['{ name: a, paths: /a/**, allow: nurse }', '{ name: b, paths: [/a/b, /c], allow: nurse }']],
    ['the narrower one first', ['{ name: a, paths: /a/*.php, allow: nurse }', '{ name: b, paths: /a/**, allow: physician }']],
    [
      'paths that overlap for the same people',
      ['{ name: a, paths: /a/*.php, allow: nurse }', '{ name: b, paths: /a/report*, allow: nurse }'],
    ],
    [
      'conditions that never hold together',
      [
        '{ name: a, paths: /a/*.php, when: { query: { x: present } }, allow: nurse }',
        '{ name: b, paths: /a/report*, when: { query: { x: absent } }, allow: physician }',
      ],
    ],
    ['another method', ['{ name: a, paths: /a/**, allow: nurse }', '{ name: b, paths: /a/b, methods: POST, allow: physician }']],
    [
      'a value behind which fewer are let in',
      [
        '{ name: a, paths: /a, when: { query: { csv: 1 } }, allow: [nurse, physician] }',
        '{ name: b, paths: /a, allow: physician }',
      ],
    ],
  ])('is left alone with %s', async (_, rules) => {
    expect(await warningsOf(...rules)).toEqual([]);
  });

  it('is warned of where fewer are let in, but on easier terms', async () => {
    const rules = [
      '{ name: a, paths: /a, when: { query: { csv: 1 } }, allow: [nurse, physician], from: clinic }',
      '{ name: b, paths: /a, allow: physician }',
    ];
    expect(await warningsOf(...rules)).toEqual([expect.stringContaining('8: Rule "a" asks for csv=1')]);
  });
});

describe('everyone', () => {
  it.each([
    [
      'an area of the chart',
      '{ name: charts, area: ehr.chart, allow: everyone }',
      '8: Rule "charts" lets everyone open chart (/chart); name the roles that need it',
    ],
    [
      'a path of a patient',
      '{ name: letters, paths: "/letters/{id}", patient: path.id, allow: everyone }',
      '8: Rule "letters" lets everyone open what belongs to a patient (/letters/{id}); name the roles that need it',
    ],
    [
      'the console',
      '{ name: console, area: wardgate.console, allow: everyone }',
      '8: Rule "console" lets everyone into the console, which shows who opened which chart; name the roles',
    ],
    [
      'every page there is',
      '{ name: rest, paths: /**, allow: everyone }',
      '8: Rule "rest" lets everyone open every page of "ehr" that no rule before it takes (/**); name the roles',
    ],
  ])('is warned of with %s', async (_, rule, answer) => {
    expect(await warningsOf(rule)).toEqual([answer]);
  });

  it.each([
    ['a page of no patient', '{ name: more, area: ehr.search, allow: everyone }'],
    ['data of nobody', '{ name: style, paths: /static/**, category: static, allow: everyone }'],
    ['the chart for roles', `{ name: charts, area: ehr.chart, allow: ${everybody} }`],
  ])('is left alone with %s', async (_, rule) => {
    expect(await warningsOf(rule)).toEqual([]);
  });
});

describe('a role', () => {
  const rest = ', so its people may open what everyone may, and no more';

  it.each([
    [
      'is named by no rule',
      '{ name: a, area: ehr.shell, allow: everyone }',
      [
        `3: Role "physician" is named by no rule${rest}`,
        `4: Role "nurse" is named by no rule${rest}`,
        `5: Role "front-desk" is named by no rule${rest}`,
      ],
    ],
    ['is only there for emergencies', `{ name: a, area: ehr.search, allow: [nurse, physician], emergency: front-desk }`, []],
  ])('%s', async (_, rule, answers) => {
    const written = await writeConfiguration(
      soundGateway,
      `${head}rules:\n  - ${rule}\ndownloads: { nurse: { files: 1/hour } }\n`,
    );
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok && loaded.warnings.map(({ line, message }) => `${line}: ${message}`)).toEqual(answers);
  });
});

describe("an area of IT's own", () => {
  it('is named by its short name too', async () => {
    const rules = `${head}areas: { ehr.lists: /lists }\nrules:\n  - { name: a, area: lists, allow: ${everybody} }\n`;
    const written = await writeConfiguration(soundGateway, rules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok && loaded.warnings).toEqual([]);
  });
});
