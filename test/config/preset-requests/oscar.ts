// What people and strangers ask of OSCAR, and what becomes of it with the rules of docs/presets.md.

import type { PresetRequest } from '../preset-clinic.ts';

const demographic = '/oscar/demographic/demographiccontrol.jsp';
const provider = '/oscar/provider/providercontrol.jsp';

export const oscarRequests: readonly PresetRequest[] = [
  ['front-desk', 'GET', '/oscar/images/Oscar.ico', 'screens', null, 'static'],
  ['front-desk', 'GET', '/oscar/oscarRx/styles.css', 'screens', null, 'static'],
  ['front-desk', 'GET', '/oscar/logout.jsp', 'screens', null, null],
  ['front-desk', 'GET', '/oscar/provider/tabAlertsRefresh.jsp', 'screens', null, null],
  ['front-desk', 'GET', `${provider}?year=2026&month=5&day=2&view=0&displaymode=day&dboperation=searchappointmentday`, 'desk', null, 'schedule'], // prettier-ignore
  ['nurse', 'GET', `${provider}?displaymode=encounter&demographic_no=7`, 'no-rule'],
  ['nurse', 'GET', `${provider}?displaymode=vary&displaymodevariable=../admin/securityaddarecord.jsp`, 'denied-always'],
  [
    'nurse',
    'POST',
    `${provider}?displaymode=vary`,
    'field-ambiguous',
    null,
    null,
    { form: { displaymodevariable: '../admin/x.jsp' } },
  ],
  ['front-desk', 'GET', `${demographic}?search_mode=search_name&keyword=smi&displaymode=Search`, 'desk', null, 'demographics'],
  [
    'front-desk',
    'GET',
    `${demographic}?demographic_no=7&displaymode=edit&dboperation=search_detail`,
    'desk',
    '7',
    'demographics',
  ],
  ['front-desk', 'GET', `${demographic}?demographic_no=7&displaymode=Edit`, 'field-ambiguous'],
  ['front-desk', 'GET', `${demographic}?demographic_no=7&demographic_no=8&displaymode=edit`, 'patient-ambiguous'],
  ['front-desk', 'GET', `${demographic}?demographic_no=7&displaymode=Delete`, 'no-rule'],
  [
    'front-desk',
    'POST',
    demographic,
    'desk',
    '7',
    'demographics',
    { form: { displaymode: 'Update Record', demographic_no: '7', last_name: 'Smith' } },
  ],
  ['front-desk', 'POST', demographic, 'no-rule', null, null, { form: { displaymode: 'Delete', demographic_no: '7' } }],
  ['billing', 'GET', `${demographic}?demographic_no=7&displaymode=edit`, 'role-not-permitted', '7'],
  ['front-desk', 'GET', '/oscar/oscarEncounter/IncomingEncounter.do?demographicNo=7', 'break-glass-required', '7', 'chart'],
  ['nurse', 'GET', '/oscar/casemgmt/forward.jsp?action=view&demographicNo=7', 'charts', '7', 'chart'],
  ['nurse', 'GET', '/oscar/tickler/ticklerMain.jsp?demographic_no=7', 'charts', '7', 'chart'],
  // Prescriptions go by the patient who was chosen last, whatever stands beside.
  ['nurse', 'GET', '/oscar/oscarRx/choosePatient.do?providerNo=1&demographicNo=7', 'charts', '7', 'chart'],
  ['nurse', 'GET', '/oscar/oscarRx/SearchDrug3.jsp?demographic_no=9', 'charts', '7', 'chart', { selected: '7' }],
  ['nurse', 'POST', '/oscar/oscarRx/WriteScript.do?parameterValue=saveDrug', 'notes', '7', 'chart', { selected: '7' }],
  ['records', 'POST', '/oscar/oscarRx/WriteScript.do', 'role-not-permitted', '7', 'chart', { selected: '7' }],
  ['nurse', 'GET', '/oscar/dms/documentReport.jsp?function=demographic&functionid=7', 'charts', '7', 'documents'],
  ['nurse', 'GET', '/oscar/dms/ManageDocument.do?method=display&doc_no=12', 'charts', null, 'documents'],
  ['nurse', 'GET', '/oscar/dms/ManageDocument.do?method=removeLinkFromDocument&doc_no=12', 'no-rule'],
  ['nurse', 'GET', '/oscar/lab/CA/ALL/labDisplay.jsp?segmentID=4', 'charts', null, 'documents'],
  ['nurse', 'POST', '/oscar/eform/addEForm.do', 'charts', null, 'documents'],
  ['billing', 'GET', '/oscar/billing/CA/ON/billingON.jsp?demographic_no=7', 'claims', '7', 'billing'],
  ['nurse', 'GET', '/oscar/patientlistbyappt', 'role-not-permitted', null, 'report'],
  ['records', 'POST', '/oscar/demographic/DemographicExport.do', 'exports', null, 'report'],
  ['nurse', 'GET', '/oscar/report/reportindex.jsp', 'role-not-permitted', null, 'report'],
  ['nurse', 'GET', '/oscar/servlet/BackupDownload?filename=x', 'role-not-permitted', null, 'administration'],
  ['nurse', 'GET', '/oscar/admin/admin.jsp', 'role-not-permitted', null, 'administration'],
  ['nurse', 'POST', '/oscar/login.do', 'denied-always'],
  // Nobody.
  ['it', 'GET', '/oscar/ws/rs/demographics/7', 'denied-always'],
  ['it', 'GET', '/oscar/casemgmt/forward.jsp?demographicNo=7&token=x', 'denied-always'],
  ['it', 'GET', '/oscar/index.jsp?request_token=x', 'denied-always'],
  ['it', 'GET', '/oscar/monitoring', 'denied-always'],
  ['nurse', 'GET', '/oscar/images/..;/admin/admin.jsp', 'target-malformed'],
  ['nurse', 'GET', '/oscar/images/%2e%2e/admin/admin.jsp', 'target-malformed'],
];
