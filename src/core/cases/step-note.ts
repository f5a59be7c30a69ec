// What the record of a step says. A text that somebody typed may name a patient and stands nowhere in it: the record holds a
// commitment to it, by which a text that was changed afterwards is known.

import type { Case, CaseStep } from './case.ts';

const noteForm = /^case (\S+), step (\S+): /;
/** Alerts named in one record; their number is told in any case. */
const mostNamed = 10;

/** `commitment` is null where the step has no text. */
export function writeStep(one: Pick<Case, 'id' | 'person'>, step: CaseStep, id: string, commitment: string | null): string {
  const about = one.person === null ? 'about nobody in particular' : `about "${one.person.name.replaceAll('"', "'")}"`;
  const text = commitment === null ? '' : `; text ${commitment}`;
  return `case ${one.id}, step ${id}: ${saidOf(step)}, ${about}${text}`;
}

/** Null where it is no such record. */
export function readStep(detail: string): { readonly of: string; readonly id: string } | null {
  const [, of, id] = noteForm.exec(detail) ?? [];
  return of === undefined || id === undefined ? null : { of, id };
}

function saidOf(step: CaseStep): string {
  if (step.kind === 'disposition') return `disposition ${step.disposition}`;
  if (step.kind !== 'opened' && step.kind !== 'alert-added') return step.kind;
  const named = step.alerts.slice(0, mostNamed).join(', ');
  const more = step.alerts.length > mostNamed ? ` and ${step.alerts.length - mostNamed} more` : '';
  return `${step.kind} with ${step.alerts.length === 1 ? 'alert' : 'alerts'} ${named}${more}`;
}
