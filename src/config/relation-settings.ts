// How openings of charts are explained, as `relations` in alerts.yaml says it: its form, and what holds where it says nothing.

import { z } from 'zod';
import { relationKinds } from '../core/relations/relation-rows.ts';
import type { RelationKind } from '../core/relations/relation-rows.ts';
import { duration, words } from './schema-parts.ts';

export interface RelationSettings {
  /** Days either way in which an appointment explains an opening. */
  readonly days: number;
  /** Of each kind, our word for a column → what the file calls it; else it is known by its usual names. */
  readonly columns: Readonly<Record<RelationKind, Readonly<Record<string, string>>>>;
}

const daySeconds = 86_400;
const columns = z.record(words, words).optional();

export const relationsSchema = z.strictObject({
  within: duration('1d', '365d').optional(),
  columns: z.strictObject({ appointments: columns, staff: columns, demographics: columns, confidential: columns }).optional(),
});

export function relationSettings(given: z.output<typeof relationsSchema>): RelationSettings {
  const { within = 30 * daySeconds } = given;
  const columnsOf = Object.fromEntries(relationKinds.map((kind) => [kind, given.columns?.[kind] ?? {}]));
  return { days: Math.floor(within / daySeconds), columns: columnsOf as RelationSettings['columns'] };
}
