// Who is asking, and what OpenEMR says to somebody who is nobody (any more): always status 200, whatever was asked for.
// A page, a part of a page, a script and a stylesheet get the same few lines, which is how one tells.

import { WEB_ROOT } from './apache-target.ts';
import { phpTrue } from './php-parameters.ts';
import { answerHtml } from './visit.ts';
import type { OpenVisit, Visit } from './visit.ts';

/** Reloads itself and yet does not count as activity: the product's own flag for its daemon. */
const DAEMON_SCRIPT = 'interface/main/tabs/timeout_iframe.php';

/** The visit of somebody who is logged in, or null when it has been answered. */
export function guard(visit: OpenVisit, script: string): Visit | null {
  const { session, emr } = visit;
  const wanted = visit.get.get('site') ?? '';
  if (wanted !== '') session.siteId = wanted;
  if (session.siteId === null) {
    // Exactly this text, without any markup: the session is unknown and the request names no site.
    answerHtml(visit, 'Site ID is missing from session data!');
    return null;
  }
  if (!isLoggedIn(visit)) {
    endAndShowLogin(visit, true);
    return null;
  }
  // The marker skips the check as well as the reset: an expired session goes on giving out charts to whoever sends it.
  // Mended in version 8 (CVE-2026-25476).
  if (phpTrue(visit.both.get('skip_timeout_reset'))) return visit;
  if (isExpired(visit)) {
    endAndShowLogin(visit, true);
    return null;
  }
  if (script !== DAEMON_SCRIPT) session.lastUpdate = emr.now();
  return visit;
}

export function isExpired({ session, emr }: OpenVisit): boolean {
  return emr.now() - session.lastUpdate > emr.timeoutSeconds * 1000;
}

/** `authCloseSession` and `authLoginScreen`: the site lives on in the address. */
export function endAndShowLogin(visit: OpenVisit, timedOut: boolean): void {
  visit.emr.sessions.end(visit.session);
  answerHtml(visit, loginScreenScript(timedOut, visit.session.siteId ?? ''));
}

/** The script that takes the whole window to the login page. It is what a failed login looks like, too. */
export function loginScreenScript(timedOut: boolean, site: string): string {
  return `<script>
 // Find the outermost window of this OpenEMR and load the login page there.
 var w = window;
 while (w.opener) {
  var wtmp = w;
  w = w.opener;
  wtmp.close();
 }
${timedOut ? ' w.top.timed_out = true;\n' : ''} w.top.location.href = '${WEB_ROOT}/interface/login_screen.php?error=1&site=${encodeURIComponent(site)}';
</script>
`;
}

function isLoggedIn(visit: OpenVisit): visit is Visit {
  return visit.session.user !== null;
}
