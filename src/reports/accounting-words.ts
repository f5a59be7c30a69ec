// The words of an accounting of disclosures that a patient is handed, in both languages.

import type { Language } from '../core/language/language.ts';

interface AccountingWords {
  readonly title: string;
  readonly patient: string;
  readonly lead: string;
  readonly unreadable: string;
  readonly record: string;
  readonly date: string;
  readonly recipient: string;
  readonly address: string;
  readonly description: string;
  readonly purpose: string;
  readonly ground: string;
  readonly times: string;
  readonly last: string;
  readonly limits: readonly string[];
}

export const accountingWords: Readonly<Record<Language, AccountingWords>> = {
  en: {
    title: 'Accounting of disclosures',
    patient: 'Patient',
    lead: 'What left the clinic outside treatment, payment and operations. Several disclosures to one recipient for one purpose are one line: the first, how many, and the last.',
    unreadable: '{count} disclosures are on record whose words cannot be shown; ask the privacy officer.',
    record: 'Record',
    date: 'Date',
    recipient: 'Recipient',
    address: 'Address',
    description: 'What was disclosed',
    purpose: 'Purpose',
    ground: 'Ground',
    times: 'Times',
    last: 'Last',
    limits: [
      'Not listed, as the rule has it: treatment, payment and operations, what went to the patient, and what the patient signed for.',
      'Files about several patients whose numbers nobody wrote down are in the register of the clinic alone.',
      'What was disclosed by paper, telephone or another system is here only where somebody entered it.',
    ],
  },
  es: {
    title: 'Relación de entregas de datos',
    patient: 'Paciente',
    lead: 'Lo que salió de la clínica fuera del tratamiento, el pago y la gestión. Varias entregas a un mismo destinatario con un mismo fin ocupan una línea: la primera, cuántas y la última.',
    unreadable: 'Hay {count} entregas registradas cuyas palabras no se pueden mostrar; pregunte al responsable de privacidad.',
    record: 'Registro',
    date: 'Fecha',
    recipient: 'Destinatario',
    address: 'Dirección',
    description: 'Qué se entregó',
    purpose: 'Para qué',
    ground: 'Fundamento',
    times: 'Veces',
    last: 'Última',
    limits: [
      'No figuran, como dice la norma: tratamiento, pago y gestión, lo entregado al propio paciente y lo que el paciente firmó.',
      'Los archivos sobre varios pacientes cuyos números nadie anotó están solo en el libro de la clínica.',
      'Lo entregado en papel, por teléfono o por otro sistema figura solo si alguien lo anotó.',
    ],
  },
};
