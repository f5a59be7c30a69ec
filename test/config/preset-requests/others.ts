// What people, programs and strangers ask of Orthanc, of HAPI FHIR and of an EHR on Tomcat, and what becomes of it with the
// rules of docs/presets.md.

import type { PresetRequest } from '../preset-clinic.ts';

const uid = 'bf9ae57c-49606dd2-1d9528a2-f2f1fa15-dc851853';

export const orthancRequests: readonly PresetRequest[] = [
  ['nurse', 'GET', '/app/explorer.html', 'images', null, 'static'],
  ['nurse', 'GET', `/patients/${uid}`, 'images', uid, 'images'],
  ['nurse', 'GET', `/studies/${uid}/archive`, 'role-not-permitted', null, 'images'],
  ['records', 'GET', `/patients/${uid}/archive`, 'files', uid, 'images'],
  ['physician', 'POST', '/instances', 'uploads', null, 'images'],
  ['physician', 'DELETE', `/patients/${uid}`, 'role-not-permitted', uid, 'images'],
  ['front-desk', 'GET', '/patients', 'role-not-permitted', null, 'images'],
  // Case 1 and 3.
  ['nurse', 'GET', `/app/..%2fpatients/${uid}/archive`, 'target-malformed'],
  ['nurse', 'GET', `/patients\\${uid}`, 'target-malformed'],
  ['nurse', 'GET', `/instances/${uid}/preview?_method=DELETE`, 'method-override-refused'],
  // Case 15: DICOMweb hands out files without saying so.
  ['nurse', 'GET', '/dicom-web/studies/1.2.3', 'role-not-permitted', null, 'images'],
  ['physician', 'GET', '/dicom-web/studies/1.2.3', 'files', null, 'images'],
  ['it', 'POST', '/modalities/pacs/store', 'denied-always'],
  ['it', 'POST', '/modalities/pacs/get', 'denied-always'],
  ['it', 'POST', '/peers/other/store', 'denied-always'],
  ['it', 'POST', '/transfers/send', 'denied-always'],
];

export const hapiRequests: readonly PresetRequest[] = [
  ['front-desk', 'GET', '/fhir/metadata', 'vocabulary', null, 'settings'],
  ['front-desk', 'GET', '/fhir/Patient?name=smith', 'desk', null, 'demographics'],
  ['front-desk', 'GET', '/fhir/Patient?name=smith&_revinclude=Observation:patient', 'role-not-permitted', null, 'interface'],
  ['front-desk', 'GET', '/fhir/Patient?name=smith&_revinclude:iterate=Observation:patient', 'role-not-permitted'],
  ['front-desk', 'GET', '/fhir/Patient/7', 'desk', '7', 'demographics'],
  ['front-desk', 'GET', '/fhir/Patient?_id=7', 'desk', '7', 'demographics'],
  ['front-desk', 'GET', '/fhir/Observation?patient=7', 'break-glass-required', '7', 'chart'],
  ['nurse', 'GET', '/fhir/Observation?subject=Patient/7&code=http://loinc.org|8310-5', 'charts', 'Patient/7', 'chart'],
  ['nurse', 'GET', '/fhir/Patient/7/Condition', 'charts', '7', 'chart'],
  ['nurse', 'GET', '/fhir?_getpages=b6&_getpagesoffset=20', 'charts', null, 'chart'],
  ['nurse', 'POST', '/fhir/Observation/_search', 'charts', '7', 'chart', { form: { patient: '7' } }],
  [
    'front-desk',
    'POST',
    '/fhir/Patient/_search',
    'role-not-permitted',
    null,
    'interface',
    { form: { name: 'smith', _revinclude: 'Observation:patient' } },
  ],
  ['nurse', 'POST', '/fhir/Observation', 'notes', null, 'chart'],
  ['nurse', 'GET', '/fhir/Patient/7/$everything', 'role-not-permitted', '7', 'chart'],
  ['records', 'GET', '/fhir/Patient/7/$everything', 'copies', '7', 'chart'],
  ['records', 'GET', '/fhir/$export', 'exports', null, 'bulk'],
  ['physician', 'GET', '/fhir/$export', 'role-not-permitted', null, 'bulk'],
  ['billing', 'GET', '/fhir/Coverage?beneficiary=7', 'claims', '7', 'billing'],
  // Case 21: a bundle holds any number of requests.
  ['it', 'POST', '/fhir', 'denied-always'],
  ['it', 'POST', '/fhir/', 'denied-always'],
  ['it', 'GET', '/fhir/$graphql?query=x', 'denied-always'],
  ['it', 'POST', '/fhir/Patient/7/$expunge', 'denied-always'],
  ['it', 'POST', '/fhir/$Expunge', 'denied-always'],
  ['it', 'POST', '/fhir/Subscription', 'denied-always'],
  ['it', 'GET', '/', 'denied-always'],
  ['it', 'GET', '/search?serverId=home', 'denied-always'],
];

export const tomcatRequests: readonly PresetRequest[] = [
  ['front-desk', 'GET', '/clinic/css/main.css', 'screens', null, 'static'],
  ['front-desk', 'GET', '/clinic/css/main.jsp', 'role-not-permitted', null, 'pages'],
  ['nurse', 'GET', '/clinic/patients/7/summary.jsp', 'charts', '7', 'chart'],
  ['front-desk', 'GET', '/clinic/patients/7/summary.jsp', 'break-glass-required', '7', 'chart'],
  ['nurse', 'POST', '/clinic/patients/7/notes.do', 'charts', '7', 'chart'],
  ['nurse', 'GET', '/clinic/admin/users.jsp', 'role-not-permitted', null, 'pages'],
  ['it', 'GET', '/clinic/admin/users.jsp', 'rest', null, 'pages'],
  ['nurse', 'GET', '/clinic/app/logout', 'screens', null, null],
  ['nurse', 'POST', '/clinic/j_security_check', 'denied-always'],
  ['it', 'GET', '/clinic/WEB-INF/web.xml', 'denied-always'],
  ['nurse', 'GET', '/clinic/css/..;/admin/users.jsp', 'target-malformed'],
  ['nurse', 'GET', '/clinic/patients/7/summary.jsp;jsessionid=1', 'target-malformed'],
];
