// Writes the first gateway.yaml: what stands where. Everything that is not asked stays with its default.

import { addressOf, endsTls, hasKeyFile, insideZone } from './answers.ts';
import type { Answers } from './answers.ts';
import { applicationName } from './rules-text.ts';
import { list, mapping, scalar } from './yaml-text.ts';

export function gatewayText(answers: Answers): string {
  const inside = insideZone(answers);
  return [
    '# What stands where. Who may do what stands in rules.yaml beside this file. Paths are seen from this file.',
    '',
    `clinic: ${mapping([
      ['name', scalar(answers.clinic)],
      ['timezone', scalar(answers.timezone)],
      ['help', scalar(answers.help)],
    ])}`,
    `listen: ${listenText(answers)}`,
    ...zoneLines(answers),
    '',
    'applications:',
    `  ${applicationName}:`,
    ...applicationLines(answers).map((line) => `    ${line}`),
    '',
    'signIn:',
    ...signInLines(answers).map((line) => `  ${line}`),
    `secondFactor: ${mapping([
      ['methods', 'totp'],
      ['enrolFrom', inside === null ? null : scalar(inside)],
    ])}`,
    '',
    'lock: # sessions that nobody uses',
    '  everywhere: { after: 15m, endAfterLock: 30m, longest: 12h }',
    ...(answers.zones.has('desks') ? ['  desks: { after: 5m }'] : []),
    '',
    `audit: ${mapping([
      ['directory', scalar(answers.audit)],
      ['keep', '6y'],
    ])} # HIPAA asks for six years`,
    `data: ${scalar(answers.data)} # the gateway's own state, with its master key`,
    '',
  ].join('\n');
}

function listenText(answers: Answers): string {
  const { port, protocol } = addressOf(answers);
  const ofAddress = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const behindProxy = answers.tlsEndedBy.length > 0;
  const tls = endsTls(answers);
  const health = answers.healthPort === null ? null : mapping([['port', number(answers.healthPort)]]);
  const chosen = answers.port ?? (behindProxy ? null : ofAddress);
  return mapping([
    ['port', number(chosen ?? '8080')],
    ['certificate', tls ? scalar(answers.certificate) : null],
    ['keyFile', hasKeyFile(answers) ? scalar(answers.keyFile) : null],
    ['passphraseFile', tls && answers.passphraseFile !== null ? scalar(answers.passphraseFile) : null],
    ['tlsEndedBy', behindProxy ? list(answers.tlsEndedBy) : null],
    ['health', health],
  ]);
}

/** What is no number stays as it was given, so that the loader can say so. */
function number(text: string): string {
  return /^\d{1,5}$/.test(text) ? String(Number(text)) : scalar(text);
}

function zoneLines({ zones }: Answers): string[] {
  if (zones.size === 0) return [];
  return ['zones: # named address ranges', ...[...zones].map(([name, ranges]) => `  ${scalar(name)}: ${list(ranges)}`)];
}

function applicationLines(answers: Answers): string[] {
  const { preset, root, signOn, signOnValues, plainHttpBecause, ehrTrust } = answers;
  const values = [...signOnValues].map(([name, value]): [string, string] => [name, scalar(value)]);
  return [
    `address: ${scalar(answers.address)} # what people type`,
    `upstream: ${scalar(answers.upstream)} # where the EHR listens`,
    ...(plainHttpBecause === null ? [] : [`plainHttpBecause: ${scalar(plainHttpBecause)}`]),
    ...(ehrTrust === null ? [] : [`trust: ${scalar(ehrTrust)}`]),
    ...(preset === null ? [] : [`preset: ${scalar(preset.name)} # what is known of this EHR`]),
    ...(root === null ? [] : [`root: ${scalar(root)}`]),
    `signOn: ${signOnText(signOn)}`,
    ...(values.length === 0 ? [] : [`signOnValues: ${mapping(values)}`]),
  ];
}

function signOnText(signOn: Answers['signOn']): string {
  switch (signOn.by) {
    case 'none':
      return 'none # people log in at the EHR by themselves';
    case 'own-password':
      return "own-password # each person's own, asked once and kept sealed";
    case 'header':
      return mapping([['header', scalar(signOn.name)]]);
    case 'account':
      return mapping([
        ['account', scalar(signOn.name)],
        ['passwordFile', scalar(signOn.passwordFile)],
      ]);
    default:
      return signOn satisfies never;
  }
}

function signInLines(answers: Answers): string[] {
  const { secret, issuerTrust, provider } = answers;
  // Entra ID gives no refresh token without it, and then the roles could not be read again.
  const scopes = provider === 'entra' ? ['scopes: [openid, profile, offline_access]'] : [];
  return [
    `provider: ${provider}`,
    `issuer: ${scalar(answers.issuer)}`,
    `clientId: ${scalar(answers.clientId)}`,
    `${secret.in === 'file' ? 'clientSecretFile' : 'clientSecretEnv'}: ${scalar(secret.name)}`,
    ...(issuerTrust === null ? [] : [`trust: ${scalar(issuerTrust)}`]),
    `rolesClaim: ${scalar(answers.rolesClaim)} # the claim that holds the groups of rules.yaml`,
    ...scopes,
    'recheckEvery: 15m # whoever loses a role loses it within this time',
  ];
}
