// What the claims of one sign-in mean here: who it would be, which roles they would have and why not others, and what the
// provider leaves out. Pure words; nobody is signed in.

import type { SecondFactorSettings, SignInSettings } from '../../config/settings.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { readClaim } from '../../core/policy/map-roles.ts';
import { acceptProviderFactor } from '../../core/second-factor/accept-provider-factor.ts';
import type { ProviderIdentity } from '../../identity-ports.ts';
import { rolesOf } from '../../sign-in/roles-of.ts';
import { cut, findings } from './finding.ts';
import type { Finding } from './finding.ts';

export interface ClaimsContext {
  readonly policy: Policy;
  readonly signIn: SignInSettings;
  readonly secondFactor: SecondFactorSettings;
}

export function judgeClaims(identity: ProviderIdentity, context: ClaimsContext): readonly Finding[] {
  const { subject } = identity;
  return [
    findings('signed-in').ok(`"${subject.name}" (${subject.displayName}), by the claim "${context.signIn.nameClaim}"`),
    judgeRoles(identity, context),
    judgeFactor(identity, context.secondFactor),
    ...judgeTimes(identity, context.secondFactor),
    judgeRefresh(identity, context.signIn),
    judgeSession(identity),
  ];
}

const byProvider: Readonly<Record<SignInSettings['provider'], { readonly absent: string; readonly overage: string }>> = {
  keycloak: {
    absent: 'add a mapper "Group Membership" to the client there, with this name and "Full group path" off',
    overage: 'send fewer groups',
  },
  entra: {
    absent: 'add the claim under "Token configuration" of the app registration, or assign app roles and write rolesClaim: roles',
    overage: 'use app roles (rolesClaim: roles), or send only "Groups assigned to the application"',
  },
  generic: {
    absent: 'have the provider send it, or name under rolesClaim the one of the claims above that holds the groups',
    overage: 'send fewer groups, or roles of this application alone',
  },
};

function judgeRoles({ claims }: ProviderIdentity, { policy, signIn }: ClaimsContext): Finding {
  const say = findings('roles');
  const { rolesClaim, provider } = signIn;
  const reading = readClaim(claims, rolesClaim);
  if (reading.kind === 'overage') {
    const says = `The claim "${rolesClaim}" was left out, because this person is in too many groups to send (overage)`;
    return say.failed(says, byProvider[provider].overage);
  }
  if (reading.kind === 'absent')
    return say.failed(`No claim "${rolesClaim}" came, which should hold the groups`, byProvider[provider].absent);
  const { roles } = rolesOf(policy, claims, rolesClaim);
  const held = quoted(reading.values);
  if (roles !== null) return say.ok(`The claim "${rolesClaim}" holds ${held}: ${roles.join(', ')} here`);
  return say.failed(`The claim "${rolesClaim}" holds ${held}, and none of that is a role here`, hintFor(reading.values, policy));
}

const mostShown = 20;

function quoted(values: readonly string[]): string {
  if (values.length === 0) return 'nothing';
  const shown = values.slice(0, mostShown).map((value) => `"${value.slice(0, 80)}"`);
  return shown.join(', ') + (values.length > mostShown ? ` and ${values.length - mostShown} more` : '');
}

const objectId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The slips that are made most: a path for a name, an id for a name, a letter in another case. */
function hintFor(values: readonly string[], { roles }: Policy): string {
  const known = [...roles.values()].flat();
  const path = values.find((value) => value.startsWith('/') && known.includes(value.slice(1)));
  if (path !== undefined) return `turn "Full group path" off in the mapper there, or write "${path}" under roles in rules.yaml`;
  const near = known.find((group) => values.some((value) => value.toLowerCase() === group.toLowerCase()));
  if (near !== undefined) return `compare "${near}" in rules.yaml letter by letter: capitals count`;
  if (values.some((value) => objectId.test(value)) && !known.some((group) => objectId.test(group)))
    return 'the provider sends object ids: write the ids of the groups under roles in rules.yaml, or use app roles';
  return `write the groups of this person under roles in rules.yaml, which has ${quoted(known)}, or sign in as somebody who has one`;
}

function judgeFactor({ claims }: ProviderIdentity, settings: SecondFactorSettings): Finding {
  const say = findings('second-factor');
  const told = ['amr', 'acr'].flatMap((name) => (claims[name] === undefined ? [] : [`${name} ${JSON.stringify(claims[name])}`]));
  const came = told.length === 0 ? 'neither amr nor acr came' : cut(`${told.join(' and ')} came`, 300);
  if (settings.trustAmr.length + settings.trustAcr.length === 0) return say.ok(`People give their code here; ${came}`);
  if (acceptProviderFactor(claims, settings, 0) !== null) return say.ok(`What the provider checked counts: ${came}`);
  const fix = 'have the provider ask this person for one; Entra ID sends no amr unless told to (an authentication context, acrs)';
  return say.warning(`What the provider checked does not count, so people give a code here as well: ${came}`, fix);
}

function judgeTimes({ authenticatedAt }: ProviderIdentity, { trustAmr, trustAcr }: SecondFactorSettings): readonly Finding[] {
  if (authenticatedAt !== null || trustAmr.length + trustAcr.length === 0) return [];
  const says = 'It does not say when the person signed in there (auth_time), so a rule with freshFactor refuses everybody';
  return [findings('auth-time').warning(says, 'have auth_time sent, as an optional claim of the ID token')];
}

function judgeRefresh({ tokens }: ProviderIdentity, { scopes, recheckEverySeconds }: SignInSettings): Finding {
  const say = findings('recheck');
  const every = `every ${Math.round(recheckEverySeconds / 60)} minutes`;
  if (tokens.refreshToken !== null) return say.ok(`Roles can be read again ${every} without asking the person`);
  const fix = scopes.includes('offline_access')
    ? 'allow refresh tokens for the client there'
    : 'add offline_access to signIn.scopes';
  return say.warning(`No refresh token came, so people are sent to the provider ${every} to have their roles read again`, fix);
}

function judgeSession({ providerSession }: ProviderIdentity): Finding {
  const say = findings('sessions');
  if (providerSession !== null) return say.ok('It names its session (sid), so that signing out there can end just that one here');
  return say.unknown(
    "It names no session (sid): signing out there ends all of the person's sessions here, where it tells of it at all",
  );
}
