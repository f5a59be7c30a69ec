// What a person reads when the files are written: what stands where, what is still missing, what to register at the
// identity provider, and what to do next.

import { renderMistake, shownFile } from '../../config/mistake.ts';
import type { Mistake } from '../../config/mistake.ts';
import { addressOf } from './answers.ts';
import type { Answers } from './answers.ts';
import { providerForms } from './provider-forms.ts';

export interface Written {
  readonly answers: Answers;
  readonly gatewayFile: string;
  readonly rulesFile: string;
  readonly keyFile: string;
  readonly keyIsNew: boolean;
  /** Null where somebody else puts it there. */
  readonly secretFile: string | null;
  /** Copies of what stood there before. */
  readonly copies: readonly string[];
  readonly warnings: readonly Mistake[];
}

const providerNames = { keycloak: 'Keycloak', entra: 'Entra ID', generic: 'the identity provider' } as const;

export function closingWords(written: Written): readonly string[] {
  const { answers, gatewayFile, rulesFile, keyFile, keyIsNew, secretFile, copies, warnings } = written;
  const kept = keyIsNew ? 'made just now; keep a copy where the backups are not' : 'was there already and is kept';
  // What is to be said of the rules is for whoever works on them; check says it.
  const open = warnings.filter(({ file }) => file === gatewayFile);
  return [
    '',
    'Written:',
    `  ${shownFile(gatewayFile)}  what stands where`,
    `  ${shownFile(rulesFile)}  who may do what; mode: observe refuses nothing by role yet`,
    ...(secretFile === null ? [] : [`  ${shownFile(secretFile)}  the client secret`]),
    `  ${shownFile(keyFile)}  the master key, ${kept}`,
    ...copies.map((copy) => `  ${shownFile(copy)}  what stood there before`),
    ...(open.length === 0 ? [] : ['', 'Still open:', ...open.map((warning) => `  ${renderMistake(warning)}`)]),
    '',
    ...registration(answers),
    '',
    'Next:',
    `  npm run -s wardgate -- check --config ${shownFile(gatewayFile)}`,
    `  npm run -s wardgate -- explain --config ${shownFile(gatewayFile)} --roles ${[...answers.groups.keys()][0] ?? ''} --path /`,
    `  npm run -s wardgate -- start --config ${shownFile(gatewayFile)}`,
  ];
}

/** What the provider has to be told. */
function registration(answers: Answers): string[] {
  const { origin } = addressOf(answers);
  const { provider, groupForm, rolesClaim, clientId, groups } = answers;
  const form = providerForms[provider].find((one) => one.form === groupForm);
  const offline = provider === 'entra' ? ['  permissions          openid, profile and offline_access (delegated)'] : [];
  return [
    `Register at ${providerNames[provider]}, as the client "${clientId}" with a secret and the authorization code flow:`,
    `  redirect address     ${origin}/.wardgate/callback`,
    `  after signing out    ${origin}/.wardgate/signed-out`,
    ...logoutLines(answers, origin),
    ...offline,
    `  claim ${rolesClaim.padEnd(14)} ${form?.mapped ?? 'what somebody is'}`,
    ...[...groups].map(([role, names]) => `    ${role.padEnd(18)} ${names.join(', ')}`),
    '  claim preferred_username, the login name: scope profile',
    '  docs/identity-providers.md goes through it click by click',
  ];
}

function logoutLines({ provider }: Answers, origin: string): string[] {
  if (provider !== 'entra') return [`  back-channel logout  ${origin}/.wardgate/backchannel-logout`];
  return [
    `  front-channel logout ${origin}/.wardgate/frontchannel-logout  (and the optional claim sid in the ID token)`,
    '  back-channel logout  Entra ID has none: whoever is disabled there is out within 15 minutes',
  ];
}
