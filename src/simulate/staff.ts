// The people of a simulated clinic of about fifty: who they are, when they work, and where. Some have the night, some work from
// home in the evening, some float between departments: none of that is wrong.

import type { SeenPerson } from '../core/detect/seen.ts';
import type { Chance } from './chance.ts';
import { surnameOf } from './register.ts';

export const roles = [
  { role: 'physician', count: 10, begins: [8, 9], lasts: 9, chartsPerHour: 3, categories: ['notes', 'results', 'orders'] },
  { role: 'nurse', count: 18, begins: [7, 7, 8, 11], lasts: 8, chartsPerHour: 5, categories: ['vitals', 'notes', 'medication'] },
  { role: 'nurse', count: 4, begins: [22], lasts: 8, chartsPerHour: 2, categories: ['vitals', 'notes', 'medication'] },
  { role: 'front-desk', count: 10, begins: [7, 8, 10], lasts: 8, chartsPerHour: 8, categories: ['schedule', 'demographics'] },
  { role: 'billing', count: 6, begins: [8], lasts: 8, chartsPerHour: 7, categories: ['billing', 'demographics'] },
  // Guards see who is expected, and no chart.
  { role: 'guard', count: 4, begins: [7, 15], lasts: 8, chartsPerHour: 0, categories: ['schedule'] },
] as const;

export const departments = ['medicine', 'surgery', 'children', 'women'] as const;

export interface Worker extends SeenPerson {
  readonly role: (typeof roles)[number]['role'];
  readonly categories: readonly string[];
  readonly surname: string;
  readonly department: (typeof departments)[number];
  /** Works in whichever department is short. */
  readonly floats: boolean;
  /** Hour at which the shift begins, and how long it is. */
  readonly begins: number;
  readonly lasts: number;
  readonly chartsPerHour: number;
  readonly desk: Desk;
  /** Evenings a week at home, and from where; null: never. */
  readonly home: { readonly share: number; readonly desk: Desk } | null;
  readonly weekends: boolean;
  /** Number of their own chart. */
  readonly patient: number;
}

export interface Desk {
  readonly address: string;
  /** Null where nobody registered it. */
  readonly device: string | null;
}

/** Where nurses look something up on their way. */
export const stations: readonly Desk[] = [1, 2, 3].map((number) => ({
  address: `10.20.6.${number}`,
  device: `station-${number}`,
}));

export function staff(chance: Chance, patients: number): readonly Worker[] {
  const all: Worker[] = [];
  for (const { role, count, begins, lasts, chartsPerHour, categories } of roles) {
    for (let index = 0; index < count; index += 1) {
      const number = all.length;
      const sub = `${role}-${number}`;
      all.push({
        issuer: 'https://idp.example',
        sub,
        name: sub,
        key: `https://idp.example ${sub}`,
        role,
        categories,
        surname: surnameOf(chance),
        department: departments[number % departments.length] ?? 'medicine',
        floats: role === 'nurse' && chance.is(0.2),
        begins: chance.of<number>(begins),
        lasts,
        chartsPerHour: chartsPerHour * chance.between(0.7, 1.3),
        desk: { address: `10.20.5.${10 + number}`, device: `desk-${number}` },
        home:
          role === 'physician' && chance.is(0.6) ? { share: 0.4, desk: { address: `192.0.${number}.7`, device: null } } : null,
        weekends: begins[0] === 22 || role === 'guard',
        patient: Math.floor(chance.between(0, patients)),
      });
    }
  }
  return all;
}
