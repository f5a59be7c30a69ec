// GET /.wardgate/me: what the gateway knows of the person, as a page or as JSON. The first thing support asks for.

import type { Session } from '../ports.ts';
import { limitsFor } from '../core/session/limits-for.ts';
import { mePage } from '../pages/account-pages.ts';
import type { OwnContext } from './own-context.ts';
import { sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

export function meRoute(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const me = await describe(needs, session, context);
    res.vary('Accept');
    if (req.accepts(['html', 'json']) === 'json') res.json(me);
    else sendPage(res, mePage({ clinic: needs.settings.clinic, rows: rowsOf(me) }));
  });
}

async function describe(needs: SignInNeeds, session: Session, context: OwnContext) {
  const { subject, roles, factor } = session;
  const { lock } = needs.settings;
  const { idleSeconds, absoluteSeconds } = limitsFor(lock, roles, context.zones);
  const grant = await needs.grants.current(subject.issuer, subject.sub, needs.clock.now());
  return {
    name: subject.name,
    displayName: subject.displayName,
    issuer: subject.issuer,
    subject: subject.sub,
    roles,
    secondFactor: { method: factor.method, at: new Date(factor.at).toISOString() },
    signedInAt: new Date(session.createdAt).toISOString(),
    rolesReadAt: new Date(session.rolesCheckedAt).toISOString(),
    session: session.reference,
    address: context.address,
    zones: context.zones,
    idleSeconds,
    absoluteSeconds,
    emergencyUntil: grant === null ? null : new Date(grant.expiresAt).toISOString(),
    recoveryCodesLeft: await needs.factors.recoveryCodesLeft(subject.issuer, subject.sub),
  };
}

function rowsOf(me: Awaited<ReturnType<typeof describe>>): (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [
    ['Name', me.displayName === me.name ? me.name : `${me.displayName} (${me.name})`],
    ['Roles', me.roles.join(', ')],
    ['Second factor', `${me.secondFactor.method}, ${me.secondFactor.at}`],
    ['Recovery codes left', String(me.recoveryCodesLeft)],
    ['Signed in', me.signedInAt],
    ['Roles read', me.rolesReadAt],
    ['Ends when idle for', `${Math.round(me.idleSeconds / 60)} minutes`],
    ['Ends after', `${Math.round(me.absoluteSeconds / 3600)} hours`],
    ['Seen from', me.zones.length === 0 ? me.address : `${me.address} (${me.zones.join(', ')})`],
    ['Session', me.session],
  ];
  if (me.emergencyUntil !== null) rows.push(['Emergency access until', me.emergencyUntil]);
  return rows;
}
