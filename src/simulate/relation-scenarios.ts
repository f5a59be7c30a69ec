// Wrongs that only schedule, roster and demographics can show: to whoever sees requests alone they look like work.

import { days, hours, minutes } from './happening.ts';
import { anyPatient, dayWorker, scene, times, walk } from './scene.ts';
import type { Scenario, Stage } from './scene.ts';
import type { Worker } from './staff.ts';

export const relationScenarios: Readonly<Record<string, Scenario>> = {
  'colleague-lookup': (stage) => {
    const who = dayWorker(stage);
    const { patient } = stage.chance.of(stage.people.filter(({ key }) => key !== who.key));
    return oneChart(stage, who, patient);
  },
  'own-chart': (stage) => {
    const who = dayWorker(stage);
    return oneChart(stage, who, who.patient);
  },
  // The chart of somebody they live with; of themselves where they live alone.
  household: (stage) => {
    const who = dayWorker(stage);
    const house = stage.patients[who.patient]?.house;
    const others = stage.patients.filter((one) => one.house === house && one.number !== who.patient);
    return oneChart(stage, who, others.length === 0 ? who.patient : stage.chance.of(others).number);
  },
  'confidential-lookup': (stage) => oneChart(stage, dayWorker(stage), stage.chance.of(stage.confidential)),
  // Has given notice, works on for two months, and looks at charts all day that are nobody's business of theirs.
  leaver: (stage) => {
    const who = dayWorker(stage);
    const patients = times(24, () => anyPatient(stage));
    const happenings = walk(who, { from: stage.day + 9 * hours, every: 20 * minutes, patients }, stage.chance).slice(1);
    return { ...scene(who, happenings), leaves: { who, noticeDay: stage.day, endDay: stage.day + 60 * days } };
  },
};

function oneChart(stage: Stage, who: Worker, patient: number): ReturnType<Scenario> {
  const from = stage.day + 10 * hours;
  return scene(who, walk(who, { from, every: minutes, patients: [patient] }, stage.chance).slice(1), { patient: `p${patient}` });
}
