// What people, programs and strangers ask of the three OpenMRS interfaces, and what becomes of it with the rules of
// docs/presets.md.

import type { PresetRequest } from '../preset-clinic.ts';

const uuid = '8673ee4f-e2ab-4077-ba55-4980f408773e';
const order = 'a8d0b1a2-0c1e-4a5b-9f6e-111111111111';
const rest = '/openmrs/ws/rest/v1';
const fhir = '/openmrs/ws/fhir2/R4';

export const openmrs3Requests: readonly PresetRequest[] = [
  ['front-desk', 'GET', '/openmrs/spa/patient/8673/chart', 'screens', null, 'static'],
  ['front-desk', 'GET', `${rest}/session`, 'screens', null, 'settings'],
  ['nurse', 'DELETE', `${rest}/session`, 'screens', null, 'settings'],
  ['billing', 'GET', `${rest}/location?tag=Login`, 'screens', null, 'settings'],
  ['front-desk', 'GET', `${rest}/patient?q=smith&v=custom:(uuid)`, 'desk', null, 'demographics'],
  ['front-desk', 'GET', `${rest}/patient/${uuid}?v=full`, 'desk', uuid, 'demographics'],
  ['front-desk', 'GET', `${fhir}/Patient?name=smith`, 'desk', null, 'demographics'],
  ['front-desk', 'GET', `${fhir}/Patient?_id=${uuid}`, 'desk', uuid, 'demographics'],
  ['front-desk', 'GET', `${fhir}/Patient?_id=${uuid}&_revinclude=Observation:patient`, 'role-not-permitted'],
  ['front-desk', 'GET', `${rest}/queue-entry?location=1`, 'desk', null, 'schedule'],
  ['front-desk', 'GET', `${rest}/visit?patient=${uuid}`, 'break-glass-required', uuid, 'chart'],
  ['front-desk', 'GET', `${fhir}/Observation?subject:Patient=${uuid}`, 'break-glass-required', uuid, 'chart'],
  ['nurse', 'GET', `${rest}/patient/${uuid}/allergy`, 'charts', uuid, 'chart'],
  ['nurse', 'GET', `${fhir}/Observation?patient=${uuid}&code=8310-5`, 'charts', uuid, 'chart'],
  ['nurse', 'GET', `${rest}/order/${order}`, 'charts', null, 'chart'],
  ['nurse', 'GET', `${rest}/visit?patient=${uuid}&patient=other`, 'patient-ambiguous'],
  ['nurse', 'POST', `${rest}/encounter`, 'notes', null, 'chart'],
  ['records', 'POST', `${rest}/encounter`, 'role-not-permitted', null, 'chart'],
  ['records', 'DELETE', `${rest}/obs/${order}`, 'role-not-permitted', null, 'chart'],
  ['nurse', 'GET', `${rest}/attachment/${order}/bytes`, 'charts', null, 'documents'],
  ['physician', 'GET', `${rest}/patientdocuments/patientIdSticker?patientUuid=${uuid}`, 'copies', uuid, 'correspondence'],
  ['nurse', 'GET', `${fhir}/Patient/${uuid}/$everything`, 'role-not-permitted', uuid, 'chart'],
  ['billing', 'GET', `${rest}/billing/bill?patientUuid=${uuid}`, 'claims', uuid, 'billing'],
  ['nurse', 'GET', `${rest}/systemsetting?q=attachments.x`, 'screens', null, 'settings'],
  ['nurse', 'GET', `${rest}/systemsetting`, 'role-not-permitted', null, 'administration'],
  ['nurse', 'POST', `${rest}/systemsetting`, 'role-not-permitted', null, 'administration'],
  ['nurse', 'POST', '/openmrs/dwr/call/plaincall/DWRPatientService.findCountAndPatients.dwr', 'role-not-permitted', null],
  ['nurse', 'GET', '/openmrs/admin/users/users.list', 'role-not-permitted', null, 'administration'],
  ['physician', 'GET', `${rest}/anything/else`, 'role-not-permitted', null, 'interface'],
  ['it', 'POST', fhir, 'denied-always'],
  ['it', 'POST', `${fhir}/`, 'denied-always'],
  ['it', 'POST', `${rest}/patient/${uuid}/send/email`, 'denied-always'],
  ['it', 'GET', '/openmrs/initialsetup', 'denied-always'],
  ['it', 'GET', '/openmrs/images/..;/admin/index.htm', 'target-malformed'],
];

export const openmrs2Requests: readonly PresetRequest[] = [
  ['front-desk', 'GET', '/openmrs/referenceapplication/home.page', 'screens', null, null],
  ['front-desk', 'GET', '/openmrs/ms/uiframework/resource/coreapps/styles/a.css', 'screens', null, 'static'],
  ['front-desk', 'GET', '/openmrs/coreapps/findpatient/findPatient.page?app=x', 'desk', null, 'demographics'],
  ['front-desk', 'GET', `/openmrs/registrationapp/registrationSummary.page?patientId=${uuid}`, 'desk', uuid, 'demographics'],
  ['nurse', 'GET', `/openmrs/coreapps/clinicianfacing/patient.page?patientId=${uuid}`, 'charts', uuid, 'chart'],
  ['front-desk', 'GET', `/openmrs/coreapps/clinicianfacing/patient.page?patientId=${uuid}`, 'break-glass-required', uuid],
  ['nurse', 'POST', `/openmrs/htmlformentryui/htmlform/enterHtmlForm/submit.action?patientId=${uuid}`, 'notes', uuid, 'chart'],
  ['nurse', 'GET', `${rest}/obs?patient=${uuid}`, 'charts', uuid, 'chart'],
  ['nurse', 'GET', '/openmrs/attachments/attachments.page?patient=7', 'charts', '7', 'documents'],
  ['nurse', 'POST', '/openmrs/referenceapplication/login.page', 'denied-always'],
  ['nurse', 'GET', '/openmrs/coreapps/datamanagement/mergePatients.page', 'role-not-permitted', null, 'administration'],
  ['nurse', 'GET', '/openmrs/adminui/systemadmin/accounts/manageAccounts.page', 'role-not-permitted', null],
  ['it', 'GET', '/openmrs/moduleServlet/reporting/x', 'denied-always'],
];

export const openmrsLegacyRequests: readonly PresetRequest[] = [
  ['front-desk', 'GET', '/openmrs/index.htm', 'screens', null, null],
  ['front-desk', 'GET', '/openmrs/dwr/interface/DWRPatientService.js', 'screens', null, 'static'],
  ['front-desk', 'GET', '/openmrs/findPatient.htm', 'desk', null, 'demographics'],
  ['nurse', 'POST', '/openmrs/dwr/call/plaincall/DWRPatientService.findCountAndPatients.dwr', 'calls', null, 'chart'],
  ['front-desk', 'POST', '/openmrs/ms/legacyui/dwr-invoker/call/plaincall/x.dwr', 'role-not-permitted', null, 'chart'],
  ['front-desk', 'POST', '/openmrs/moduleServlet/legacyui/dwr-invoker/call/plaincall/x.dwr', 'role-not-permitted', null],
  ['front-desk', 'GET', '/openmrs/admin/patients/shortPatientForm.form?patientId=7', 'desk', '7', 'demographics'],
  ['nurse', 'GET', '/openmrs/patientDashboard.form?patientId=7', 'charts', '7', 'chart'],
  ['nurse', 'GET', '/openmrs/patientOverview.portlet?patientId=7', 'charts', '7', 'chart'],
  ['nurse', 'GET', '/openmrs/admin/encounters/encounter.form?encounterId=3', 'charts', null, 'chart'],
  ['nurse', 'POST', '/openmrs/admin/encounters/encounter.form?encounterId=3', 'notes', null, 'chart'],
  ['nurse', 'GET', '/openmrs/admin/patients/mergePatients.form', 'role-not-permitted', null, 'administration'],
  ['nurse', 'GET', '/openmrs/moduleServlet/anything/serverLog', 'role-not-permitted', null, 'administration'],
  ['nurse', 'POST', '/openmrs/loginServlet', 'no-rule'],
  ['it', 'GET', '/openmrs/initialsetup', 'denied-always'],
];
