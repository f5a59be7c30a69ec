// GET /.wardgate/me: what the gateway knows of the person, as a page or as JSON. The first thing support asks for. The page
// speaks in the clinic's time, the JSON in UTC.

import type { Session } from '../ports.ts';
import type { UsedBudget } from '../core/downloads/used-so-far.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { mePage } from '../pages/account-pages.ts';
import type { OwnContext } from './own-context.ts';
import { enrolledFactors } from './enrolled-factors.ts';
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
      const time = timeIn(needs.settings.clinic.timezone);
      sendPage(res, pageOf(needs, context, rowsOf(me, time), noticesOf(me, time, needs.settings.clinic.help)));
    }
  });
}

function pageOf(
  needs: SignInNeeds,
  context: OwnContext,
  rows: readonly (readonly [string, string])[],
  notices: readonly string[],
): string {
  const asksPassword = needs.ehrTrial.asks(context.application) !== null;
  return mePage({
    clinic: needs.settings.clinic,
    rows,
    notices,
    ...(asksPassword ? { credential: '/.wardgate/credential' } : {}),
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
    emergencyUntil: grant === null ? null : new Date(grant.expiresAt).toISOString(),
    recoveryCodesLeft: await needs.factors.recoveryCodesLeft(subject.issuer, subject.sub),
    factorsAdded: await addedLately(needs, session),
    downloads: await needs.budgetUse(session),
  };
}

/** Second factors of the last days, for the person to recognise; whoever has only the password must not enrol unseen. */
async function addedLately(needs: SignInNeeds, { subject }: Session) {
  const { totp, passkeys } = await enrolledFactors(needs, subject);
  const all = [
    ...(totp === null ? [] : [{ name: 'a code from a phone', at: totp.enrolledAt }]),
    ...passkeys.map(({ name, addedAt }) => ({ name: `the passkey "${name}"`, at: addedAt })),
  ];
  const since = needs.clock.now() - noticeMilliseconds;
  return all.filter(({ at }) => at > since).map(({ name, at }) => ({ name, at: new Date(at).toISOString() }));
}

function noticesOf({ factorsAdded }: Awaited<ReturnType<typeof describe>>, time: (iso: string) => string, help: string) {
  return factorsAdded.map(
    ({ name, at }) => `A new factor was added: ${name}, on ${time(at)}. If that was not you, tell ${help}.`,
  );
}

/** `23 Nov, 14:05` in a time zone, from an ISO time. */
function timeIn(timeZone: string): (iso: string) => string {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return (iso) => `${day.format(new Date(iso))}, ${time.format(new Date(iso))}`;
}

const factorNames = {
  totp: 'Code from your phone',
  passkey: 'Passkey',
  'recovery-code': 'Recovery code',
  provider: 'At the sign-in service',
} as const;

/** `2 seconds`, `15 minutes`, `12 hours`: the largest unit that fits. */
function lasting(seconds: number): string {
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const budgetNames: Readonly<Record<UsedBudget['measure'], string>> = {
  files: 'Files this hour',
  patients: 'Patients this hour',
  bytes: 'Downloaded today',
};

function budgetRow({ measure, used, limit, nearlyUsed }: UsedBudget): readonly [string, string] {
  const [some, all] = measure === 'bytes' ? [megabytes(used), megabytes(limit)] : [String(used), String(limit)];
  return [budgetNames[measure], `${some} of ${all}${nearlyUsed ? ', nearly used up' : ''}`];
}

function megabytes(bytes: number): string {
  return bytes > 0 && bytes < 1_000_000 ? 'less than 1 MB' : `${Math.floor(bytes / 1_000_000)} MB`;
}

function rowsOf(me: Awaited<ReturnType<typeof describe>>, time: (iso: string) => string): (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [
    ['Name', me.displayName === me.name ? me.name : `${me.displayName} (${me.name})`],
    [me.roles.length === 1 ? 'Role' : 'Roles', `${me.roles.join(', ')}, read from the claim "${me.rolesClaim}"`],
    [
      'Confirmed by',
      `${factorNames[me.secondFactor.method]}, ${me.secondFactor.at === null ? 'it did not say when' : time(me.secondFactor.at)}`,
    ],
    ['Recovery codes left', String(me.recoveryCodesLeft)],
    ['Signed in since', time(me.signedInAt)],
    ['Role last checked', `${time(me.rolesReadAt)}, again every ${lasting(me.rolesReadEverySeconds)}`],
    ['Device', me.device === null ? 'not known here' : `${me.device.name} (${me.device.kind})`],
    ['Locks when unused for', lasting(me.idleSeconds)],
    ['Ends when locked for', lasting(me.endAfterLockSeconds)],
    ['Ends at the latest after', lasting(me.absoluteSeconds)],
    ['Seen from', me.zones.length === 0 ? me.address : `${me.address} (${me.zones.join(', ')})`],
    ['Sign-in service', me.issuer],
    ['Its number for you', me.subject],
    ['Session number', me.session],
  ];
  for (const budget of me.downloads) rows.push(budgetRow(budget));
  if (me.emergencyUntil !== null) rows.push(['Emergency access until', time(me.emergencyUntil)]);
  return rows;
}
