// Download after download, or page after page printed, within minutes. Printing shows where a rule or preset gives the paths that
// print the category `print`; what a browser prints by itself nobody on the way can see.

import type { Detector, DetectorName } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { Recent } from './recent.ts';
import type { Seen } from './seen.ts';
import { spokenTime } from './spoken-time.ts';

export function exportBurst({ moreThan, withinSeconds }: NonNullable<DetectorSettings['export-burst']>): Detector {
  const isExport = ({ event, download, bytesOut }: Seen): boolean =>
    event === 'outcome' && download !== null && download !== 'turned-away' && Number(bytesOut) > 0;
  return burst('export-burst', 'downloads', isExport, moreThan + 1, withinSeconds);
}

export function printStorm({ prints, withinSeconds }: NonNullable<DetectorSettings['print-storm']>): Detector {
  const isPrint = ({ event, category }: Seen): boolean => event === 'attempt' && category === 'print';
  return burst('print-storm', 'pages or forms printed', isPrint, prints, withinSeconds);
}

function burst(detector: DetectorName, what: string, counts: (seen: Seen) => boolean, most: number, seconds: number): Detector {
  const recent = new Recent<null>(seconds * 1000, most);
  return (seen) => {
    const { person, time } = seen;
    if (person === null || !counts(seen) || recent.add(person.key, time, null).length < most) return null;
    recent.forget(person.key);
    return { detector, person, patient: null, words: `${most} ${what} within ${spokenTime(seconds)}` };
  };
}
