// What the grounds of disclosures are called, on the pages that ask and in the reports that account.

import type { Language } from '../language/language.ts';
import type { Basis } from './disclosure.ts';

export const basisWords: Readonly<Record<Language, Readonly<Record<Basis, string>>>> = {
  en: {
    'public-health': 'Public health authority',
    'required-by-law': 'Required by law',
    'health-oversight': 'Health oversight agency',
    'law-enforcement': 'Law enforcement',
    court: 'Court or subpoena',
    'abuse-or-neglect': 'Abuse, neglect or violence',
    research: 'Research without an authorization',
    'workers-compensation': 'Workers’ compensation',
    deceased: 'Coroner or funeral director',
    'organ-donation': 'Organ or tissue donation',
    'threat-to-safety': 'Serious threat to safety',
    'government-function': 'Military or other government function',
    mistake: 'It went out by mistake',
    other: 'Something else',
    authorization: 'The patient signed for it',
    'to-the-patient': 'To the patient themselves',
  },
  es: {
    'public-health': 'Autoridad de salud pública',
    'required-by-law': 'Obligación legal',
    'health-oversight': 'Organismo de inspección sanitaria',
    'law-enforcement': 'Policía o fiscalía',
    court: 'Juzgado o citación',
    'abuse-or-neglect': 'Maltrato, abandono o violencia',
    research: 'Investigación sin autorización',
    'workers-compensation': 'Accidente laboral',
    deceased: 'Forense o funeraria',
    'organ-donation': 'Donación de órganos o tejidos',
    'threat-to-safety': 'Peligro grave para la seguridad',
    'government-function': 'Función militar u otra del Estado',
    mistake: 'Salió por error',
    other: 'Otra cosa',
    authorization: 'El paciente lo firmó',
    'to-the-patient': 'Al propio paciente',
  },
};
