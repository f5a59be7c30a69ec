// The form of alerts.yaml: which detectors are on, from what on each speaks up, and what follows when it does.

import { z } from 'zod';
import { impersonalKinds, responseKinds } from '../core/respond/response-kind.ts';
import { readDuration } from './quantity.ts';
import type { Read } from './quantity.ts';
import { relationsSchema } from './relation-settings.ts';
import { cidr, count, duration, oneOrMany, readText, size } from './schema-parts.ts';

const response = oneOrMany(z.literal(responseKinds)).optional();
/** Of those whose alerts name no single person, so that nobody can be held by them. */
const impersonal = oneOrMany(z.literal(impersonalKinds)).optional();

const orOff = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.union([z.literal(['on', 'off']), z.strictObject({ response, ...shape })]);
const within = duration('10s', '30d').optional();

/** What IT calls a place, and where it is. */
const place = z.strictObject({
  name: z.string().min(1).max(80),
  networks: oneOrMany(cidr),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

const detectors = z.strictObject({
  'failed-sign-ins': orOff({ attempts: count(2, 1000).optional(), within }).optional(),
  'sign-in-spray': orOff({ people: count(2, 1000).optional(), within, response: impersonal }).optional(),
  'many-patients': orOff({ moreThan: count(1, 100_000).optional() }).optional(),
  'after-hours': orOff({ usualFromDays: count(1, 100).optional() }).optional(),
  'large-transfer': orOff({ atLeast: size('1KB', '10TB').optional(), timesUsual: count(1, 1000).optional() }).optional(),
  'two-places': orOff({ within }).optional(),
  'patient-surge': orOff({ people: count(2, 1000).optional(), within, response: impersonal }).optional(),
  'dormant-account': orOff({ after: duration('1d', '365d').optional() }).optional(),
  'after-termination': orOff({}).optional(),
  'new-network': orOff({ afterSignIns: count(1, 1000).optional() }).optional(),
  'emergency-access-often': orOff({ times: count(1, 1000).optional(), within }).optional(),
  'record-in-doubt': orOff({ response: impersonal }).optional(),
  'own-chart': orOff({}).optional(),
  colleague: orOff({}).optional(),
  household: orOff({}).optional(),
  'confidential-patient': orOff({}).optional(),
  'no-relationship': orOff({ patients: count(1, 1000).optional(), within }).optional(),
  leaver: orOff({
    moreThan: count(1, 100_000).optional(),
    atLeast: size('1KB', '10TB').optional(),
    before: duration('0d', '365d').optional(),
  }).optional(),
  'patients-in-order': orOff({ charts: count(3, 1000).optional(), within }).optional(),
  'search-peek': orOff({ times: count(1, 1000).optional(), within, look: duration('1s', '10m').optional() }).optional(),
  'shared-desk': orOff({ times: count(1, 100).optional(), within: duration('1s', '10m').optional() }).optional(),
  'factor-fatigue': orOff({ attempts: count(2, 100).optional(), within }).optional(),
  'impossible-travel': orOff({
    kilometresPerHour: count(5, 2000).optional(),
    places: z.array(place).max(100).optional(),
  }).optional(),
  'new-device': orOff({ afterSignIns: count(1, 1000).optional() }).optional(),
  'unusual-category': orOff({ onceIn: count(10, 100_000).optional() }).optional(),
  'emergency-same-patient': orOff({ times: count(2, 100).optional(), within }).optional(),
  'print-storm': orOff({ prints: count(2, 10_000).optional(), within }).optional(),
  'export-burst': orOff({ moreThan: count(1, 10_000).optional(), within }).optional(),
  'rules-then-access': orOff({ within }).optional(),
  'clock-jump': orOff({ by: duration('2s', '1d').optional(), response: impersonal }).optional(),
  'record-gap': orOff({ longerThan: duration('2m', '1d').optional(), response: impersonal }).optional(),
  'record-unanchored': orOff({ after: duration('1h', '30d').optional(), response: impersonal }).optional(),
});

/** Null until a reviewer lifts it. */
function readBlocked(text: string): Read<number | null> {
  if (text === 'until-lifted') return { value: null };
  const read = readDuration(text);
  if ('problem' in read) return { problem: `${read.problem}, or until-lifted` };
  return read.value >= 60 && read.value <= 365 * 86_400 ? read : { problem: 'must lie between 1m and 365d, or be until-lifted' };
}

const restrictions = z.strictObject({
  slow: z.strictObject({ wait: duration('1s', '20s').optional(), for: duration('1m', '7d').optional() }).optional(),
  block: z.strictObject({ for: readText(readBlocked).optional() }).optional(),
});

const review = z.strictObject({ deputy: z.string().min(1).max(256).optional() });

export const alertsSchema = z.strictObject({
  detectors: detectors.optional(),
  restrictions: restrictions.optional(),
  review: review.optional(),
  relations: relationsSchema.optional(),
});

export type AlertsFile = z.output<typeof alertsSchema>;
