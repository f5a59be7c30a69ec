// What the record of a step says. A text that somebody typed may name a patient and stands nowhere in it: the record holds a
// commitment to it, by which a text that was changed afterwards is known.

import { recordName } from '../audit/record-number.ts';
import type { DetectorName } from '../detect/detector.ts';
import { dispositions } from './case.ts';
import type { Case, CaseStep } from './case.ts';
import type { Disposed } from './precision.ts';

const noteForm = /^case (\S+), step (\S+): /;
const disposedForm = /^case (?<of>\S+), step \S+: disposition (?<disposition>[a-z-]+)(?: of (?<detectors>[a-z -]*))?, about /;
/** Alerts named in one record; their number is told in any case. */
const mostNamed = 10;

/** `commitment` is null where the step has no text. */
export function writeStep(
  one: Pick<Case, 'id' | 'person' | 'alerts'>,
  step: CaseStep,
  id: string,
  commitment: string | null,
): string {
  const about = one.person === null ? 'about nobody in particular' : `about "${one.person.name.replaceAll('"', "'")}"`;
  const text = commitment === null ? '' : `; text ${commitment}`;
  return `case ${one.id}, step ${id}: ${saidOf(step, one.alerts)}, ${about}${text}`;
}

/** Null where it is no such record. */
export function readStep(detail: string): { readonly of: string; readonly id: string } | null {
  const [, of, id] = noteForm.exec(detail) ?? [];
  return of === undefined || id === undefined ? null : { of, id };
}

/** What a record of a disposition says; null where it is none. */
export function readDisposed(detail: string): (Disposed & { readonly of: string }) | null {
  const { of, disposition, detectors = '' } = disposedForm.exec(detail)?.groups ?? {};
  const found = dispositions.find((one) => one === disposition);
  if (of === undefined || found === undefined) return null;
  return { of, disposition: found, detectors: detectors.split(' ').filter((name) => name !== '') as DetectorName[] };
}

function saidOf(step: CaseStep, alerts: Case['alerts']): string {
  if (step.kind === 'disposition') return `disposition ${step.disposition}${detectorsOf(alerts)}`;
  if (step.kind !== 'opened' && step.kind !== 'alert-added') return step.kind;
  const named = step.alerts.slice(0, mostNamed).map(recordName).join(', ');
  const more = step.alerts.length > mostNamed ? ` and ${step.alerts.length - mostNamed} more` : '';
  if (step.origin !== undefined)
    return `${step.kind} with record ${named} of review ${step.origin.review} item ${step.origin.item}`;
  return `${step.kind} with ${step.alerts.length === 1 ? 'alert' : 'alerts'} ${named}${more}`;
}

function detectorsOf(alerts: Case['alerts']): string {
  const names = [...new Set(alerts.flatMap(({ detector }) => detector ?? []))].sort();
  // What a review alone brought up says of no detector whether it is right.
  return names.length === 0 ? '' : ` of ${names.join(' ')}`;
}
