// One simulated clinic through the very detectors of the product, with their usual settings; without what a clinic may import, and
// with it.

import { usualDetectors } from '../../src/core/detect/detector-settings.ts';
import type { Finding } from '../../src/core/detect/detector.ts';
import type { RelationContext } from '../../src/core/detect/relation-context.ts';
import type { Seen } from '../../src/core/detect/seen.ts';
import { Watch } from '../../src/core/detect/watch.ts';
import { explain } from '../../src/core/relations/explain.ts';
import { relationsOf } from '../../src/core/relations/gather-relations.ts';
import type { Relations } from '../../src/core/relations/relations.ts';
import { began, days, seenOf } from '../../src/simulate/happening.ts';
import { judgedDays, learntDays, simulatedClinic, usualAppointmentShare } from '../../src/simulate/simulated-clinic.ts';
import type { SimulatedClinic } from '../../src/simulate/simulated-clinic.ts';
import { simulatedRelations } from '../../src/simulate/simulated-relations.ts';
import { measure } from './measures.ts';
import type { Measures } from './measures.ts';

export interface Found extends Finding {
  readonly time: number;
  readonly address: string | null;
}

/** The two sites that IT of the simulated clinic would name. */
const places = [
  { name: 'Main street', networks: ['10.20.0.0/16'], latitude: 47.37, longitude: 8.54 },
  { name: 'Hill', networks: ['10.30.0.0/16'], latitude: 46.95, longitude: 7.45 },
];
/** As alerts.yaml has it where nothing is said. */
const explainedDays = 30;

export function simulate(
  seed: number,
  appointmentShare = usualAppointmentShare,
): { readonly withoutData: Measures; readonly withData: Measures } {
  const clinic = simulatedClinic(seed, appointmentShare);
  const all = clinic.happenings.map((one, index) => seenOf(one, index + 1));
  const relations = relationsOf(simulatedRelations(clinic));
  return {
    withoutData: measured(clinic, all, () => ({ relations: null, explanation: null })),
    withData: measured(clinic, all, (seen) => told(relations, seen)),
  };
}

function measured({ wrongs, people }: SimulatedClinic, all: readonly Seen[], context: (seen: Seen) => RelationContext): Measures {
  const watch = new Watch({ ...usualDetectors, 'impossible-travel': { ...usualDetectors['impossible-travel'], places } });
  const found = all.flatMap((seen) =>
    watch.see(seen, context(seen)).map((finding): Found => ({ ...finding, time: seen.time, address: seen.address })),
  );
  return measure(
    found.filter(({ time }) => time >= began + learntDays * days),
    wrongs,
    people.length,
    judgedDays / 7,
  );
}

/** Nobody in a simulated clinic writes, so nothing of it is explained by one's own note. */
function told(relations: Relations, { event, person, patient, local }: Seen): RelationContext {
  if (event !== 'chart-opened' || person === null || patient === null) return { relations, explanation: null };
  const opening = { login: person.name, patient, day: local.day, minute: local.minute, wroteBefore: false };
  return { relations, explanation: explain(relations, opening, { days: explainedDays }) };
}
