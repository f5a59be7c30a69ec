// GET and POST /.wardgate/notices: what has changed about a person's second factors, shown right after they sign in until
// they say that they have seen it. Whoever knows only the password must not change anything unseen.

import { inLanguage } from '../pages/in-language.ts';
import { factorNoticesPage } from '../pages/factor-notices-page.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { pageClinic } from './page-clinic.ts';
import { record, recordedSession } from './record.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/notices';

export function showFactorNotices(needs: SignInNeeds) {
  return sessionPage(needs, async ({ res, session }) => {
    const clinic = pageClinic(needs, res);
    const back = returnTo(needs, res);
    const notices = await needs.factorNotices.of(session.subject);
    const newest = notices.at(-1);
    if (newest === undefined) {
      sendOn(res, back);
      return;
    }
    const { moment } = inLanguage(clinic.language, needs.settings.clinic.timezone);
    const shown = notices.map(({ at, change }) => ({ at: moment(at), change }));
    const page = factorNoticesPage({ clinic, action: withReturn(path, back), upTo: String(newest.at), notices: shown });
    sendPage(res, page);
  });
}

export function postFactorNotices(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const upTo = Number(fieldOf(req, 'upto') ?? '');
    if (Number.isSafeInteger(upTo) && upTo > 0) {
      await record(needs, context, 'factor-notice-seen', { ...recordedSession(session), decision: 'allowed' });
      await needs.factorNotices.acknowledge(session.subject, Math.min(upTo, needs.clock.now()));
    }
    sendOn(res, returnTo(needs, res));
  });
}
