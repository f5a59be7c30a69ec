// Brings a FHIR date, dateTime or instant onto the clinic's clock: unlike other exports, FHIR names the offset of its times.

import type { ClinicTime } from '../../../adapters/clinic-time.ts';
import { readWallTime } from '../../../core/relations/wall-time.ts';
import type { WallTime } from '../../../core/relations/wall-time.ts';

const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Null for a year or a month alone, and for what is no time. */
export function fhirTime(clinic: ClinicTime): (time: string) => WallTime | null {
  return (text) => {
    if (!withOffset.test(text)) return readWallTime(text);
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : { day: clinic.localDay(at), minute: clinic.localTime(at).minute };
  };
}
