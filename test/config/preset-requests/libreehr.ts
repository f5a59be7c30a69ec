// What people and strangers ask of LibreHealth EHR, and what becomes of it with the rules of docs/presets.md.

import type { PresetRequest } from '../preset-clinic.ts';

const chosen = { selected: '5' };

export const libreehrRequests: readonly PresetRequest[] = [
  ['nurse', 'GET', '/libreehr/interface/main/tabs/main.php?url=main_info.php', 'screens', null, null],
  ['nurse', 'GET', '/libreehr/assets/js/bootstrap/bootstrap.js', 'screens', null, 'static'],
  ['nurse', 'GET', '/libreehr/assets/js/x.php', 'denied-always'],
  ['front-desk', 'GET', '/libreehr/interface/patient_file/summary/demographics.php?set_pid=5', 'desk', '5', 'demographics'],
  ['nurse', 'GET', '/libreehr/interface/patient_file/summary/demographics.php?set[pid=5', 'desk', '5', 'demographics'],
  ['nurse', 'GET', '/libreehr/interface/patient_file/summary/stats_full.php?pid=9', 'charts', '5', 'chart', chosen],
  ['nurse', 'GET', '/libreehr/interface/forms/vitals/growthchart/chart.php?pid=9&data=x', 'charts', '9', 'chart', chosen],
  [
    'billing',
    'GET',
    '/libreehr/interface/patient_file/front_payment.php?receipt=1&patient=9',
    'payments',
    '9',
    'billing',
    chosen,
  ],
  ['nurse', 'GET', '/libreehr/interface/patient_file/summary/demographics.php?set_pid=0', 'patient-ambiguous'],
  [
    'front-desk',
    'POST',
    '/libreehr/modules/calendar/includes/get_provider_events.php?skip_timeout_reset=1',
    'desk',
    null,
    'schedule',
  ],
  ['front-desk', 'GET', '/libreehr/modules/calendar/full_calendar/lib/moment.min.js', 'screens', null, 'static'],
  ['front-desk', 'GET', '/libreehr/modules/calendar/admin.php', 'role-not-permitted', null, 'administration'],
  ['front-desk', 'GET', '/libreehr/modules/labs/index.php', 'no-rule'],
  ['front-desk', 'GET', '/libreehr/interface/patient_file/front_payment.php', 'payments', '5', 'billing', chosen],
  ['front-desk', 'GET', '/libreehr/interface/main/messages/messages.php', 'desk', null, 'messages'],
  ['nurse', 'GET', '/libreehr/controller.php?document&list&patient_id=5', 'charts', '5', 'documents'],
  ['nurse', 'POST', '/libreehr/interface/forms/soap/save.php', 'notes', '5', 'chart', chosen],
  ['front-desk', 'GET', '/libreehr/interface/main/calendar/api/get_events.php', 'desk', null, 'schedule'],
  ['front-desk', 'GET', '/libreehr/interface/forms/soap/view.php', 'break-glass-required', '5', 'chart', chosen],
  ['billing', 'GET', '/libreehr/interface/billing/billing_report.php', 'claims', null, 'billing'],
  ['nurse', 'GET', '/libreehr/interface/main/tabs/edit_roles.php', 'role-not-permitted', null, 'administration'],
  ['it', 'GET', '/libreehr/sites/default/documents/5/scan.pdf', 'denied-always'],
  ['it', 'GET', '/libreehr/setup.php', 'denied-always'],
];
