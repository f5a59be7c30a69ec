// The eight questions of `wardgate init` in their order, each with the one sentence that a person reads before it.

import { addressQuestions, ehrQuestions } from './ehr-questions.ts';
import { auditQuestions, certificateQuestions, zoneQuestions } from './place-questions.ts';
import type { Question } from './question.ts';
import { clientQuestions, groupQuestions, providerQuestions } from './sign-in-questions.ts';

export interface Part {
  readonly title: string;
  readonly sentence: string;
}

export const parts: readonly Part[] = [
  { title: 'Public address', sentence: 'What people type from now on to reach the EHR; the name must lead to this machine.' },
  { title: 'EHR', sentence: 'Which product stands behind the gateway, where it listens and how people are signed on to it.' },
  { title: 'Identity provider', sentence: 'Where people sign in; the gateway keeps no passwords for that.' },
  { title: 'Client', sentence: 'The name under which the gateway is registered at the provider, and where its secret stands.' },
  { title: 'Groups', sentence: 'Which group at the provider makes somebody what they are here, letter by letter.' },
  {
    title: 'Certificate',
    sentence: 'What the gateway shows to browsers; the files may still be missing, and are read at the start.',
  },
  { title: 'Zones', sentence: 'Which addresses are inside the clinic: administration and enrolment are for these alone.' },
  { title: 'Audit', sentence: 'Where the record of every request goes; nothing is let through that cannot be written there.' },
];

export const questions: readonly Question[] = [
  ...addressQuestions,
  ...ehrQuestions,
  ...providerQuestions,
  ...clientQuestions,
  ...groupQuestions,
  ...certificateQuestions,
  ...zoneQuestions,
  ...auditQuestions,
];
