// Patients for a command that reads the record: what an id stands as there, and who stands behind a token. From the state of
// the gateway whose configuration is named; without it, records show tokens and ids find what is older than tokens.

import { openPatientFile } from '../../adapters/patient-file.ts';
import type { Settings } from '../../config/settings.ts';
import type { TokenOf } from '../../core/patients/hide-ids.ts';
import { isPatientToken } from '../../core/patients/patient-token.ts';
import { tokensIn } from '../../core/patients/shown-tokens.ts';
import type { NamedPatients, PatientSearch } from '../../directory-ports.ts';
import type { PatientNames, ShownPatient } from '../../patient-ports.ts';
import type { Printer } from '../printer.ts';
import { soundConfiguration } from '../sound-configuration.ts';

export interface PatientLookup {
  /** Null where there is no key. */
  readonly tokenOf: TokenOf | null;
  readonly names: PatientNames;
  /** What records of a patient may hold: tokens, and the ids themselves, which older records have. Rejects where a name is that of several. */
  asked(idTokenOrName: string): Promise<Asked>;
  /** Who stands behind the tokens in these texts. */
  shown(texts: readonly (string | null)[]): Promise<ReadonlyMap<string, ShownPatient>>;
  close(): void;
}

export interface Asked {
  readonly values: readonly string[];
  /** For a record of what was asked for: without the id. */
  readonly told: string;
}

/** Stands in a record where an id was asked for and no token of it can be made. */
export const untoldId = '(an id)';

const mostNamed = 99;

/** Who they are is told by a command that stands on record; nobody is guessed. */
function severalNamed({ patients, more }: NamedPatients): string {
  const many = more ? `More than ${mostNamed}` : String(patients.length);
  return `${many} patients have that name; "wardgate patients show NAME" says who they are, then name one by an id`;
}

/** Where the state of a gateway is, and what opens it. */
type State = Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'store'>;

type Names = PatientNames & Pick<PatientSearch, 'find'>;

const noOne: Names = {
  show: async () => Promise.resolve(new Map()),
  tokensOf: async (id) => Promise.resolve([id]),
  find: async (text) => Promise.resolve({ found: 'one', tokens: [text], patient: null }),
};

/** `settings` null: a copy of a log, and nobody said whose. What is wrong is told and ends nothing. */
export async function patientLookup(settings: State | null, print: Printer): Promise<PatientLookup> {
  if (settings === null) return lookup(null, noOne, () => undefined, print, 'name the gateway.yaml with --patients');
  try {
    const file = await openPatientFile(settings.dataDirectory, settings.masterKeyFile, settings.store);
    return lookup(
      (id) => file.tokens.tokenOf(id),
      {
        show: async (tokens) => file.names.show(tokens),
        tokensOf: async (id) => file.names.tokensOf(id),
        find: async (text, most) => file.directory.find(text, most),
      },
      () => void file.close(),
      print,
      '',
    );
  } catch (cause) {
    return lookup(null, noOne, () => undefined, print, cause instanceof Error ? cause.message : String(cause));
  }
}

/** For commands that take the directory of a log alone: `--patients FILE`. */
export async function patientsNamed(option: unknown, print: Printer): Promise<PatientLookup> {
  if (typeof option !== 'string') return patientLookup(null, print);
  const configuration = await soundConfiguration(option, print);
  if (configuration === null) throw new Error(`The patients of "${option}" cannot be looked up: the configuration has mistakes`);
  return patientLookup(configuration.settings, print);
}

function lookup(tokenOf: TokenOf | null, names: Names, close: () => void, print: Printer, why: string): PatientLookup {
  return {
    tokenOf,
    names,
    close,
    asked: async (given) => {
      if (tokenOf === null && !isPatientToken(given))
        print.err(`Patients are searched by token alone, or in records that are older than tokens: ${why}`);
      const found = await names.find(given, mostNamed);
      if (found.found === 'several') throw new Error(severalNamed(found));
      const { patient, tokens } = found;
      const values = [...new Set([given, ...tokens, ...(patient?.ids.map(({ id }) => id) ?? [])])];
      if (isPatientToken(given)) return { values, told: given };
      return { values, told: tokenOf === null ? untoldId : (patient?.tokens[0] ?? tokenOf(given)) };
    },
    shown: async (texts) => names.show(tokensIn(texts)),
  };
}
