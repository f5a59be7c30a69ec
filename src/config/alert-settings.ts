// Puts alerts.yaml together into settings; what it does not name is as usual.

import { usualDetectors } from '../core/detect/detector-settings.ts';
import type { DetectorSettings } from '../core/detect/detector-settings.ts';
import { usualResponse } from '../core/respond/response-kind.ts';
import type { ResponseKind } from '../core/respond/response-kind.ts';
import { usualRestrictions } from '../core/respond/restriction-settings.ts';
import type { RestrictionSettings } from '../core/respond/restriction-settings.ts';
import { usualReview } from '../core/review/review-settings.ts';
import type { ReviewSettings } from '../core/review/review-settings.ts';
import type { AlertsFile } from './alerts-schema.ts';
import { relationSettings } from './relation-settings.ts';
import type { AlertSettings } from '../core/respond/alert-settings.ts';

/** Keys of the file that carry their unit in the value, and what they are called once they are a number of it. */
const units = {
  within: 'withinSeconds',
  after: 'afterSeconds',
  atLeast: 'atLeastBytes',
  look: 'lookSeconds',
  by: 'bySeconds',
  before: 'beforeSeconds',
  longerThan: 'longerThanSeconds',
} as const;

type Given = NonNullable<AlertsFile['detectors']>;
type Said = Given[keyof Given];

/** `file` is null where there is no alerts.yaml. */
export function alertSettings(file: AlertsFile | null, resolve = (path: string): string => path): Omit<AlertSettings, 'notify'> {
  const given: Given = file?.detectors ?? {};
  const names = Object.keys(usualDetectors) as (keyof DetectorSettings)[];
  const detectors = Object.fromEntries(names.map((name) => [name, judged(given[name], usualDetectors[name])]));
  return {
    detectors: detectors as unknown as DetectorSettings,
    responses: Object.fromEntries(names.map((name) => [name, responseOf(given[name])])) as unknown as AlertSettings['responses'],
    toldEach: names.filter((name) => saysNotify(given[name])),
    restrictions: restrictionsOf(file?.restrictions ?? {}),
    relations: relationSettings(file?.relations ?? {}, resolve),
    review: reviewOf(file?.review ?? {}),
  };
}

/** Null where it is off; as usual where nothing, or only `on`, is said. */
function judged(given: Said, usual: object): object | null {
  if (given === 'off') return null;
  if (given === undefined || given === 'on') return usual;
  const { response: _, ...figures } = given;
  return { ...usual, ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [calledAs(key), value])) };
}

function calledAs(key: string): string {
  return key in units ? units[key as keyof typeof units] : key;
}

function saysNotify(given: Said): boolean {
  return typeof given === 'object' && given.response?.includes('notify') === true;
}

/** An alert is always on record, whatever else follows. */
function responseOf(given: Said): readonly ResponseKind[] {
  if (typeof given !== 'object' || given.response === undefined) return usualResponse;
  return [...new Set<ResponseKind>(['note', ...given.response])];
}

function restrictionsOf({ slow, block }: NonNullable<AlertsFile['restrictions']>): RestrictionSettings {
  const usual = usualRestrictions;
  return {
    slow: { waitSeconds: slow?.wait ?? usual.slow.waitSeconds, forSeconds: slow?.for ?? usual.slow.forSeconds },
    block: { forSeconds: block?.for === undefined ? usual.block.forSeconds : block.for },
  };
}

function reviewOf(given: NonNullable<AlertsFile['review']>): ReviewSettings {
  const { triageWithinSeconds, monthlyWithinSeconds, sampleSize, holidays, deputy } = usualReview;
  return {
    triageWithinSeconds: given.triage === 'off' ? null : (given.triageWithin ?? triageWithinSeconds),
    monthlyWithinSeconds: given.monthly === 'off' ? null : (given.monthlyWithin ?? monthlyWithinSeconds),
    sampleSize: given.sample ?? sampleSize,
    holidays: given.holidays ?? holidays,
    deputy: given.deputy ?? deputy,
  };
}
