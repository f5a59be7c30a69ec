// Writes what the doctor found: for a person at a terminal, or as the one line of a nightly run.

import { shownFile } from '../../config/mistake.ts';
import type { ApplicationSettings } from '../../config/settings.ts';
import { plainText } from '../plain-text.ts';
import type { Examination } from './examination.ts';
import type { ShownReply, ShownStep } from './shown-step.ts';

/** What was examined, and by whom. */
export interface Case {
  readonly application: ApplicationSettings;
  readonly person: string;
  /** Where the credential is from; null where there is none. */
  readonly source: string | null;
  /** Epoch milliseconds of the begin. */
  readonly at: number;
  readonly milliseconds: number;
}

const mostBodyBytes = 65_536;

export function reportText({ application, person, source }: Case, examination: Examination): string {
  const { origin, upstream, preset } = application;
  const by = application.signOn.by === 'recipe' && preset ? `, recipe ${plainText(shownFile(preset))}` : ', Basic';
  const whose = source === null ? '' : `, ${source}`;
  const head = [`Application "${application.name}": ${origin}, EHR at ${upstream}${by}`, `Person "${plainText(person)}"${whose}`];
  const steps = examination.steps.flatMap((step, at) => [
    '',
    `Step ${at + 1}${step.at === null ? '' : `  ${step.at}`}`,
    ...stepLines(step),
  ]);
  return [...head, ...steps, '', ...verdictLines(examination), ...logoutLines(application, examination)].join('\n');
}

function stepLines(step: ShownStep): readonly string[] {
  const sent = [...step.headers, ...step.body].map((line) => `        ${line}`);
  const decided = step.decidedBy === null ? '  test  none decided here' : `  test  ${step.decidedBy} decided`;
  return [`  sent  ${step.method} ${step.target}`, ...sent, ...cameLines(step), ...(step.came === null ? [] : [decided])];
}

function cameLines({ came, milliseconds }: ShownStep): readonly string[] {
  if (came === null) return [`  came  nothing that can be read, after ${milliseconds} ms`];
  const more = came.bytes >= mostBodyBytes ? ' or more' : '';
  const lines = [
    `  came  ${came.status} after ${milliseconds} ms, ${came.contentType ?? 'no content type'}, ${came.bytes} bytes${more}`,
    came.location === null ? [] : `        location: ${came.location}`,
    came.cookies.length === 0 ? [] : `        set-cookie: ${came.cookies.join(', ')}`,
    tookLine(came),
  ];
  return lines.flat();
}

function tookLine({ took }: ShownReply): readonly string[] {
  return took.length === 0 ? [] : [`        taken: ${took.join(', ')}`];
}

function verdictLines({ verdict, says, next, decidedBy }: Examination): readonly string[] {
  const by = decidedBy === null ? '' : `  (${decidedBy})`;
  return [`${verdict}: ${says}${by}`, ...(next === null ? [] : [`Next: ${next}`])];
}

function logoutLines({ signOn }: ApplicationSettings, { verdict, logout }: Examination): readonly string[] {
  if (logout !== null)
    return ['', 'Signed off again', ...stepLines({ ...logout, headers: [] }).filter((line) => !line.startsWith('  test'))];
  return verdict === 'signed-on' && signOn.by === 'recipe'
    ? ['No logout was sent: the recipe has none, or the EHR gave no session']
    : [];
}

export function reportJson({ application, person, source, at, milliseconds }: Case, examination: Examination): string {
  const { verdict, decidedBy, says, next, steps, logout } = examination;
  const time = new Date(at).toISOString();
  return JSON.stringify({
    time,
    application: application.name,
    person,
    source,
    verdict,
    decidedBy,
    says,
    next,
    milliseconds,
    steps,
    logout,
  });
}

/** One line for a nightly run. */
export function canaryLine({ application, person, at, milliseconds }: Case, { verdict, decidedBy }: Examination): string {
  const time = new Date(at).toISOString();
  return JSON.stringify({ time, application: application.name, person, verdict, decidedBy, milliseconds });
}

/** One line for whoever is woken. */
export function alertLine({ application, person }: Case, { verdict, decidedBy, says, next }: Examination): string {
  const by = decidedBy === null ? '' : ` (${decidedBy})`;
  const advice = next === null ? '' : `; next: ${next}`;
  return `ALERT: signing on to "${application.name}" as "${plainText(person)}" failed: ${verdict}${by}: ${says}${advice}`;
}
