// The words of the list that a patient is handed, in plain language. `{…}` are places for values.

import type { Language } from '../core/language/language.ts';

const en = {
  title: 'Who opened your chart',
  patient: 'Patient',
  visits: 'Times your chart was opened',
  people: 'People who opened it',
  refused: 'Times somebody was kept from it',
  table: 'Who opened it, and when',
  about: 'Each line is one time at which somebody opened your chart, or worked in it without a longer break.',
  from: 'From',
  until: 'To',
  person: 'Person (the name they sign in with)',
  roles: 'Their work here',
  deeds: 'What was done',
  categories: 'What kind of information',
  emergency: 'Reason given for an emergency access',
  outcome: 'Result',
  record: 'Number (name it when you ask)',
  opened: 'opened',
  keptFrom: 'was not let in',
  noReason: 'reason not found',
  read: 'looked at',
  create: 'added something',
  update: 'changed something',
  delete: 'deleted something',
  execute: 'carried out something',
  machine: 'a program of the clinic ({name})',
  limit:
    'A name in this list says that the chart was opened, not that it was wrong to open it. If you do not expect a name, ask the clinic.',
};

export type PatientCopyWords = typeof en;

const es: PatientCopyWords = {
  title: 'Quién abrió su expediente',
  patient: 'Paciente',
  visits: 'Veces que se abrió su expediente',
  people: 'Personas que lo abrieron',
  refused: 'Veces que se le impidió a alguien',
  table: 'Quién lo abrió y cuándo',
  about: 'Cada línea es una vez en que alguien abrió su expediente o trabajó en él sin una pausa larga.',
  from: 'Desde',
  until: 'Hasta',
  person: 'Persona (el nombre con que inicia sesión)',
  roles: 'Su trabajo aquí',
  deeds: 'Qué se hizo',
  categories: 'Qué clase de información',
  emergency: 'Motivo dado para un acceso de emergencia',
  outcome: 'Resultado',
  record: 'Número (indíquelo si pregunta)',
  opened: 'se abrió',
  keptFrom: 'no se le dejó entrar',
  noReason: 'motivo no encontrado',
  read: 'lo miró',
  create: 'añadió algo',
  update: 'cambió algo',
  delete: 'borró algo',
  execute: 'realizó algo',
  machine: 'un programa de la clínica ({name})',
  limit:
    'Un nombre en esta lista dice que se abrió el expediente, no que estuviera mal abrirlo. Si un nombre le sorprende, pregunte a la clínica.',
};

export const patientCopyWords: Readonly<Record<Language, PatientCopyWords>> = { en, es };
