// Puts alerts.yaml together into settings; what it does not name is as usual.

import { usualDetectors } from '../core/detect/detector-settings.ts';
import type { DetectorSettings } from '../core/detect/detector-settings.ts';
import type { AlertsFile } from './alerts-schema.ts';

export interface AlertSettings {
  readonly detectors: DetectorSettings;
}

/** `file` is null where there is no alerts.yaml. */
export function alertSettings(file: AlertsFile | null): AlertSettings {
  const { detectors: given = {} } = file ?? {};
  const detectors: DetectorSettings = {
    'failed-sign-ins': judged(given['failed-sign-ins'], usualDetectors['failed-sign-ins'], (one, usual) => ({
      attempts: one.attempts ?? usual.attempts,
      withinSeconds: one.within ?? usual.withinSeconds,
    })),
    'sign-in-spray': judged(given['sign-in-spray'], usualDetectors['sign-in-spray'], (one, usual) => ({
      people: one.people ?? usual.people,
      withinSeconds: one.within ?? usual.withinSeconds,
    })),
    'many-patients': judged(given['many-patients'], usualDetectors['many-patients'], (one, usual) => ({
      moreThan: one.moreThan ?? usual.moreThan,
    })),
    'after-hours': judged(given['after-hours'], usualDetectors['after-hours'], (one, usual) => ({
      usualFromDays: one.usualFromDays ?? usual.usualFromDays,
    })),
    'large-transfer': judged(given['large-transfer'], usualDetectors['large-transfer'], (one, usual) => ({
      atLeastBytes: one.atLeast ?? usual.atLeastBytes,
      timesUsual: one.timesUsual ?? usual.timesUsual,
    })),
    'two-places': judged(given['two-places'], usualDetectors['two-places'], (one, usual) => ({
      withinSeconds: one.within ?? usual.withinSeconds,
    })),
    'patient-surge': judged(given['patient-surge'], usualDetectors['patient-surge'], (one, usual) => ({
      people: one.people ?? usual.people,
      withinSeconds: one.within ?? usual.withinSeconds,
    })),
    'dormant-account': judged(given['dormant-account'], usualDetectors['dormant-account'], (one, usual) => ({
      afterSeconds: one.after ?? usual.afterSeconds,
    })),
    'after-termination': given['after-termination'] === 'off' ? null : usualDetectors['after-termination'],
    'new-network': judged(given['new-network'], usualDetectors['new-network'], (one, usual) => ({
      afterSignIns: one.afterSignIns ?? usual.afterSignIns,
    })),
    'emergency-access-often': judged(given['emergency-access-often'], usualDetectors['emergency-access-often'], (one, usual) => ({
      times: one.times ?? usual.times,
      withinSeconds: one.within ?? usual.withinSeconds,
    })),
    'record-in-doubt': given['record-in-doubt'] === 'off' ? null : usualDetectors['record-in-doubt'],
  };
  return { detectors };
}

/** Null where it is off; as usual where nothing, or only `on`, is said. */
function judged<Given extends object, Usual>(
  given: Given | 'on' | 'off' | undefined,
  usual: Usual,
  put: (given: Given, usual: Usual) => Usual,
): Usual | null {
  if (given === 'off') return null;
  return given === undefined || given === 'on' ? usual : put(given, usual);
}
