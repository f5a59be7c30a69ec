// Three of the questions of `wardgate init`: the identity provider, the client there, and the groups it sends.

import { didYouMean, listed } from '../../config/did-you-mean.ts';
import { providers, roles } from './answers.ts';
import type { Answers, RoleName } from './answers.ts';
import { providerForms, usualGroup } from './provider-forms.ts';
import { always, givenTexts, into, same } from './question.ts';
import type { GivenOptions, Question, Taken } from './question.ts';

export const providerQuestions: readonly Question[] = [
  {
    part: 3,
    option: 'provider',
    prompt: 'Kind of provider: keycloak, entra or generic',
    example: 'keycloak',
    take: takeProvider,
  },
  {
    part: 3,
    option: 'issuer',
    prompt: 'Its issuer, exactly as its discovery document says',
    example: 'https://login.clinic.example/realms/clinic',
    take: takeIssuer,
  },
  {
    part: 3,
    option: 'issuer-trust',
    prompt: "PEM file of the authority that signed the provider's certificate",
    example: '/etc/wardgate/clinic-ca.pem',
    quiet: always,
    take: into('issuerTrust', same),
  },
];

export const clientQuestions: readonly Question[] = [
  {
    part: 4,
    option: 'client-id',
    prompt: 'Client id',
    example: 'wardgate',
    fallback: ({ provider }) => (provider === 'entra' ? null : 'wardgate'),
    take: into('clientId', same),
  },
  {
    part: 4,
    option: 'client-secret-file',
    prompt: 'File that holds its secret, or env:NAME for an environment variable',
    example: '/run/secrets/oidc',
    fallback: () => 'client-secret',
    given: givenSecret,
    take: takeSecret,
  },
];

export const groupQuestions: readonly Question[] = [
  {
    part: 5,
    option: 'groups-as',
    prompt: 'What it sends: group or realm-role (Keycloak), group-id, group-name or app-role (Entra ID), claim (others)',
    example: 'group',
    fallback: ({ groupForm }) => groupForm,
    quiet: ({ provider }) => provider === 'generic',
    take: takeForm,
  },
  {
    part: 5,
    option: 'roles-claim',
    prompt: 'Claim that holds them, nested ones with dots',
    example: 'groups',
    quiet: always,
    take: into('rolesClaim', same),
  },
  ...roles.map(groupQuestion),
];

function groupQuestion(role: RoleName): Question {
  return {
    part: 5,
    option: 'group',
    prompt: `${role}, as the provider sends it; - where there is none`,
    example: `${role}=Clinic-Staff or ${role}=-`,
    fallback: ({ groupForm }) => usualGroup(groupForm, role),
    given: (options) => givenGroups(options, role),
    take: (answers, texts) => takeGroups(answers, role, texts),
  };
}

/** The groups that were given for one role. */
function givenGroups(options: GivenOptions, role: RoleName): readonly string[] | undefined {
  const texts = givenTexts(options, 'group') ?? [];
  const ofRole = texts.filter((text) => text.startsWith(`${role}=`)).map((text) => text.slice(role.length + 1));
  return ofRole.length === 0 ? undefined : ofRole;
}

/** Why a `--group` is for none of the roles, or null. */
export function strayGroup(options: GivenOptions): string | null {
  const stray = (givenTexts(options, 'group') ?? []).find((text) => !roles.some((role) => text.startsWith(`${role}=`)));
  if (stray === undefined) return null;
  const name = stray.split('=', 1)[0] ?? '';
  const meant = didYouMean(name, roles);
  const hint = meant === undefined ? '' : `, did you mean "${meant}"?`;
  return `Option --group "${stray}" names no role, write one of ${listed(roles)} before the "="${hint}`;
}

function takeProvider(answers: Answers, [text = '']: readonly string[]): Taken {
  const provider = providers.find((one) => one === text);
  if (provider === undefined) return { problem: `Provider "${text}" is none of ${listed(providers, 'and')}` };
  const [{ form, claim }] = providerForms[provider];
  return { ...answers, provider, groupForm: form, rolesClaim: claim };
}

function takeIssuer(answers: Answers, [issuer = '']: readonly string[]): Taken {
  const shared = /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)\b/.exec(issuer)?.[1];
  if (shared === undefined) return { ...answers, issuer };
  return {
    problem: `Issuer "${issuer}" is that of everybody, write https://login.microsoftonline.com/<tenant id>/v2.0 in place of ${shared}`,
  };
}

function givenSecret(options: GivenOptions): readonly string[] | undefined {
  const variable = givenTexts(options, 'client-secret-env')?.map((name) => `env:${name}`);
  const file = givenTexts(options, 'client-secret-file');
  return file === undefined && variable === undefined ? undefined : [...(file ?? []), ...(variable ?? [])];
}

function takeSecret(answers: Answers, texts: readonly string[]): Taken {
  const [text = '', another] = texts;
  if (another !== undefined) {
    return { problem: 'Options --client-secret-file and --client-secret-env stand together, keep one' };
  }
  const variable = /^env:(.*)$/.exec(text)?.[1];
  return { ...answers, secret: variable === undefined ? { in: 'file', name: text } : { in: 'environment', name: variable } };
}

function takeForm(answers: Answers, [text = '']: readonly string[]): Taken {
  const forms = providerForms[answers.provider];
  const chosen = forms.find(({ form }) => form === text);
  if (chosen !== undefined) return { ...answers, groupForm: chosen.form, rolesClaim: chosen.claim };
  const known = listed(forms.map(({ form }) => form));
  return { problem: `Form "${text}" is not one that provider "${answers.provider}" has, write ${known}` };
}

function takeGroups(answers: Answers, role: RoleName, texts: readonly string[]): Taken {
  const named = texts.filter((text) => text !== '-');
  const noId = named.find(
    (text) => answers.groupForm === 'group-id' && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  );
  if (noId !== undefined) {
    return { problem: `Group "${noId}" is no object id such as 00000000-0000-0000-0000-000000000000, which Entra ID sends` };
  }
  const groups = new Map([...answers.groups].filter(([name]) => name !== role || named.length > 0));
  if (named.length > 0) groups.set(role, named);
  if (groups.size === 0) return { problem: 'No role has a group, so nobody could sign in; one of them is needed' };
  return { ...answers, groups };
}
