// GET /.wardgate/me: what the gateway knows of the person, as a page or as JSON. The first thing support asks for. The page
// speaks in the clinic's time, the JSON in UTC.

import type { Session } from '../ports.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { mePage } from '../pages/account-pages.ts';
import { fillText } from '../pages/fill-text.ts';
import { inLanguage } from '../pages/in-language.ts';
import type { PageClinic } from '../pages/layout.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { enrolledFactors } from './enrolled-factors.ts';
import { meRows } from './me-rows.ts';
import { sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** How long a new factor is pointed out: a week. */
const noticeMilliseconds = 7 * 86_400_000;

export function meRoute(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const me = await describe(needs, session, context);
    res.vary('Accept');
    if (req.accepts(['html', 'json']) === 'json') res.json(me);
    else {
      const clinic = pageClinic(needs, res);
      const { timezone } = needs.settings.clinic;
      const asksPassword = needs.ehrTrial.asks(context.application) !== null;
      const page = mePage({
        clinic,
        rows: meRows(me, clinic, timezone),
        notices: noticesOf(me, clinic, timezone),
        ...(me.disclosuresOwed > 0 ? { owed: '/.wardgate/disclosure' } : {}),
        ...(asksPassword ? { credential: '/.wardgate/credential' } : {}),
      });
      sendPage(res, page);
    }
  });
}

async function describe(needs: SignInNeeds, session: Session, context: OwnContext) {
  const { subject, roles, factor, device } = session;
  const { lock } = needs.settings;
  const { idleSeconds, endAfterLockSeconds, absoluteSeconds } = limitsFor(lock, session, context.zones);
  const grant = await needs.grants.current(subject.issuer, subject.sub, needs.clock.now());
  return {
    name: subject.name,
    displayName: subject.displayName,
    issuer: subject.issuer,
    subject: subject.sub,
    roles,
    rolesClaim: needs.settings.signIn.rolesClaim,
    secondFactor: { method: factor.method, at: factor.at === 0 ? null : new Date(factor.at).toISOString() },
    signedInAt: new Date(session.createdAt).toISOString(),
    rolesReadEverySeconds: needs.settings.signIn.recheckEverySeconds,
    rolesReadAt: new Date(session.rolesCheckedAt).toISOString(),
    session: session.reference,
    address: context.address,
    zones: context.zones,
    device,
    idleSeconds,
    endAfterLockSeconds,
    absoluteSeconds,
    withoutProviderUntil: isoTime(session.emergencyUntil ?? null),
    emergencyUntil: isoTime(grant?.expiresAt ?? null),
    recoveryCodesLeft: await needs.factors.recoveryCodesLeft(subject.issuer, subject.sub),
    factorsAdded: await addedLately(needs, session),
    downloads: await needs.budgetUse(session),
    disclosuresOwed: (await needs.disclosures.owed(subject)).length,
  };
}

/** Second factors of the last days, for the person to recognise; whoever has only the password must not enrol unseen. */
async function addedLately(needs: SignInNeeds, { subject }: Session) {
  const { totp, passkeys } = await enrolledFactors(needs, subject);
  const all = [
    ...(totp === null ? [] : [{ name: 'a code from a phone', passkey: null, at: totp.enrolledAt }]),
    ...passkeys.map(({ name, addedAt }) => ({ name: `the passkey "${name}"`, passkey: name, at: addedAt })),
  ];
  const since = needs.clock.now() - noticeMilliseconds;
  return all.filter(({ at }) => at > since).map(({ name, passkey, at }) => ({ name, passkey, at: new Date(at).toISOString() }));
}

function noticesOf(
  { factorsAdded, withoutProviderUntil, disclosuresOwed }: Awaited<ReturnType<typeof describe>>,
  clinic: PageClinic,
  timeZone: string,
): readonly string[] {
  const words = wordsIn(clinic.language).me;
  const { moment } = inLanguage(clinic.language, timeZone);
  const added = factorsAdded.map(({ passkey, at }) => {
    const values = { time: moment(Date.parse(at)), help: clinic.help };
    return passkey === null ? fillText(words.addedCode, values) : fillText(words.addedPasskey, { ...values, name: passkey });
  });
  if (disclosuresOwed > 0)
    added.push(fillText(wordsIn(clinic.language).disclosure.owedNotice, { count: String(disclosuresOwed) }));
  if (withoutProviderUntil === null) return added;
  return [fillText(words.withoutProvider, { time: moment(Date.parse(withoutProviderUntil)) }), ...added];
}

function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
