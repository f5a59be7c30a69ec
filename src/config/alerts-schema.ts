// The form of alerts.yaml: which detectors are on, from what on each speaks up, and what follows when it does.

import { z } from 'zod';
import { impersonalKinds, responseKinds } from '../core/respond/response-kind.ts';
import { readDuration } from './quantity.ts';
import type { Read } from './quantity.ts';
import { count, duration, oneOrMany, readText, size } from './schema-parts.ts';

const response = oneOrMany(z.literal(responseKinds)).optional();
/** Of those whose alerts name no single person, so that nobody can be held by them. */
const impersonal = oneOrMany(z.literal(impersonalKinds)).optional();

const orOff = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.union([z.literal(['on', 'off']), z.strictObject({ response, ...shape })]);
const within = duration('10s', '30d').optional();

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

const onOrOff = z.literal(['on', 'off']).optional();
const holiday = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'must be a day such as 2026-12-25');

const review = z.strictObject({
  deputy: z.string().min(1).max(256).optional(),
  triage: onOrOff,
  triageWithin: duration('1d', '30d').optional(),
  monthly: onOrOff,
  monthlyWithin: duration('1d', '60d').optional(),
  sample: count(1, 1000).optional(),
  holidays: z.array(holiday).max(400).optional(),
});

export const alertsSchema = z.strictObject({
  detectors: detectors.optional(),
  restrictions: restrictions.optional(),
  review: review.optional(),
});

export type AlertsFile = z.output<typeof alertsSchema>;
