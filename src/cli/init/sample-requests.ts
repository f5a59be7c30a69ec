// What the first rules must decide about one page of each kind. They stand under `tests:` of the file that
// `wardgate init` writes, so that a later change which opens or shuts more than was meant is found.

import type { RoleName } from './answers.ts';

/** What each page is; the rule that has to decide about it bears the name. */
type Page = 'find' | 'charts' | 'images' | 'reports' | 'exports' | 'rest' | 'admin';

const openemr: Partial<Record<Page, string>> = {
  find: '/interface/main/finder/dynamic_finder_ajax.php',
  charts: '/interface/patient_file/history/encounters.php',
  reports: '/interface/reports/patient_list.php',
  admin: '/interface/usergroup/usergroup_admin.php',
};

/** One page of each kind below the preset's root. */
const pages: Readonly<Record<string, Partial<Record<Page, string>>>> = {
  openemr,
  'openemr-5': openemr,
  libreehr: openemr,
  'openmrs-2': {
    find: '/coreapps/findpatient/findPatient.page',
    charts: '/coreapps/clinicianfacing/patient.page?patientId=7',
    reports: '/reportingui/reportsapp/home.page',
    admin: '/admin/users/users.list',
  },
  'openmrs-3': {
    find: '/ws/rest/v1/patient?q=smith',
    charts: '/ws/rest/v1/encounter?patient=7',
    reports: '/ws/rest/v1/cohort',
    admin: '/admin/users/users.list',
  },
  'openmrs-legacy': {
    find: '/findPatient.htm',
    charts: '/patientDashboard.form?patientId=7',
    reports: '/module/reporting/reports/manageReports.form',
    admin: '/admin/users/users.list',
  },
  oscar: {
    find: '/demographic/search.jsp',
    charts: '/oscarEncounter/IncomingEncounter.do?demographicNo=7',
    exports: '/demographic/DemographicExport.do',
    reports: '/report/reportindex.jsp',
    admin: '/admin/admin.jsp',
  },
  orthanc: { images: '/app/explorer.html', admin: '/jobs' },
  'hapi-fhir': {
    find: '/fhir/Patient?name=smith',
    charts: '/fhir/Observation?patient=7',
    exports: '/fhir/$export',
    admin: '/fhir/Subscription',
  },
  'tomcat-form': { rest: '/start' },
  'legacy-demo': { find: '/finder?q=smith', charts: '/chart?set_pid=7', reports: '/reports/patients', admin: '/admin/users' },
};

const expected: readonly (readonly [Page, RoleName, 'allowed' | 'refused', 'emergency'?])[] = [
  ['find', 'front-desk', 'allowed'],
  ['charts', 'nurse', 'allowed'],
  ['charts', 'front-desk', 'refused'],
  ['charts', 'front-desk', 'allowed', 'emergency'],
  ['charts', 'billing', 'refused'],
  ['images', 'nurse', 'allowed'],
  ['images', 'it', 'refused'],
  ['exports', 'records', 'allowed'],
  ['exports', 'nurse', 'refused'],
  ['reports', 'records', 'allowed'],
  ['reports', 'nurse', 'refused'],
  ['rest', 'physician', 'allowed'],
  ['rest', 'nurse', 'refused'],
  ['admin', 'it', 'allowed'],
  ['admin', 'nurse', 'refused'],
];

export interface SampleRequest {
  readonly as: RoleName;
  /** Path and query, root and all. */
  readonly get: string;
  readonly emergency: boolean;
  readonly expect: 'allowed' | 'refused';
  /** The rule that must decide; null for whatever it is. */
  readonly rule: string | null;
}

/** For the rules that are written, and the people that there are. */
export function sampleRequests(
  preset: string,
  root: string,
  rules: readonly string[],
  people: readonly RoleName[],
): readonly SampleRequest[] {
  const rows = expected.flatMap(([page, as, expect, emergency]): SampleRequest[] => {
    const path = pages[preset]?.[page];
    if (path === undefined || !rules.includes(page) || !people.includes(as)) return [];
    return [{ as, get: root + path, emergency: emergency !== undefined, expect, rule: expect === 'allowed' ? page : null }];
  });
  const others = people.filter((role) => role !== 'privacy').slice(-1);
  const console = ['privacy' as const, ...others].filter((role) => people.includes(role) && rules.includes('console'));
  return [
    ...rows,
    ...console.map((as): SampleRequest => {
      const may = as === 'privacy';
      return {
        as,
        get: '/.wardgate/console',
        emergency: false,
        expect: may ? 'allowed' : 'refused',
        rule: may ? 'console' : null,
      };
    }),
  ];
}
