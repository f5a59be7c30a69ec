// How openings of charts are explained, as `relations` in alerts.yaml says it: its form, and what holds where it says nothing.

import { z } from 'zod';
import { relationKinds } from '../core/relations/relation-rows.ts';
import type { RelationSettings } from '../core/relations/relation-settings.ts';
import { duration, oneOrMany, words } from './schema-parts.ts';

const daySeconds = 86_400;
const columns = z.record(words, words).optional();

export const relationsSchema = z.strictObject({
  within: duration('1d', '365d').optional(),
  columns: z.strictObject({ appointments: columns, staff: columns, demographics: columns, confidential: columns }).optional(),
  folder: words.optional(),
  fhir: z.strictObject({ patient: oneOrMany(words).optional(), login: words.optional() }).optional(),
});

export function relationSettings(given: z.output<typeof relationsSchema>, resolve: (path: string) => string): RelationSettings {
  const { within = 30 * daySeconds } = given;
  const columnsOf = Object.fromEntries(relationKinds.map((kind) => [kind, given.columns?.[kind] ?? {}]));
  const fhir = { patient: given.fhir?.patient ?? [], login: given.fhir?.login ?? null };
  const folder = given.folder === undefined ? null : resolve(given.folder);
  return { days: Math.floor(within / daySeconds), columns: columnsOf as RelationSettings['columns'], fhir, folder };
}
