// The form of alerts.yaml: which detectors are on, and from what on each speaks up.

import { z } from 'zod';
import { count, duration, size } from './schema-parts.ts';

const orOff = <Shape extends z.ZodRawShape>(shape: Shape) => z.union([z.literal(['on', 'off']), z.strictObject(shape)]);
const within = duration('10s', '30d').optional();

const detectors = z.strictObject({
  'failed-sign-ins': orOff({ attempts: count(2, 1000).optional(), within }).optional(),
  'sign-in-spray': orOff({ people: count(2, 1000).optional(), within }).optional(),
  'many-patients': orOff({ moreThan: count(1, 100_000).optional() }).optional(),
  'after-hours': orOff({ usualFromDays: count(1, 100).optional() }).optional(),
  'large-transfer': orOff({ atLeast: size('1KB', '10TB').optional(), timesUsual: count(1, 1000).optional() }).optional(),
  'two-places': orOff({ within }).optional(),
  'patient-surge': orOff({ people: count(2, 1000).optional(), within }).optional(),
  'dormant-account': orOff({ after: duration('1d', '365d').optional() }).optional(),
  'after-termination': z.literal(['on', 'off']).optional(),
  'new-network': orOff({ afterSignIns: count(1, 1000).optional() }).optional(),
  'emergency-access-often': orOff({ times: count(1, 1000).optional(), within }).optional(),
  'record-in-doubt': z.literal(['on', 'off']).optional(),
});

export const alertsSchema = z.strictObject({ detectors: detectors.optional() });

export type AlertsFile = z.output<typeof alertsSchema>;
