// What people and strangers ask of OpenEMR, and what becomes of it with the rules of docs/presets.md.

import type { Method } from '../../../src/core/policy/policy.ts';
import type { PresetRequest } from '../preset-clinic.ts';

const chosen = { selected: '5' };
const reminders = '/openemr/interface/patient_file/reminder/patient_reminders.php';
const payment = '/openemr/interface/patient_file/front_payment.php';
const everyClinical = ['physician', 'nurse', 'front-desk', 'billing', 'records'];

/** The same for OpenEMR 7 and 5. */
export const openemrRequests: readonly PresetRequest[] = [
  // What an open chart was seen to ask for.
  ['nurse', 'GET', '/openemr/interface/main/tabs/main.php?token_main=x', 'screens', null, null],
  ['nurse', 'GET', '/openemr/public/themes/style_light.css', 'screens', null, 'static'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=5', 'desk', '5', 'demographics'],
  ['nurse', 'GET', '/openemr/interface/patient_file/history/encounters.php?issue=', 'charts', '5', 'chart', chosen],
  [
    'nurse',
    'GET',
    '/openemr/controller.php?document&retrieve&patient_id=MRN01001&document_id=-1&as_file=false&original_file=true&disable_exit=false&show_original=true&context=patient_picture',
    'desk',
    null,
    'demographics',
  ],
  ['nurse', 'POST', '/openemr/interface/patient_file/summary/vitals_fragment.php', 'charts', '5', 'chart', chosen],
  ['nurse', 'POST', '/openemr/library/ajax/dated_reminders_counter.php', 'screens', null, null],
  // The front desk: whom, when and where they live, and no more.
  ['front-desk', 'GET', '/openemr/interface/main/finder/dynamic_finder_ajax.php?iDisplayLength=10', 'find', null, 'demographics'],
  ['front-desk', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=5', 'desk', '5', 'demographics'],
  ['front-desk', 'GET', '/openemr/interface/patient_file/history/encounters.php', 'break-glass-required', '5', 'chart', chosen],
  ['front-desk', 'GET', '/openemr/interface/patient_file/report/custom_report.php', 'role-not-permitted', '5', 'chart', chosen],
  ['front-desk', 'GET', '/openemr/controller.php?document&retrieve&patient_id=5&document_id=2', 'break-glass-required', '5'],
  [
    'front-desk',
    'GET',
    '/openemr/controller.php?document&retrieve&patient_id=5&document_id=2&context=patient_picture',
    'break-glass-required',
    '5',
    'documents',
  ],
  [
    'front-desk',
    'POST',
    '/openemr/interface/main/calendar/add_edit_event.php?eid=3',
    'desk',
    '9',
    'schedule',
    { form: { form_pid: '9', form_title: 'Office visit' } },
  ],
  // Case 2: the same page in other spellings.
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php/x.css?set_pid=5', 'target-malformed'],
  ['nurse', 'GET', '/openemr//interface/patient_file/summary/demographics.php', 'target-malformed'],
  ['nurse', 'GET', '/openemr/public/..%2finterface/super/edit_globals.php', 'target-malformed'],
  ['nurse', 'GET', '/openemr/interface\\super\\edit_globals.php', 'target-malformed'],
  ['nurse', 'GET', '/openemr/public/..;/interface/super/edit_globals.php', 'target-malformed'],
  // Case 4: HEAD runs the page as GET does. Case 5: every spelling that PHP takes for set_pid, and none that it may not.
  ['nurse', 'HEAD', '/openemr/interface/patient_file/summary/demographics.php?set_pid=9', 'desk', '9', 'demographics'],
  ['nurse', 'PUT', '/openemr/interface/patient_file/summary/demographics.php?set_pid=9', 'no-rule'],
  ['nurse', 'POST', '/openemr/interface/patient_file/summary/demographics.php?set_pid=9', 'no-rule'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set.pid=12', 'desk', '12'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set%20pid=12', 'desk', '12'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?%73et_pid=12', 'desk', '12'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=5&set_pid=12', 'field-ambiguous'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=21abc', 'patient-ambiguous'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=020', 'patient-ambiguous'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/stats_full.php?set_pid=9', 'no-rule'],
  ['nurse', 'GET', '/openemr/interface/patient_file/encounter/encounter_top.php?set_encounter=3&pid=9', 'charts', '9', 'chart'],
  // Case 6: the session's patient counts, whatever stands beside it.
  [
    'physician',
    'POST',
    '/openemr/interface/patient_file/report/custom_report.php?pid=12',
    'copies',
    '5',
    'chart',
    { selected: '5', form: { pid: '13', pdf: '1' } },
  ],
  ['physician', 'GET', '/openemr/interface/patient_file/summary/stats_full.php?pid=12', 'charts', '5', 'chart', chosen],
  ['physician', 'GET', '/openemr/interface/patient_file/summary/stats_full.php?pid=12', 'charts', null, 'chart'],
  // Case 14: the export hides in a POST to the list's address; who may receive it stands under export.
  [
    'physician',
    'POST',
    '/openemr/interface/reports/patient_list.php',
    'reports',
    null,
    'report',
    { form: { form_csvexport: 'true' } },
  ],
  // Case 17: valueless keys, && and brackets.
  ['nurse', 'GET', '/openemr/controller.php?document&list&patient_id=5&&a[]=1', 'charts', '5', 'documents'],
  ['nurse', 'GET', '/openemr/controller.php?document&list&patient_id=00&', 'charts', null, 'documents'],
  ['nurse', 'POST', '/openemr/controller.php?document&upload&patient_id=5&parent_id=3', 'charts', '5', 'documents'],
  ['nurse', 'GET', '/openemr/controller.php?document&move&patient_id=5&process=true', 'no-rule'],
  ['it', 'GET', '/openemr/controller.php?practice_settings&pharmacy&action=list', 'admin', null, 'administration'],
  ['nurse', 'GET', '/openemr/controller.php?practice_settings&pharmacy&document&retrieve&patient_id=5', 'denied-always'],
  ['nurse', 'GET', '/openemr/controller.php?prescription&list&id=5', 'charts', '5', 'chart'],
  ['nurse', 'GET', '/openemr/controller.php', 'no-rule'],
  // Writing, billing, administration.
  ['nurse', 'POST', '/openemr/interface/forms/vitals/save.php', 'notes', '5', 'chart', chosen],
  ['records', 'POST', '/openemr/interface/forms/vitals/save.php', 'role-not-permitted', '5', 'chart', chosen],
  ['billing', 'POST', '/openemr/interface/billing/billing_report.php', 'claims', null, 'billing'],
  ['billing', 'GET', '/openemr/interface/reports/collections_report.php', 'claims', null, 'billing'],
  ['billing', 'GET', '/openemr/interface/reports/patient_list.php', 'role-not-permitted'],
  ['it', 'GET', '/openemr/interface/main/backup.php', 'admin', null, 'administration'],
  ['nurse', 'GET', '/openemr/interface/patient_file/merge_patients.php', 'role-not-permitted'],
  ['nurse', 'GET', '/openemr/interface/patient_file/deleter.php?patient=5', 'role-not-permitted'],
  ['nurse', 'GET', '/openemr/interface/usergroup/usergroup_admin.php', 'role-not-permitted'],
  ['nurse', 'GET', '/openemr/interface/usergroup/user_info.php', 'screens', null, 'settings'],
  // Nobody, in whatever capitals.
  ['it', 'GET', '/openemr/sites/default/documents/5/scan.pdf', 'denied-always'],
  ['it', 'GET', '/openemr/setup.php?site=default', 'denied-always'],
  ['it', 'GET', '/openemr/SQL_UPGRADE.php', 'denied-always'],
  ['it', 'GET', '/openemr/portal/index.php', 'denied-always'],
  ['it', 'GET', '/openemr/public/shell.php', 'denied-always'],
  ['nurse', 'POST', '/openemr/interface/main/main_screen.php?auth=login&site=default', 'denied-always'],
  ['nurse', 'GET', '/openemr/interface/super/edit_globals.php?mode=user', 'screens', null, 'settings'],
  ['nurse', 'GET', '/openemr/', 'screens'],
  // A choice of nobody is none that can be put on record.
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=0', 'patient-ambiguous'],
  ['nurse', 'GET', '/openemr/interface/patient_file/summary/demographics.php?set_pid=', 'patient-ambiguous'],
  ['nurse', 'GET', '/openemr/library/ajax/set_pt.php?set_pid=0', 'patient-ambiguous'],
  ['nurse', 'GET', '/openemr/interface/patient_file/transaction/print_referral.php?transid=3', 'charts', null, 'chart', chosen],
  ['nurse', 'GET', '/openemr/interface/patient_file/report/patient_report.php', 'charts', '5', 'chart', chosen],
  // Pages that go by what the address or the form says, whoever was chosen before.
  ['nurse', 'GET', '/openemr/interface/patient_file/history/encounters_ajax.php?ptid=9&encid=3', 'charts', '9', 'chart', chosen],
  ['nurse', 'GET', '/openemr/interface/forms/vitals/growthchart/chart.php?pid=9&data=x', 'charts', '9', 'chart', chosen],
  ['nurse', 'GET', `${reminders}?mode=simple&patient_id=9`, 'charts', '9', 'chart', chosen],
  ['nurse', 'GET', `${reminders}?mode=admin&patient_id=`, 'role-not-permitted', null, 'report', chosen],
  ['nurse', 'GET', '/openemr/interface/orders/single_order_results.php?orderid=3', 'charts', null, 'chart', chosen],
  ['nurse', 'GET', '/openemr/interface/orders/orders_results.php?batch=1', 'charts', null, 'chart', chosen],
  ['nurse', 'GET', '/openemr/interface/orders/orders_results.php?review=1', 'charts', '5', 'chart', chosen],
  ['front-desk', 'GET', `${payment}?receipt=1&patient=9&time=x`, 'payments', '9', 'billing', chosen],
  ['front-desk', 'GET', payment, 'payments', '5', 'billing', chosen],
  ['front-desk', 'POST', payment, 'payments', '9', 'billing', { selected: '5', form: { form_pid: '9', form_save: '1' } }],
  [
    'front-desk',
    'POST',
    payment,
    'payments',
    '7',
    'billing',
    { selected: '5', form: { hidden_patient_code: '7', form_pid: '9' } },
  ],
  [
    'front-desk',
    'POST',
    payment,
    'payments',
    '5',
    'billing',
    { selected: '5', form: { hidden_patient_code: '0', form_pid: '' } },
  ],
  ['billing', 'GET', '/openemr/interface/patient_file/pos_checkout.php?ptid=9&enc=3', 'payments', '9', 'billing', chosen],
  ['billing', 'GET', '/openemr/interface/reports/pat_ledger.php?form=1&patient_id=9', 'claims', '9', 'billing', chosen],
  ['front-desk', 'GET', '/openemr/interface/patient_file/printed_fee_sheet.php?fill=1', 'payments', '5', 'billing', chosen],
  ['front-desk', 'GET', '/openemr/interface/patient_file/printed_fee_sheet.php?fill=2', 'payments', null, 'billing', chosen],
  ['records', 'GET', '/openemr/interface/patient_file/addr_appt_label.php', 'copies', null, 'correspondence', chosen],
  ['it', 'GET', '/openemr/interface/patient_file/deleter.php?patient=9', 'admin', '9', 'administration', chosen],
];

/** What a working day asks of OpenEMR beside the chart, with the roles that must have it and the others that must not. */
const days: readonly (readonly [path: string, rule: string, roles: readonly string[], method?: Method])[] = [
  ['/interface/main/main_info.php', 'desk', everyClinical],
  ['/interface/main/messages/messages.php?form_active=1', 'desk', everyClinical],
  ['/interface/main/messages/messages.php?go=Recalls', 'desk', everyClinical],
  ['/interface/main/onotes/office_comments.php', 'desk', everyClinical],
  ['/interface/main/authorizations/authorizations.php', 'charts', ['physician', 'nurse', 'records']],
  ['/interface/usergroup/addrbook_list.php', 'screens', [...everyClinical, 'it']],
  [
    '/interface/main/calendar/index.php?module=PostCalendar&func=view&tplview=default&pc_category=&pc_topic=',
    'desk',
    everyClinical,
    'POST',
  ],
  ['/interface/main/calendar/index.php?module=PostCalendar&type=admin&func=modifyconfig', 'admin', ['it']],
  ['/interface/main/calendar/index.php?module=PostCalendar&type=admin&func=clearCache', 'admin', ['it'], 'POST'],
  ['/interface/reports/appointments_report.php?patient=', 'desk', everyClinical],
  ['/interface/new/new_comprehensive.php', 'desk', everyClinical],
  ['/interface/practice/ins_search.php', 'desk', everyClinical, 'POST'],
  ['/interface/practice/ins_list.php', 'admin', ['it']],
  ['/custom/chart_tracker.php', 'find', everyClinical, 'POST'],
  ['/interface/patient_file/front_payment.php', 'payments', ['front-desk', 'billing']],
  ['/interface/patient_file/pos_checkout.php?framed=1', 'payments', ['front-desk', 'billing']],
  ['/interface/patient_file/printed_fee_sheet.php?fill=1', 'payments', ['front-desk', 'billing']],
  ['/interface/reports/pat_ledger.php?form=1&patient_id=5', 'claims', ['billing']],
  ['/interface/reports/patient_edu_web_lookup.php', 'charts', ['physician', 'nurse', 'records']],
  ['/interface/orders/find_order_popup.php?labid=1', 'notes', ['physician', 'nurse'], 'POST'],
  ['/library/custom_template/custom_template.php?type=form', 'charts', ['physician', 'nurse', 'records']],
  ['/library/custom_template/ajax_code.php', 'notes', ['physician', 'nurse'], 'POST'],
  ['/interface/esign/index.php?module=encounter&method=esign_form_submit', 'notes', ['physician', 'nurse'], 'POST'],
  ['/interface/patient_file/ccr_import.php', 'charts', ['physician', 'nurse', 'records']],
  ['/custom/import_xml.php', 'notes', ['physician', 'nurse'], 'POST'],
  ['/controller.php?document_category&list', 'admin', ['it']],
  ['/library/ajax/log_print_action_ajax.php', 'screens', [...everyClinical, 'it'], 'POST'],
  ['/library/ajax/rule_setting.php', 'admin', ['it'], 'POST'],
];

export const openemrDays: readonly PresetRequest[] = days.flatMap(([path, rule, roles, method = 'GET']) =>
  [...everyClinical, 'it'].map((role): PresetRequest => {
    const isEmergency = rule === 'charts' && role === 'front-desk';
    const refused = isEmergency ? 'break-glass-required' : 'role-not-permitted';
    return [role, method, `/openemr${path}`, roles.includes(role) ? rule : refused, undefined, undefined, chosen];
  }),
);

export const openemrApiRequests: readonly PresetRequest[] = [
  ['nurse', 'GET', '/openemr/interface/patient_file/history/encounters.php?pid=7', 'charts', '7', 'chart', chosen],
  ['nurse', 'GET', '/openemr/interface/patient_file/history/history_sdoh.php?pid=7', 'charts', '7', 'chart', chosen],
  ['nurse', 'POST', '/openemr/apis/default/api/background_service/$run', 'screens', null, null],
  ['nurse', 'GET', '/openemr/apis/default/fhir/Patient/$export', 'no-rule'],
  ['nurse', 'GET', '/openemr/apis/default/api/patient', 'no-rule'],
];
