// What YAML itself does to people, and files that are no configuration at all.

import { gateway, rules } from './broken-file.ts';
import type { BrokenFile } from './broken-file.ts';

const charts = '  - { name: charts, area: ehr.chart, allow: [physician, nurse], emergency: front-desk }\n';
const letters = '    paths: ["/letters/{patient}/**"]\n';
const rule = (text: string): readonly [string, string] => [charts, `${charts}  - ${text}\n`];

export const brokenYaml: readonly BrokenFile[] = [
  rules(
    'a path with braces inside brackets',
    letters,
    '    paths: [/letters/{patient}/**]\n',
    'rules.yaml:11:13: Braces start a mapping here, so a path with {name} must stand in double quotes: paths: ["/letters/{patient}/**"]',
  ),
  rules(
    'a lone {id} inside brackets',
    '[physician, nurse]',
    '[physician, {nurse}]',
    'rules.yaml:9:58: Braces make a mapping of "nurse" here; put {nurse} into double quotes if it stands for a value or a path, or write it without the braces: - { name: charts, area: ehr.chart, allow: [physician, nurse], emergency: front-desk }',
  ),
  rules(
    'a variable inside brackets',
    '[physician, nurse]',
    '[${ROLE}]',
    'rules.yaml:9:46: Variables are not filled in, so "${ROLE}" would be taken as it stands; write the value itself, or name the variable of a secret with a key that ends in Env',
  ),
  gateway(
    'a variable as a value',
    'OIDC_SECRET',
    '${OIDC_SECRET}',
    'gateway.yaml:15:20: Variables are not filled in, so "${OIDC_SECRET}" would be taken as it stands; write the value itself, or name the variable of a secret with a key that ends in Env',
  ),
  rules(
    'two stars without quotes',
    letters,
    '    paths:\n      - **\n',
    'rules.yaml:12:9: Pattern ** begins with "*", which YAML reads as an alias; put it into double quotes, with a slash in front: - "/**"',
  ),
  rules(
    'a star in front',
    letters,
    '    paths: ["/letters/{patient}/**", *.php]\n',
    'rules.yaml:11:38: Pattern *.php begins with "*", which YAML reads as an alias; put it into double quotes, with a slash in front: paths: ["/letters/{patient}/**", "/*.php"]',
  ),
  rules(
    'an alias',
    'Clinic-Nurses',
    '*group',
    'rules.yaml:4:10: Value *group is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern',
  ),
  rules(
    'a group with a backslash in double quotes',
    'Clinic-Physicians',
    '"CLINIC\\Physicians"',
    `rules.yaml:3:14: Backslash inside double quotes: YAML reads "\\P" as another character, use single quotes: 'CLINIC\\Physicians'`,
  ),
  rules(
    'a group whose backslash is no escape',
    'Clinic-Physicians',
    '"CLINIC\\Queue"',
    "rules.yaml:3:21: Backslash inside double quotes, use single quotes: physician: 'CLINIC\\Queue'",
  ),
  gateway(
    'a tab',
    '    upstream: http',
    '\tupstream: http',
    'gateway.yaml:8:1: Line is indented with a tab, which YAML does not accept; use spaces: upstream: http://127.0.0.1:8081',
  ),
  gateway(
    'a non-breaking space',
    '    upstream: http',
    '\u00a0\u00a0\u00a0\u00a0upstream: http',
    'gateway.yaml:8:1: Line begins with a non-breaking space, use ordinary spaces: upstream: http://127.0.0.1:8081',
  ),
  rules(
    'yes for true',
    ...pair(rule('{ name: live, area: ehr.shell, allow: everyone, webSocket: yes }')),
    'rules.yaml:10:64: Value "yes" of webSocket of rule "live" is only text to YAML, write true',
  ),
  rules(
    'off for false',
    ...pair(rule('{ name: live, area: ehr.shell, allow: everyone, changes: off }')),
    'rules.yaml:10:62: Value "off" of changes of rule "live" is only text to YAML, write false',
  ),
  gateway(
    'a key that stands twice',
    '  clientId: wardgate\n',
    '  clientId: wardgate\n  clientId: wardgate2\n',
    'gateway.yaml:15:3: Key "clientId" stands twice, first in line 14; join the two or delete one',
  ),
  gateway(
    'a time without its unit',
    'after: 15m',
    'after: 15',
    'gateway.yaml:19:24: Value "15" of lock.everywhere.after has no unit, write 15m, 15s or 15h: everywhere: { after: 15m, endAfterLock: 30m, longest: 12h }',
  ),
  gateway(
    'a size without its unit',
    'audit: { keep: 6y }',
    'limits: { body: 200 }',
    'gateway.yaml:21:17: Value "200" of limits.body has no unit, write 200MB, 200KB or 200GB: limits: { body: 200MB }',
  ),
  rules(
    'a rate without its period',
    '30/hour',
    '30',
    'rules.yaml:16:22: Value "30" of downloads.everyone.files must be counted per hour, write 30/hour',
  ),
  rules(
    'a rate over another period',
    '200MB/day',
    '200MB/hour',
    'rules.yaml:16:37: Value "200MB/hour" of downloads.everyone.size must be counted per day, write 200MB/day',
  ),
  gateway(
    'no space after the colon',
    '  clientId: wardgate',
    '  clientId:wardgate',
    'gateway.yaml:14:3: Key "clientId" needs a space after the colon: clientId: wardgate',
  ),
  gateway(
    'a colon in a value',
    'clientId: wardgate',
    'clientId: wardgate: main',
    'gateway.yaml:14:13: Value contains ": ", so it must stand in double quotes: clientId: "wardgate: main"',
  ),
  gateway(
    'a value that begins with @',
    'clientId: wardgate',
    'clientId: @wardgate',
    'gateway.yaml:14:13: Value begins with "@", which YAML reserves; put it into double quotes: clientId: "@wardgate"',
  ),
  gateway(
    'a bracket left open',
    'clinic: [10.20.0.0/16]',
    'clinic: [10.20.0.0/16',
    'gateway.yaml:3:11: Closing "]" is missing: "[" is opened here and never closed, it most likely ends in this line: clinic: [10.20.0.0/16]',
  ),
  gateway(
    'a quote left open',
    'name: Northside',
    'name: "Northside',
    'gateway.yaml:1:17: Closing quote is missing: the one opened here needs another " where its value ends: clinic: { name: "Northside", timezone: America/Chicago, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }',
  ),
  gateway(
    'a line indented differently',
    '    upstream: http',
    '   upstream: http',
    'gateway.yaml:8:4: Line is indented by 3, and line 7, where it most likely belongs, by 4; keys of one mapping start in the same column: upstream: http://127.0.0.1:8081',
  ),
  gateway(
    'typographic quotes',
    'clientId: wardgate',
    'clientId: “wardgate”',
    'gateway.yaml:14:13: Value “wardgate” begins with a typographic quote, use the plain one: clientId: "wardgate"',
  ),
  gateway(
    'a tag',
    'clientId: wardgate',
    'clientId: !env WARDGATE',
    'gateway.yaml:14:18: Tags such as "!file" or "!!str" are not used in this file, write the plain value',
  ),
  {
    name: 'a directive',
    file: 'rules',
    whole: '%YAML 1.1\n---\nmode: enforce\n',
    answers: [
      'rules.yaml:1:1: Directives such as "%YAML 1.1" are not used in this file, delete the line',
      'rules.yaml:1:1: Key "roles" is missing',
      'rules.yaml:1:1: Key "rules" is missing',
    ],
  },
  {
    name: 'two documents',
    file: 'rules',
    add: '---\nmode: observe\n',
    answers: [
      'rules.yaml:19:1: Line "---" starts a second document; one file holds one document, delete the line',
      'rules.yaml:20:1: Key "mode" stands twice, first in line 1; join the two or delete one',
    ],
  },
  {
    name: 'an empty file',
    file: 'rules',
    whole: '',
    answers: ['rules.yaml:1:1: File is empty, it must consist of lines like "key: value"'],
  },
  {
    name: 'a list instead of keys',
    file: 'rules',
    whole: '- a\n- b\n',
    answers: ['rules.yaml:1:1: File holds no settings, it must consist of lines like "key: value"'],
  },
  {
    name: 'UTF-16',
    file: 'rules',
    whole: Buffer.from('\uFEFFmode: enforce\n', 'utf16le'),
    answers: [`rules.yaml:1:1: File is saved as UTF-16, save it as UTF-8 ("Encoding" in the editor's save dialogue)`],
  },
  {
    name: 'a character of an old code page',
    file: 'rules',
    whole: Buffer.from('mode: enforce\nroles: { a: M\xfcller }\n', 'latin1'),
    answers: [`rules.yaml:2:14: Character is not UTF-8, save the file as UTF-8 ("Encoding" in the editor's save dialogue)`],
  },
  {
    name: 'a huge file',
    file: 'gateway',
    whole: `#${'x'.repeat(300_000)}\n`,
    answers: ['gateway.yaml:1:1: File is larger than 256 KiB, which no configuration needs'],
  },
  {
    name: 'more rules than anybody has',
    file: 'rules',
    whole: `#${'x'.repeat(4_200_000)}\n`,
    answers: ['rules.yaml:1:1: File is larger than 4096 KiB, which no configuration needs'],
  },
  {
    name: 'a deep file',
    file: 'rules',
    whole: `mode: ${'['.repeat(20)}${']'.repeat(20)}\n`,
    answers: [
      'rules.yaml:1:1: Key "roles" is missing',
      'rules.yaml:1:1: Key "rules" is missing',
      'rules.yaml:1:7: Value […] of mode must be "enforce" or "observe"',
      'rules.yaml:1:19: Value is nested deeper than 12 levels',
    ],
  },
  {
    name: 'an alias bomb',
    file: 'rules',
    whole: 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n',
    answers: [
      'rules.yaml:1:1: Unknown key "a"; the keys here are mode, roles, areas, denyAlways, rules, downloads, machineDownloads, accounting, tests',
      'rules.yaml:1:1: Key "roles" is missing',
      'rules.yaml:1:1: Key "rules" is missing',
      'rules.yaml:2:1: Unknown key "b"; the keys here are mode, roles, areas, denyAlways, rules, downloads, machineDownloads, accounting, tests',
      'rules.yaml:2:8: Value *a is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern',
      'rules.yaml:2:12: Value *a is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern',
      'rules.yaml:3:1: Unknown key "c"; the keys here are mode, roles, areas, denyAlways, rules, downloads, machineDownloads, accounting, tests',
      'rules.yaml:3:5: Value *b is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern',
      'rules.yaml:3:9: Value *b is a YAML alias, which is not used in this file; write the value out, or put it into double quotes if it is a pattern',
    ],
  },
  rules(
    'a prototype as a role',
    '  nurse: Clinic-Nurses\n',
    '  nurse: Clinic-Nurses\n  __proto__: Clinic-IT\n',
    'rules.yaml:5:3: Key "__proto__" is not allowed',
  ),
  rules(
    'a merge key',
    '  nurse: Clinic-Nurses\n',
    '  nurse: Clinic-Nurses\n  <<: { it: Clinic-IT }\n',
    'rules.yaml:5:3: Merge key "<<" is not used in this file, write the keys out',
  ),
];

function pair([from, to]: readonly [string, string]): [string, string] {
  return [from, to];
}
