// The demo's own schedule, roster, addresses and one confidential patient, so that "somebody looks up a colleague" can be seen;
// imported as IT would, and on record like that.

import { join } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import type { RelationKind } from '../core/relations/relation-rows.ts';
import { patients } from '../demo/ehr/patients.ts';
import { staff } from '../demo/staff.ts';
import { importRelations } from './relations/import-relations.ts';
import type { Demo } from './start-demo.ts';

/** Numbers of patients, and what each is there to show. */
export const demoCharts = { nurse: 9, frontDesk: 5, sameHomeAsPhysician: 12, confidential: 20, withPhysicianToday: 1 } as const;

const dayMilliseconds = 86_400_000;
/** The schedule of the days around today: three patients a day, one after the other. */
const scheduledDays = 10;
const patientsADay = 3;

/** Rejects where the demo's gateway does not run. */
export async function importDemoRelations({ directory }: Pick<Demo, 'directory'>, now: number): Promise<void> {
  const loaded = await loadConfiguration(join(directory, 'gateway.yaml'), { secrets: 'optional' });
  if (!loaded.ok) throw new Error('The configuration of the demo cannot be read again');
  for (const [kind, lines] of files(now)) {
    const content = [Buffer.from(`${lines.join('\n')}\n`)];
    const fhir = { patient: [], login: null };
    const given = { kind, file: 'the demo', content, columns: {}, fhir, encoding: null, dryRun: false };
    const imported = await importRelations(loaded.configuration.settings, given);
    if (!imported.ok) throw new Error(imported.mistakes.map(({ message }) => message).join('\n'));
  }
}

function files(now: number): readonly (readonly [RelationKind, readonly string[]])[] {
  return [
    [
      'staff',
      [
        'login,name,role,department,patient,address',
        ...Object.values(staff).map(({ name, displayName, title }) => roster(name, displayName, title)),
      ],
    ],
    [
      'demographics',
      [
        'pid,mrn,name,birth-date,address,phone',
        ...patients.map(({ pid, mrn, givenName, familyName, born, street, city, phone }) =>
          [pid, mrn, `"${familyName}, ${givenName}"`, born, `"${street}, ${city}"`, phone].join(','),
        ),
      ],
    ],
    ['confidential', ['pid', String(demoCharts.confidential)]],
    ['appointments', ['pid,time,clinician,department', ...appointments(now)]],
  ];
}

function roster(login: string, name: string, title: string): string {
  const own: Readonly<Record<string, number>> = { nurse: demoCharts.nurse, 'front-desk': demoCharts.frontDesk };
  const home = patients[demoCharts.sameHomeAsPhysician - 1];
  const address = login === 'physician' && home !== undefined ? `"${home.street}, ${home.city}"` : '';
  const department = ['physician', 'nurse', 'newcomer'].includes(login) ? 'Family Medicine' : '';
  return [login, name, title, department, own[login] ?? '', address].join(',');
}

/** The first of them today; those that something else is shown with come to nobody. */
function appointments(now: number): readonly string[] {
  const others = new Set<number>([
    demoCharts.nurse,
    demoCharts.frontDesk,
    demoCharts.sameHomeAsPhysician,
    demoCharts.confidential,
  ]);
  const seen = patients.filter(({ pid }) => !others.has(pid)).slice(0, scheduledDays * patientsADay);
  return seen.map(({ pid }, index) => {
    const day = new Date(now + Math.floor(index / patientsADay) * dayMilliseconds).toISOString().slice(0, 10);
    return `${pid},${day} ${10 + (index % patientsADay)}:30,${staff.physician.displayName},Family Medicine`;
  });
}
