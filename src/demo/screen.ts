// What `wardgate demo` prints: one screen for people, or one line of JSON for scripts. It computes text only and starts
// nothing.

import type { DemoPersona } from './personas.ts';
import { listedPersonas } from './personas.ts';

/** The running demo: three origins and the directory of the audit log. */
export interface DemoAddresses {
  readonly gateway: string;
  readonly provider: string;
  readonly ehr: string;
  readonly audit: string;
  readonly personas: readonly DemoPersona[];
}

const SCREEN_COLUMNS = 80;
const SCREEN_LINES = 40;
const LABEL_COLUMNS = 15;

const tries: readonly string[] = [
  'Sign in as nurse; type the code that the authenticator page shows',
  'Find a patient, open the chart, write a note',
  'As front-desk, open a chart: a reason is asked for first, and reviewed',
  'As nurse, open Users or Backup: refused, with why and whom to ask',
  'As records, export the patient list until the budget ends',
  'As billing, export claims: counted, though the EHR misspells its header',
  'As newcomer, enrol a second factor with a telephone or by typing',
  'As security, open /.wardgate/console: who opened what',
  'npm run demo -- --idle 30s; type half a note and wait: it locks in place',
  'Open Request headers: what the EHR is told about you',
  'Open /.wardgate/sign-out in a second tab: the message line closes at once',
  'npm run -s wardgate -- audit verify --dir <audit>; change a byte, again',
];

/** At most 80 columns and 40 lines, whatever the addresses are: longer ones go on in the next line. */
export function renderScreen(demo: DemoAddresses): string {
  const lines = [
    'Wardgate demo: a legacy EHR, a sign-in provider and the gateway between them',
    '',
    ...labelled('Open', demo.gateway),
    ...labelled('Authenticator', `${demo.provider}/authenticator`),
    ...labelled('EHR, unguarded', demo.ehr),
    ...labelled('Audit', demo.audit),
    '',
    'Sign in as      and you are somebody who',
    ...listedPersonas(demo.personas).flatMap((persona) => labelled(persona.name, persona.mayDo)),
    '',
    'What to try',
    ...tries.map((text, index) => `  ${String(index + 1).padStart(2)}. ${text}`),
    '',
    'Everybody in here is made up. Ctrl+C ends the demo; its audit stays.',
  ];
  return `${lines.slice(0, SCREEN_LINES).join('\n')}\n`;
}

/** One line. Personas without a role are left out, as on the screen. */
export function renderJson(demo: DemoAddresses): string {
  const { gateway, provider, ehr, audit } = demo;
  const personas = listedPersonas(demo.personas).map(({ name, roles, totpSecret }) => ({ name, roles, totpSecret }));
  return `${JSON.stringify({ gateway, provider, ehr, audit, personas })}\n`;
}

/** A label and its value; the value is broken where the screen ends. */
function labelled(label: string, value: string): readonly string[] {
  const width = SCREEN_COLUMNS - LABEL_COLUMNS - 3;
  const pieces = value.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [''];
  return pieces.map((piece, index) => `  ${(index === 0 ? label : '').padEnd(LABEL_COLUMNS)} ${piece}`);
}
