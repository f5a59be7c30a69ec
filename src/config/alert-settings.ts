// Puts alerts.yaml together into settings; what it does not name is as usual.

import { usualDetectors } from '../core/detect/detector-settings.ts';
import type { DetectorSettings } from '../core/detect/detector-settings.ts';
import type { AlertsFile } from './alerts-schema.ts';
import type { AlertSettings } from './settings.ts';

/** Keys of the file that carry their unit in the value, and what they are called once they are a number of it. */
const units = {
  within: 'withinSeconds',
  after: 'afterSeconds',
  atLeast: 'atLeastBytes',
  look: 'lookSeconds',
  by: 'bySeconds',
  longerThan: 'longerThanSeconds',
} as const;

type Given = NonNullable<AlertsFile['detectors']>;

/** `file` is null where there is no alerts.yaml. */
export function alertSettings(file: AlertsFile | null): AlertSettings {
  const given: Given = file?.detectors ?? {};
  const names = Object.keys(usualDetectors) as (keyof DetectorSettings)[];
  const detectors = Object.fromEntries(names.map((name) => [name, judged(given[name], usualDetectors[name])]));
  return { detectors: detectors as unknown as DetectorSettings };
}

/** Null where it is off; as usual where nothing, or only `on`, is said. */
function judged(given: Given[keyof Given], usual: object): object | null {
  if (given === 'off') return null;
  if (given === undefined || given === 'on') return usual;
  return { ...usual, ...Object.fromEntries(Object.entries(given).map(([key, value]) => [calledAs(key), value])) };
}

function calledAs(key: string): string {
  return key in units ? units[key as keyof typeof units] : key;
}
