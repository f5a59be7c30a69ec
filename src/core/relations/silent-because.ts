// Why a detector that needs schedule, roster or addresses says nothing: what of them was never imported.

import type { DetectorName } from '../detect/detector.ts';
import type { RelationKind } from './relation-rows.ts';

/** What a detector cannot do without. Those that are not named need nothing but the record. */
const needed: Readonly<Partial<Record<DetectorName, readonly RelationKind[]>>> = {
  'own-chart': ['staff'],
  colleague: ['staff'],
  household: ['staff', 'demographics'],
  'confidential-patient': ['confidential'],
  'no-relationship': ['appointments'],
  leaver: ['staff'],
};

const called: Readonly<Record<RelationKind, string>> = {
  appointments: 'appointments',
  staff: 'roster of the staff',
  demographics: 'addresses of patients',
  confidential: 'list of confidential patients',
};

/** Without its full stop; null where it has what it needs. */
export function silentBecause(detector: string, imported: ReadonlySet<RelationKind>): string | null {
  const kinds = (needed as Readonly<Record<string, readonly RelationKind[] | undefined>>)[detector] ?? [];
  const missing = kinds.filter((kind) => !imported.has(kind));
  if (missing.length === 0) return null;
  const commands = missing.map((kind) => `wardgate relations import ${kind} FILE`).join(', then ');
  return `no ${missing.map((kind) => called[kind]).join(' and no ')} was imported, so it is silent: ${commands}`;
}
