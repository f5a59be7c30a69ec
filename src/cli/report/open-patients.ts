// The patients of a report at the command line. Where their store cannot be opened, a report about one patient is refused: it
// would say that nobody opened the chart. Every other report shows patients as the record has them, and says so.

import { openPatientFile } from '../../adapters/patient-file.ts';
import type { PatientNames } from '../../patient-ports.ts';
import type { Settings } from '../../config/settings.ts';
import type { Printer } from '../printer.ts';
import { inWords } from '../usage-problem.ts';

export interface OpenPatients {
  readonly names: PatientNames;
  readonly close: () => void;
}

const unnamed: PatientNames = {
  show: () => Promise.resolve(new Map()),
  tokensOf: (id) => Promise.resolve([id]),
};

export async function openPatients(
  { dataDirectory, masterKeyFile }: Pick<Settings, 'dataDirectory' | 'masterKeyFile'>,
  needed: boolean,
  print: Printer,
): Promise<OpenPatients> {
  try {
    const file = await openPatientFile(dataDirectory, masterKeyFile);
    return { names: file.names, close: () => file.close() };
  } catch (cause) {
    if (needed) throw cause;
    print.err(`Patients are shown by their tokens: ${inWords(cause)}`);
    return { names: unnamed, close: () => undefined };
  }
}
