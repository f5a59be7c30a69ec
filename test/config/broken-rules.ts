// Mistakes in rules.yaml.

import { rules } from './broken-file.ts';
import type { BrokenFile } from './broken-file.ts';

export const brokenRules: readonly BrokenFile[] = [
  rules(
    'a role that is not defined',
    '[physician, nurse], em',
    '[physician, nurze], em',
    'rules.yaml:9:57: Rule "charts": role "nurze" is not defined, did you mean "nurse"?',
  ),
  rules(
    'an emergency role that is not defined',
    'emergency: front-desk',
    'emergency: frontdesk',
    'rules.yaml:9:76: Rule "charts", emergency: role "frontdesk" is not defined, did you mean "front-desk"?',
  ),
  rules(
    'a role asked about disclosures that is not defined',
    'emergency: front-desk',
    'disclosure: frontdesk',
    'rules.yaml:9:77: Rule "charts", disclosure: role "frontdesk" is not defined, did you mean "front-desk"?',
  ),
  rules(
    'everyone among the roles asked about disclosures',
    'emergency: front-desk',
    'disclosure: [everyone, nurse]',
    'rules.yaml:9:77: Rule "charts", disclosure: "everyone" must stand alone',
  ),
  rules(
    'disclosure misspelt',
    'emergency: front-desk',
    'disclosures: nurse',
    'rules.yaml:9:65: Unknown key "disclosures" in rule "charts", did you mean "disclosure"?',
  ),
  rules(
    'an area that is not defined',
    'area: ehr.chart',
    'area: ehr.charts',
    'rules.yaml:9:27: Area "ehr.charts" is not defined, there is "ehr.shell", "ehr.chart", "ehr.search" and "ehr.letters", did you mean "ehr.chart"?',
  ),
  rules(
    'an area of an unknown application',
    'area: ehr.chart',
    'area: her.chart',
    'rules.yaml:9:27: Application "her" is not defined in gateway.yaml, there is "ehr", did you mean "ehr"?',
  ),
  rules(
    'a rule from a zone that is not defined',
    'emergency: front-desk',
    'from: clinik',
    'rules.yaml:9:71: Zone "clinik" is not defined in gateway.yaml, there is "clinic" and "desks", did you mean "clinic"?',
  ),
  rules(
    'an application that is not defined',
    '  - name: letters\n',
    '  - name: letters\n    application: her\n',
    'rules.yaml:11:18: Application "her" is not defined in gateway.yaml, there is "ehr", did you mean "ehr"?',
  ),
  rules(
    'neither area nor paths',
    'area: ehr.chart, ',
    '',
    'rules.yaml:9:5: Rule "charts" says neither area nor paths, so it would never apply',
  ),
  rules('a rule without allow', ', allow: everyone', '', 'rules.yaml:7:5: Key "allow" is missing in rule "screens"'),
  rules(
    'allow misspelt',
    ', allow: everyone',
    ', alow: everyone',
    'rules.yaml:7:39: Unknown key "alow" in rule "screens", did you mean "allow"?',
  ),
  rules(
    'everyone among roles',
    'allow: everyone',
    'allow: [everyone, nurse]',
    'rules.yaml:7:46: Rule "screens": "everyone" must stand alone',
  ),
  rules(
    'a rule name that stands twice',
    'name: find',
    'name: screens',
    'rules.yaml:8:13: Rule name "screens" stands twice, first in line 7; records need one name each',
  ),
  rules(
    'a source the path does not name',
    'path.patient',
    'path.pid',
    'rules.yaml:14:14: Source path.pid has no {pid} in the path "/letters/{patient}/**"; it names {patient}',
  ),
  rules(
    'a source that is none',
    'path.patient',
    'patient',
    'rules.yaml:14:14: Value "patient" of patient of rule "letters" must be path.NAME, query.NAME, form.NAME or session, for example path.patient',
  ),
  rules(
    'a form condition on GET',
    '    methods: [GET, POST]\n',
    '    when: { form: { send: present } }\n',
    'rules.yaml:12:19: Condition on form fields cannot be met by GET, add methods: [POST]',
  ),
  rules(
    'a method in small letters',
    '[GET, POST]',
    '[get, post]',
    'rules.yaml:12:15: Value "get" of methods[1] of rule "letters" must be "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" or "OPTIONS", did you mean "GET"?',
    'rules.yaml:12:20: Value "post" of methods[2] of rule "letters" must be "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" or "OPTIONS", did you mean "POST"?',
  ),
  rules(
    'a query in a path',
    '"/letters/{patient}/**"',
    '"/letters/{patient}?print=1"',
    'rules.yaml:11:13: Pattern "/letters/{patient}?print=1" holds "?"; a pattern judges the path alone, so write the query as a condition under "when: { query: ... }"',
  ),
  rules(
    'a path without slash',
    '"/letters/{patient}/**"',
    '"letters/{patient}"',
    'rules.yaml:11:13: Pattern "letters/{patient}" does not begin with a slash; write "/letters/{patient}"',
  ),
  rules(
    'a regular expression',
    '"/letters/{patient}/**"',
    '"^/letters/.*$"',
    'rules.yaml:11:13: Path "^/letters/.*$" is a regular expression; write {name} or * for one segment and ** for any number of them',
  ),
  rules(
    'a path of the gateway itself',
    '"/letters/{patient}/**"',
    '"/.wardgate/{patient}"',
    `rules.yaml:11:13: Path "/.wardgate/{patient}" is the gateway's own; name the area wardgate.console instead`,
  ),
  rules(
    'a budget for a role that is not defined',
    '  everyone: { files',
    '  everybody: { files',
    'rules.yaml:16:3: Downloads: role "everybody" is not defined, did you mean "everyone"?',
  ),
  rules(
    'a pace that is missing',
    'then: ask',
    'then: slow',
    'rules.yaml:16:73: Downloads of "everyone" slow down over budget, so they need a pace, write pace: 1MB/s',
  ),
  rules(
    'a test that fails',
    'as: nurse',
    'as: front-desk',
    'rules.yaml:18:5: Test fails: front-desk GET /chart?pid=7 is refused, not allowed (Rule "charts" permits the roles physician, nurse; you are front-desk)',
  ),
  rules(
    'a test without address',
    'get: "/chart?pid=7"',
    'form: { a: b }',
    'rules.yaml:18:5: Test needs one address, under one of get, post, put, patch, delete',
  ),
  rules(
    'a test of a role that is not defined',
    'as: nurse',
    'as: nurze',
    'rules.yaml:18:11: Test: role "nurze" is not defined, did you mean "nurse"?',
  ),
  rules('a mode that is none', 'mode: enforce', 'mode: on', 'rules.yaml:1:7: Value "on" of mode must be "enforce" or "observe"'),
  rules(
    'a role name in capitals',
    '  nurse:',
    '  Nurse:',
    'rules.yaml:4:3: Name "Nurse" in roles must be lower-case letters, digits and "-", beginning with a letter, write nurse: nurse: Clinic-Nurses',
  ),
];
