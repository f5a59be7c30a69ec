// Records as lines of another format. FHIR and DICOM tell an access once; CSV and JSON lines hold every record as it stands.

import { auditXml } from '../../core/audit/dicom/audit-xml.ts';
import { auditEvent } from '../../core/audit/fhir/audit-event.ts';
import { auditMessage } from '../../core/audit/message/audit-message.ts';
import { OpenAttempts } from '../../core/audit/message/open-attempts.ts';
import { identityById } from '../../core/audit/message/patient-identity.ts';
import type { ReadRecord } from '../../core/audit/read-record.ts';
import type { FoundRecord } from '../../adapters/audit-records.ts';
import type { PatientLookup } from '../patients/patient-lookup.ts';
import { csvHeader, csvLine } from './csv-line.ts';

const forms = ['fhir', 'dicom', 'csv', 'jsonl'] as const;
export type ConvertForm = (typeof forms)[number];

/** What is asked for, and how far it has come. */
export interface Conversion {
  readonly form: ConvertForm;
  readonly source: string;
  /** Null: patients stay tokens. */
  readonly patients: Pick<PatientLookup, 'shown'> | null;
  written: number;
  unreadable: number;
}

export function isConvertForm(value: unknown): value is ConvertForm {
  return forms.some((form) => form === value);
}

export async function* convertedLines(records: AsyncIterable<FoundRecord>, conversion: Conversion): AsyncGenerator<string> {
  const { form } = conversion;
  if (form === 'csv') yield csvHeader;
  const attempts = new OpenAttempts();
  for await (const { record, text } of records) {
    if (form === 'fhir' || form === 'dicom') {
      yield* messageLines(attempts.take(record), conversion);
    } else {
      conversion.written += 1;
      yield form === 'csv' ? csvLine(await withPatient(record, conversion)) : text;
    }
  }
  yield* messageLines(attempts.rest(), conversion);
}

async function withPatient(record: ReadRecord, conversion: Conversion): Promise<ReadRecord> {
  const id = await idOf(record, conversion);
  return id === undefined ? record : { ...record, fields: { ...record.fields, patient: id } };
}

/** The id behind the token of the record's patient, where ids are asked for and it is known. */
async function idOf({ fields }: ReadRecord, { patients }: Conversion): Promise<string | undefined> {
  const { patient } = fields;
  if (patients === null || typeof patient !== 'string') return undefined;
  return (await patients.shown([patient])).get(patient)?.id;
}

async function* messageLines(records: readonly ReadRecord[], conversion: Conversion): AsyncGenerator<string> {
  for (const record of records) {
    const id = await idOf(record, conversion);
    const message = auditMessage(
      record,
      conversion.source,
      identityById(() => id),
    );
    if (message === null) {
      conversion.unreadable += 1;
      continue;
    }
    conversion.written += 1;
    yield conversion.form === 'fhir' ? JSON.stringify(auditEvent(message)) : auditXml(message);
  }
}
