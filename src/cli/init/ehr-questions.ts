// The first two questions of `wardgate init`: what people will type, and which EHR stands behind it.

import { isLoopback } from '../../config/network.ts';
import { addressOf } from './answers.ts';
import type { Answers, SignOnAnswer } from './answers.ts';
import { presetFacts } from './preset-facts.ts';
import { always, into, same } from './question.ts';
import type { Question, Taken } from './question.ts';

/** What a value is before somebody has given it: good for a path and for a name. */
const notYet = '/not-answered-yet';

export const addressQuestions: readonly Question[] = [
  { part: 1, option: 'address', prompt: 'Address', example: 'https://ehr.clinic.example', take: into('address', same) },
  {
    part: 1,
    option: 'clinic',
    prompt: 'Name of the clinic, shown on every page of the gateway',
    example: 'Northside',
    fallback: clinicName,
    take: into('clinic', same),
  },
  {
    part: 1,
    option: 'timezone',
    prompt: 'Time zone',
    example: 'America/Chicago',
    quiet: always,
    fallback: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    take: into('timezone', same),
  },
  {
    part: 1,
    option: 'help-line',
    prompt: 'Whom people ask, shown on every refusal',
    example: 'ext. 4357',
    fallback: () => 'the IT desk',
    take: into('help', same),
  },
];

export const ehrQuestions: readonly Question[] = [
  { part: 2, option: 'ehr', prompt: 'EHR', example: 'openemr', take: takeEhr },
  {
    part: 2,
    option: 'upstream',
    prompt: 'Address where it listens, never with a path',
    example: 'https://10.20.0.5',
    take: takeUpstream,
  },
  {
    part: 2,
    option: 'plain-http-because',
    prompt: 'That way is not encrypted; why is that acceptable, in words for the auditor',
    example: "'isolated server VLAN'",
    applies: ({ plainHttpBecause }) => plainHttpBecause !== null,
    unless: 'belongs to an EHR that is reached by http: on another machine',
    take: into('plainHttpBecause', same),
  },
  {
    part: 2,
    option: 'ehr-trust',
    prompt: "PEM file of the authority that signed the EHR's certificate",
    example: '/etc/wardgate/clinic-ca.pem',
    quiet: always,
    take: into('ehrTrust', same),
  },
  {
    part: 2,
    option: 'root',
    prompt: 'Path below which the EHR lives',
    example: '/openemr',
    quiet: always,
    applies: ({ preset }) => preset !== null,
    unless: 'stands before the paths of a preset, and none is chosen',
    take: into('root', same),
  },
  {
    part: 2,
    option: 'sign-on',
    prompt: 'How people are signed on to it: own-password, none, header=NAME or account=NAME',
    example: 'own-password',
    fallback: ({ preset }) => (preset === null || preset.signOn === 'none' ? 'none' : 'own-password'),
    take: takeSignOn,
  },
  {
    part: 2,
    option: 'account-password-file',
    prompt: "File with that account's password",
    example: 'ehr-password',
    applies: ({ signOn }) => signOn.by === 'account',
    unless: 'belongs to --sign-on account=NAME',
    fallback: () => 'ehr-password',
    take: (answers, [passwordFile = '']) =>
      answers.signOn.by === 'account' ? { ...answers, signOn: { ...answers.signOn, passwordFile } } : answers,
  },
  {
    part: 2,
    option: 'sign-on-value',
    prompt: 'What its sign-on takes besides, as name=value (docs/presets.md says what)',
    example: 'location=6',
    applies: ({ preset, signOn }) => preset?.signOn === 'recipe' && signOn.by !== 'none' && signOn.by !== 'header',
    unless: 'belongs to a preset that signs people on',
    quiet: ({ signOnValues }) => signOnValues.size === 0,
    split: (line) => line.split(/\s+/),
    take: takeSignOnValues,
  },
];

/** `ehr.northside.example` gives Northside. */
function clinicName(answers: Answers): string {
  const { hostname } = addressOf(answers);
  const [, second, ...more] = hostname.split('.');
  if (second === undefined || more.length === 0 || /^[\d.]+$|:/.test(hostname)) return 'Our clinic';
  return second.charAt(0).toUpperCase() + second.slice(1);
}

async function takeEhr(answers: Answers, [name = '']: readonly string[], directory: string): Promise<Taken> {
  if (name === 'other') return { ...answers, preset: null };
  const preset = await presetFacts(name, directory);
  return 'problem' in preset ? preset : { ...answers, preset };
}

function takeUpstream(answers: Answers, [upstream = '']: readonly string[]): Answers {
  const url = URL.canParse(upstream) ? new URL(upstream) : null;
  const plain = url?.protocol === 'http:' && !isLoopback(url.hostname);
  return { ...answers, upstream, plainHttpBecause: plain ? 'not said yet' : null };
}

function takeSignOn(answers: Answers, [text = '']: readonly string[]): Taken {
  const signOn = readSignOn(text);
  if (signOn === null) return { problem: `Sign-on "${text}" is none of own-password, none, header=NAME and account=NAME` };
  const needs = signOn.by === 'own-password' || signOn.by === 'account' ? (answers.preset?.needs ?? []) : [];
  return { ...answers, signOn, signOnValues: new Map(needs.map((name) => [name, notYet])) };
}

function readSignOn(text: string): SignOnAnswer | null {
  if (text === 'none' || text === 'own-password') return { by: text };
  const [, by, name = ''] = /^(header|account)=(.+)$/.exec(text) ?? [];
  if (by === 'header') return { by, name };
  return by === 'account' ? { by, name, passwordFile: 'ehr-password' } : null;
}

function takeSignOnValues(answers: Answers, texts: readonly string[]): Taken {
  const given = texts.filter((text) => text !== '');
  const wrong = given.find((text) => !/^[^=]+=./.test(text));
  if (wrong !== undefined) return { problem: `Value "${wrong}" has no name, write for example location=6` };
  return {
    ...answers,
    signOnValues: new Map(given.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)])),
  };
}
