// All detectors over one record after the other. What one of them said of a person and patient is said once a day.

import { forgetOldest } from '../forget-oldest.ts';
import { afterHours } from './after-hours.ts';
import type { Detector, DetectorName, Finding } from './detector.ts';
import type { DetectorSettings } from './detector-settings.ts';
import { afterTermination, dormantAccount } from './dormant-account.ts';
import { emergencyOften, emergencySamePatient } from './emergency-often.ts';
import { exportBurst, printStorm } from './export-burst.ts';
import { factorFatigue } from './factor-fatigue.ts';
import { impossibleTravel } from './impossible-travel.ts';
import { newDevice } from './new-device.ts';
import { patientsInOrder } from './patients-in-order.ts';
import { clockJump, recordGap, recordUnanchored } from './record-gap.ts';
import { rulesThenAccess } from './rules-then-access.ts';
import { searchPeek } from './search-peek.ts';
import { sharedDesk } from './shared-desk.ts';
import { unusualCategory } from './unusual-category.ts';
import { FrequentAlerts } from './frequent-alerts.ts';
import { failedSignIns, signInSpray } from './failed-sign-ins.ts';
import { leaver } from './leaver.ts';
import { largeTransfer } from './large-transfer.ts';
import { manyPatients } from './many-patients.ts';
import { newNetwork } from './new-network.ts';
import { noRelationship } from './no-relationship.ts';
import { patientSurge } from './patient-surge.ts';
import { recordInDoubt } from './record-in-doubt.ts';
import type { RelationContext } from './relation-context.ts';
import type { Seen } from './seen.ts';
import { suspicion } from './suspicion.ts';
import { twoPlaces } from './two-places.ts';

/** Findings of the last days that are remembered, so as not to be told twice. */
const mostTold = 10_000;

export class Watch {
  readonly #detectors: readonly Detector[];
  readonly #told = new Set<string>();
  readonly #frequent: FrequentAlerts;

  /** `toldEach`: detectors whose alerts are told by themselves however many there are. */
  constructor(settings: DetectorSettings, toldEach: readonly DetectorName[] = []) {
    this.#frequent = new FrequentAlerts(toldEach);
    this.#detectors = detectorsOf(settings);
  }

  /** What wants a person's eyes now. An alert that is on record already counts as told. */
  see(seen: Seen, told: RelationContext = nothingImported): readonly Finding[] {
    if (seen.event === 'alert') {
      const onRecord = { detector: seen.reason as DetectorName, person: seen.person, patient: seen.patient, words: '' };
      if (this.#tell(onRecord, seen)) this.#frequent.take(onRecord, seen);
      return [];
    }
    const found: Finding[] = [];
    for (const detector of this.#detectors) {
      const finding = detector(seen, told);
      if (finding !== null && this.#tell(finding, seen)) found.push(this.#frequent.take(finding, seen));
    }
    return found;
  }

  /** False where it was told before. */
  #tell({ detector, person, patient }: Finding, { local }: Seen): boolean {
    const key = [detector, person?.key ?? '', patient ?? '', local.day].join('\n');
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    forgetOldest(this.#told, mostTold);
    return true;
  }
}

const nothingImported: RelationContext = { relations: null, explanation: null };

/** Those that are on. */
function detectorsOf(settings: DetectorSettings): readonly Detector[] {
  const on = <Given extends object>(make: (given: Given) => Detector, given: Given | null): readonly Detector[] =>
    given === null ? [] : [make(given)];
  return [
    ...on(failedSignIns, settings['failed-sign-ins']),
    ...on(signInSpray, settings['sign-in-spray']),
    ...on(manyPatients, settings['many-patients']),
    ...on(afterHours, settings['after-hours']),
    ...on(largeTransfer, settings['large-transfer']),
    ...on(twoPlaces, settings['two-places']),
    ...on(patientSurge, settings['patient-surge']),
    ...on(dormantAccount, settings['dormant-account']),
    ...on(afterTermination, settings['after-termination']),
    ...on(newNetwork, settings['new-network']),
    ...on(emergencyOften, settings['emergency-access-often']),
    ...on(recordInDoubt, settings['record-in-doubt']),
    ...on(() => suspicion('own-chart'), settings['own-chart']),
    ...on(() => suspicion('colleague'), settings.colleague),
    ...on(() => suspicion('household'), settings.household),
    ...on(() => suspicion('confidential-patient'), settings['confidential-patient']),
    ...on(noRelationship, settings['no-relationship']),
    ...on(leaver, settings.leaver),
    ...on(patientsInOrder, settings['patients-in-order']),
    ...on(searchPeek, settings['search-peek']),
    ...on(sharedDesk, settings['shared-desk']),
    ...on(factorFatigue, settings['factor-fatigue']),
    ...on(impossibleTravel, settings['impossible-travel']),
    ...on(newDevice, settings['new-device']),
    ...on(unusualCategory, settings['unusual-category']),
    ...on(emergencySamePatient, settings['emergency-same-patient']),
    ...on(printStorm, settings['print-storm']),
    ...on(exportBurst, settings['export-burst']),
    ...on(rulesThenAccess, settings['rules-then-access']),
    ...on(clockJump, settings['clock-jump']),
    ...on(recordGap, settings['record-gap']),
    ...on(recordUnanchored, settings['record-unanchored']),
  ];
}
