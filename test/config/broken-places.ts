// Lines in the wrong column, keys in the wrong place, lists for one value and the other way round.

import { gateway, rules } from './broken-file.ts';
import type { BrokenFile } from './broken-file.ts';

export const brokenPlaces: readonly BrokenFile[] = [
  gateway(
    'tabs in a whole section',
    '  provider: keycloak\n  issuer: https://login.northside.example/realms/clinic\n',
    '\tprovider: keycloak\n\tissuer: https://login.northside.example/realms/clinic\n',
    'gateway.yaml:12:1: Line is indented with a tab, which YAML does not accept; use spaces: provider: keycloak',
    'gateway.yaml:13:1: Line is indented with a tab, which YAML does not accept; use spaces: issuer: https://login.northside.example/realms/clinic',
  ),
  rules(
    'a tab before a list entry',
    '  - { name: find',
    '\t- { name: find',
    'rules.yaml:8:1: Line is indented with a tab, which YAML does not accept; use spaces: - { name: find, area: ehr.search, allow: [physician, nurse, front-desk] }',
  ),
  gateway(
    'a line indented too far',
    '    upstream:',
    '      upstream:',
    'gateway.yaml:8:7: Line is indented by 6, and line 7, where it most likely belongs, by 4; keys of one mapping start in the same column: upstream: http://127.0.0.1:8081',
  ),
  gateway(
    'a line indented too little',
    '    upstream:',
    '  upstream:',
    'gateway.yaml:8:3: Line is indented by 2, and line 7, where it most likely belongs, by 4; keys of one mapping start in the same column: upstream: http://127.0.0.1:8081',
  ),
  rules(
    'a key beside the entry it belongs to',
    '    methods:',
    '  methods:',
    'rules.yaml:12:3: Line is indented by 2, and line 11, where it most likely belongs, by 4; keys of one mapping start in the same column: methods: [GET, POST]',
  ),
  rules(
    'an entry of a list at the left',
    '  - { name: find',
    '- { name: find',
    'rules.yaml:8:1: Line is indented by 0, and line 7, where it most likely belongs, by 2; entries of one list start in the same column: - { name: find, area: ehr.search, allow: [physician, nurse, front-desk] }',
  ),
  rules(
    'an entry of a list too far right',
    '  - { name: find',
    '   - { name: find',
    'rules.yaml:8:4: Line is indented by 3, and line 7, where it most likely belongs, by 2; entries of one list start in the same column: - { name: find, area: ehr.search, allow: [physician, nurse, front-desk] }',
  ),
  rules(
    'an entry without its dash',
    '  - name: letters',
    '    name: letters',
    'rules.yaml:10:5: Line belongs to no list entry; an entry begins with "- ", as in line 9: - name: letters',
  ),
  rules(
    'a dash before a role',
    '  physician: Clinic-Physicians',
    '  - physician: Clinic-Physicians',
    'rules.yaml:3:3: A list entry stands before keys; the "- " does not belong here, as in line 4: physician: Clinic-Physicians',
  ),
  rules(
    'a rule that is a key',
    '  - { name: screens, area: ehr.shell, allow: everyone }',
    '  screens: { area: ehr.shell, allow: everyone }',
    'rules.yaml:8:3: A list entry stands among keys; line 7 has no "- " in front, so write it there too, or not here',
  ),
  gateway(
    'a key of an application at the top',
    '    signOn: none\n',
    'signOn: none\n',
    'gateway.yaml:10:1: Key "signOn" stands at the top, and belongs into applications.ehr, with 4 blanks in front: signOn: none',
  ),
  gateway(
    'a key of an application among the applications',
    '    signOn: none\n',
    '  signOn: none\n',
    'gateway.yaml:10:3: Key "signOn" stands in applications, and belongs into applications.ehr, with 4 blanks in front: signOn: none',
  ),
  gateway(
    'a section within another',
    'audit: { keep: 6y }\n',
    '  audit: { keep: 6y }\n',
    'gateway.yaml:21:3: Key "audit" stands in lock, and belongs at the top, without blanks in front: audit: { keep: 6y }',
  ),
  gateway(
    'a key of the other file',
    'audit: { keep: 6y }\n',
    'audit: { keep: 6y }\nmode: enforce\n',
    'gateway.yaml:22:1: Key "mode" belongs into rules.yaml, and stands here',
  ),
  rules(
    'zones in the rules',
    'downloads:',
    'zones: { desks: 10.20.5.0/24 }\ndownloads:',
    'rules.yaml:15:1: Key "zones" belongs into gateway.yaml, and stands here',
  ),
  gateway(
    'several values where one is wanted',
    'clientId: wardgate',
    'clientId: [wardgate, wardgate2]',
    'gateway.yaml:14:13: Value […] of signIn.clientId is a list, and one value is wanted; keep one of them',
  ),
  gateway(
    'a mapping where one value is wanted',
    'clientId: wardgate',
    'clientId: { name: wardgate }',
    'gateway.yaml:14:13: Value {…} of signIn.clientId is a mapping of "key: value", and text is wanted',
  ),
  rules(
    'roles as a list',
    '  physician: Clinic-Physicians\n  nurse: Clinic-Nurses\n  front-desk: Clinic-FrontDesk\n',
    '  - physician: Clinic-Physicians\n  - nurse: Clinic-Nurses\n  - front-desk: Clinic-FrontDesk\n',
    'rules.yaml:3:3: Value […] of roles is a list, and a mapping of "key: value" is wanted; write its entries without "- " in front',
  ),
  rules(
    'tests as a mapping',
    '  - { as: nurse, get: "/chart?pid=7", expect: allowed }',
    '  charts: { as: nurse, get: "/chart?pid=7", expect: allowed }',
    'rules.yaml:18:3: Value {…} of tests is a mapping, and a list is wanted; begin each entry with "- ", such as - name: charts',
  ),
  gateway(
    'a key that is asked for',
    '  clientId: wardgate',
    '  ? clientId: wardgate',
    'gateway.yaml:14:13: Key must be plain text; text that contains braces or brackets stands in double quotes',
  ),
  gateway(
    'a misspelt section that must be there',
    'signIn:',
    'singIn:',
    'gateway.yaml:11:1: Unknown key "singIn", did you mean "signIn"?',
  ),
];
