// Every script of the stand-in with the function that answers it, and the files that no script is behind. What the product
// has beyond these is answered 404.

import { WEB_ROOT } from './apache-target.ts';
import { tabsScript } from './client-scripts.ts';
import * as chart from './pages/chart.ts';
import { runController } from './pages/documents.ts';
import { sendRows, showFinder } from './pages/finder.ts';
import { layout } from './pages/layout.ts';
import { logOut, showEntry, showLogin, showLoginScreen } from './pages/login.ts';
import * as frames from './pages/main-frames.ts';
import { changePassword, showPasswordAlert, showPasswordForm } from './pages/password.ts';
import * as pollers from './pages/pollers.ts';
import { backUp, customReport, patientList, showReportForm } from './pages/reports.ts';
import { markup } from '../markup.ts';
import { answerFile, answerHtml } from './visit.ts';
import type { OpenVisit, Visit } from './visit.ts';

/** Answered to anybody. `setup.php` is left behind by the installation. */
export const openScripts: ReadonlyMap<string, (visit: OpenVisit) => void> = new Map([
  ['index.php', showEntry],
  ['interface/login/login.php', showLogin],
  ['interface/login_screen.php', showLoginScreen],
  ['interface/logout.php', logOut],
  ['setup.php', (visit) => answerHtml(visit, layout('OpenEMR Setup', markup`<h1>OpenEMR Setup</h1>`))],
  ['portal/index.php', (visit) => answerHtml(visit, layout('Patient Portal', markup`<h1>Patient Portal Login</h1>`))],
]);

export const guardedScripts: ReadonlyMap<string, (visit: Visit) => void> = new Map([
  ['interface/main/main_screen.php', (visit) => answerHtml(visit, 'Authentication Error')],
  ['interface/main/tabs/main.php', frames.showMain],
  ['interface/main/tabs/timeout_iframe.php', frames.showTimeoutFrame],
  ['interface/main/main_info.php', frames.showMainInfo],
  ['interface/main/calendar/index.php', frames.showCalendar],
  ['interface/main/messages/messages.php', frames.showMessages],
  ['interface/main/pwd_expires_alert.php', showPasswordAlert],
  ['interface/main/backup.php', backUp],
  ['interface/main/finder/dynamic_finder.php', showFinder],
  ['interface/main/finder/dynamic_finder_ajax.php', sendRows],
  ['interface/main/dated_reminders/dated_reminders.php', pollers.showReminders],
  ['library/ajax/dated_reminders_counter.php', pollers.countReminders],
  ['library/ajax/execute_background_services.php', pollers.runServices],
  ['interface/patient_tracker/patient_tracker.php', pollers.showFlowBoard],
  ['interface/patient_file/summary/demographics.php', chart.showDemographics],
  ['interface/patient_file/summary/demographics_full.php', chart.showChosen],
  ['interface/patient_file/summary/pnotes_full.php', chart.showNotes],
  ['interface/patient_file/summary/pnotes_full_add.php', chart.showChosen],
  ['interface/patient_file/encounter/encounter_top.php', chart.showChosen],
  ['interface/orders/orders_results.php', chart.showChosen],
  ['library/ajax/set_pt.php', chart.setPatient],
  ['library/ajax/unset_session_ajax.php', chart.unsetPatient],
  ['interface/patient_file/history/encounters.php', chart.showEncounters],
  ['interface/patient_file/summary/stats.php', chart.showStats],
  ['interface/patient_file/summary/vitals_fragment.php', chart.showVitals],
  ['interface/patient_file/summary/disc_fragment.php', chart.showFragment],
  ['interface/patient_file/summary/pnotes_fragment.php', chart.showFragment],
  ['interface/patient_file/summary/labdata_fragment.php', chart.showFragment],
  ['interface/patient_file/summary/clinical_reminders_fragment.php', chart.showFragment],
  ['interface/patient_file/summary/patient_reminders_fragment.php', chart.showFragment],
  ['interface/patient_file/report/patient_report.php', showReportForm],
  ['interface/patient_file/report/custom_report.php', customReport],
  ['controller.php', runController],
  ['interface/reports/patient_list.php', patientList],
  ['interface/usergroup/user_info.php', showPasswordForm],
  ['interface/usergroup/user_info_ajax.php', changePassword],
  ['interface/usergroup/usergroup_admin.php', (visit) => answerHtml(visit, layout('Users', markup`<h1>User and Facility</h1>`))],
  // A stylesheet behind the login: without a session its lines of CSS are a script in HTML.
  [
    'interface/themes/themeBuilder.php',
    (visit) => answerFile(visit, { 'Content-Type': 'text/css; charset=UTF-8' }, 'a { color: #2672ec; }\n'),
  ],
  ['library/ajax/i18n_generator.php', (visit) => answerHtml(visit, '{}')],
]);

/** Served by Apache itself, to anybody; type and bytes by path below the web root. */
export const staticFiles: ReadonlyMap<string, readonly [type: string, text: string]> = new Map([
  [
    'public/themes/style_light.css',
    ['text/css', `body { font: 14px sans-serif; }\n#framesDisplay iframe { width: 100%; height: 80vh; border: 0; }\n`],
  ],
  ['interface/main/tabs/js/tabs_view_model.js', ['application/javascript', tabsScript]],
  ['library/js/utility.js', ['application/javascript', `var webroot_static = '${WEB_ROOT}';\n`]],
]);
