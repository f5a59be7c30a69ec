// Every address of the EHR with the page that answers it. HEAD runs the same page as GET, as scripting languages do it.

import { showChart, showNotes, showVitals, postNote } from './pages/chart.ts';
import { sendBackup, showUsers } from './pages/administration.ts';
import { sendArchive, sendDocument, sendImage, showDocuments } from './pages/documents.ts';
import * as faults from './pages/faults.ts';
import { showDemographics, showFinder, showSchedule } from './pages/finder.ts';
import { postLetter, showLetter } from './pages/letters.ts';
import { logOut, postLogin, showLogin } from './pages/login.ts';
import * as frames from './pages/main-frames.ts';
import { exportClaims, postPatientList, showClaims, showPatientList } from './pages/reports.ts';
import { postUpload, sendLarge, showSlow } from './pages/streams.ts';
import { echoHeaders, pollReminders, sendElsewhere } from './pages/wire.ts';
import type { OpenVisit, Visit } from './visit.ts';

export const POLL_PATH = '/poll/reminders';

/** `open` routes need no login. A path's `{name}` takes one segment. */
export type EhrRoute =
  | {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly open: true;
      readonly answer: (visit: OpenVisit) => unknown;
    }
  | { readonly method: 'GET' | 'POST'; readonly path: string; readonly open: false; readonly answer: (visit: Visit) => unknown };

export const routes: readonly EhrRoute[] = [
  open('GET', '/login', showLogin),
  open('POST', '/login', postLogin),
  open('GET', '/logout', logOut),
  open('POST', '/logout', logOut),
  open('GET', '/static/style.css', frames.sendStylesheet),
  open('GET', '/static/app.js', frames.sendScript),
  open('GET', '/static/logo.svg', frames.sendLogo),
  closed('GET', '/', frames.showStart),
  closed('GET', '/main', frames.showMain),
  closed('GET', '/top', frames.showTop),
  closed('GET', '/nav', frames.showNav),
  closed('GET', '/welcome', frames.showWelcome),
  closed('GET', '/finder', showFinder),
  closed('GET', '/chart', showChart),
  closed('GET', '/chart/vitals', showVitals),
  closed('GET', '/chart/notes', showNotes),
  closed('POST', '/chart/notes', postNote),
  closed('GET', '/demographics', showDemographics),
  closed('GET', '/documents', showDocuments),
  closed('GET', '/documents/file', sendDocument),
  closed('GET', '/documents/archive', sendArchive),
  closed('GET', '/images/{patient}/{image}', sendImage),
  closed('GET', '/reports/patients', showPatientList),
  closed('POST', '/reports/patients', postPatientList),
  closed('GET', '/schedule', showSchedule),
  closed('GET', '/billing/claims', showClaims),
  closed('POST', '/billing/claims/export', exportClaims),
  closed('GET', '/letters/{patient}/{letter}', showLetter),
  closed('POST', '/letters/{patient}/{letter}', postLetter),
  closed('GET', '/admin/users', showUsers),
  closed('GET', '/admin/backup', sendBackup),
  closed('GET', POLL_PATH, pollReminders),
  closed('GET', '/slow', showSlow),
  closed('GET', '/files/large', sendLarge),
  closed('POST', '/upload', postUpload),
  closed('GET', '/echo-headers', echoHeaders),
  closed('GET', '/redirect', sendElsewhere),
];

/** Present only where a test asked for them; each answers GET and POST. */
export const faultRoutes: readonly EhrRoute[] = [
  ...anyMethod('/fault/reset', faults.reset),
  ...anyMethod('/fault/mid-body', faults.breakMidBody),
  ...anyMethod('/fault/short', faults.sendShort),
  ...anyMethod('/fault/trickle', faults.trickle),
  ...anyMethod('/fault/garbage', faults.sendGarbage),
  ...anyMethod('/fault/early', faults.answerEarly),
  ...anyMethod('/fault/hang', faults.hang),
  ...anyMethod('/fault/extra', faults.sendExtra),
];

/** The path's captures when it fits the pattern, else null. */
export function matchPath(pattern: string, path: string): ReadonlyMap<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const captures = new Map<string, string>();
  const fits = wanted.every((segment, index) => {
    const value = given[index];
    if (!segment.startsWith('{')) return segment === value;
    if (value !== undefined) captures.set(segment.slice(1, -1), value);
    return value !== undefined && value !== '';
  });
  return fits && wanted.length === given.length ? captures : null;
}

function open(method: 'GET' | 'POST', path: string, answer: (visit: OpenVisit) => unknown): EhrRoute {
  return { method, path, open: true, answer };
}

function closed(method: 'GET' | 'POST', path: string, answer: (visit: Visit) => unknown): EhrRoute {
  return { method, path, open: false, answer };
}

function anyMethod(path: string, answer: (visit: OpenVisit) => unknown): readonly EhrRoute[] {
  return [open('GET', path, answer), open('POST', path, answer)];
}
