// Wrongs that people do with charts: the cases that were fined, and those that every privacy officer knows.

import { days, hours, minutes } from './happening.ts';
import { anyPatient, dayWorker, scene, times, walk } from './scene.ts';
import type { Scenario } from './scene.ts';
import { at, download, look, opening } from './working-day.ts';

export const chartScenarios: Readonly<Record<string, Scenario>> = {
  'night-walk': (stage) => {
    const who = dayWorker(stage, 'nurse');
    const patients = times(30, () => anyPatient(stage));
    return scene(who, walk(who, { from: stage.day + 2 * hours, every: 2 * minutes, patients }, stage.chance));
  },
  'chart-harvest': (stage) => {
    const who = dayWorker(stage);
    const patients = times(60, () => anyPatient(stage));
    return scene(who, walk(who, { from: stage.day + 13 * hours, every: 20_000, patients }, stage.chance));
  },
  'register-walk': (stage) => {
    const who = dayWorker(stage);
    const first = anyPatient(stage);
    const patients = times(12, (index) => first + index * 2);
    return scene(who, walk(who, { from: stage.day + 10 * hours, every: 20_000, patients }, stage.chance).slice(1));
  },
  'bulk-export': ({ people, day, chance }) => {
    const who = chance.of(people.filter(({ role }) => role === 'front-desk'));
    const from = day + 14 * hours;
    return scene(who, times(8, (index) => download(who, from + index * 3 * minutes, `x${who.sub}`, who.desk, 50_000_000)).flat());
  },
  'print-run': (stage) => {
    const who = dayWorker(stage, 'billing');
    const from = stage.day + 16 * hours;
    return scene(
      who,
      times(40, (index) => look(who, from + index * 10_000, `x${who.sub}`, who.desk, 'print')),
    );
  },
  peeking: (stage) => {
    const who = dayWorker(stage, 'front-desk');
    const session = `x${who.sub}`;
    const peeks = times(10, (index) => {
      const time = stage.day + 12 * hours + index * 2 * minutes;
      const seen = opening(who, time, { session, desk: who.desk, patient: anyPatient(stage) }, stage.chance);
      return [look(who, time - 3000, session, who.desk), ...seen, look(who, time + 5000, session, who.desk, 'schedule')];
    });
    return scene(who, peeks.flat());
  },
  // Yakima Valley, 2023: guards read charts that the rules had left open to them.
  'guards-in-charts': (stage) => {
    const who = stage.chance.of(stage.people.filter(({ role }) => role === 'guard'));
    const patients = times(6, () => anyPatient(stage));
    const from = stage.day + (who.begins + 2) * hours;
    const happenings = walk({ ...who, categories: ['notes'] }, { from, every: 10 * minutes, patients }, stage.chance).slice(1);
    return scene(who, happenings);
  },
  // Haga, 2019.
  celebrity: (stage) => {
    const patient = anyPatient(stage);
    const curious = stage.people.filter(({ chartsPerHour }) => chartsPerHour > 0 && stage.chance.is(0.3));
    const looks = curious.flatMap((who, index) => {
      const time = stage.day + 9 * hours + index * 20 * minutes;
      return opening(who, time, { session: `x${who.sub}`, desk: who.desk, patient }, stage.chance);
    });
    return scene(null, looks, { patient: `p${patient}` });
  },
  'emergency-habit': ({ people, day, chance }) => {
    const who = chance.of(people);
    const opened = times(4, (index) => ({
      time: day + index * days + 10 * hours,
      event: 'break-glass',
      person: who,
      ...at(who.desk),
    }));
    return scene(who, opened);
  },
  'emergency-return': (stage) => {
    const who = dayWorker(stage);
    const patient = `p${anyPatient(stage)}`;
    const opened = times(2, (index) => ({
      time: stage.day + index * days + 11 * hours,
      event: 'break-glass',
      person: who,
      patient,
    }));
    return scene(who, opened, { patient });
  },
  // The next two look like work to whoever sees requests alone.
  // Northwestern, 2019: searched a name, and opened nothing.
  'single-search': (stage) => {
    const who = dayWorker(stage);
    return scene(who, [look(who, stage.day + 11 * hours, `x${who.sub}`, who.desk)]);
  },
  'slow-snoop': (stage) => {
    const who = dayWorker(stage);
    const looks = times(5, (index) => {
      const patients = times(3, () => anyPatient(stage));
      return walk(who, { from: stage.day + index * days + 12 * hours, every: 5 * minutes, patients }, stage.chance).slice(1);
    });
    return scene(who, looks.flat());
  },
};
