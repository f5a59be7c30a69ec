// Everything that stands sealed in the embedded state: where, for what purpose, and bound to whom. Whoever seals a new kind
// of value adds it here, or a change of the master key leaves it behind.

import { z } from 'zod';
import {
  caseStepOwner,
  caseStepPurpose,
  credentialOwner,
  credentialPurpose,
  disclosureOwner,
  disclosurePurpose,
  directoryKeyOwner,
  directoryKeyPurpose,
  directoryOwner,
  directoryPurpose,
  heldOwner,
  heldPurpose,
  importOwner,
  importPurpose,
  patientKeyOwner,
  patientKeyPurpose,
  patientOwner,
  patientPurpose,
  owedOwner,
  owedPurpose,
  pinOwner,
  pinPurpose,
  relationsOwner,
  relationsPurpose,
  reviewNoteOwner,
  reviewNotePurpose,
  reviewStatementOwner,
  reviewStatementPurpose,
  shortNoteOwner,
  shortNotePurpose,
  standingOwner,
  standingPurpose,
  suspensionPurpose,
} from './sealed-owners.ts';
import type { Row } from './state-db.ts';
import type { DatabaseName } from './state-schema.ts';

export interface SealedPlace {
  /** What a person calls it. */
  readonly what: string;
  readonly database: DatabaseName;
  /** Selects `id` (the rowid), `sealed`, and what the owner is made of, of at most `?2` rows after row `?1`, in order. */
  readonly select: string;
  /** Replaces a value that is still the one that was read: `?1` new, `?2` rowid, `?3` old. */
  readonly update: string;
  readonly purpose: string;
  /** Throws where the row is damaged. */
  readonly owner: (row: Row) => string;
}

const text = z.string();
const person = z.object({ issuer: text, sub: text });
const personal = person.extend({ application: text });
const heldPost = personal.extend({ owner: text });
const owedRow = person.extend({ owner: text });
const atDevice = person.extend({ device: text });
const imported = z.object({ issuer: text, name: text, application: text });
const directoryRow = z.object({ generation: z.number(), patient: z.number() });
const relationRow = z.object({ kind: text, generation: z.number(), place: z.number() });
const shortNote = z.object({ kind: text, whose: text, owner: text });
const reviewItem = z.object({ review: text, number: z.number() });
const standing = z.object({ subject: text, reference: text, application: text });

function place(
  database: DatabaseName,
  table: string,
  column: string,
  more: string,
): Pick<SealedPlace, 'database' | 'select' | 'update'> {
  const select = `SELECT t.rowid AS id, t.${column} AS sealed, ${more} WHERE t.rowid > ?1 AND t.${column} IS NOT NULL
    ORDER BY t.rowid LIMIT ?2`;
  return { database, select, update: `UPDATE ${table} SET ${column} = ?1 WHERE rowid = ?2 AND ${column} = ?3` };
}

const subjectOf = (json: unknown): z.infer<typeof person> => person.parse(JSON.parse(text.parse(json)));

/** Standings whose session has gone are left out: the gateway removes them. */
const standingWithSession = 's.subject, t.reference, t.application FROM ehr_standings t JOIN sessions s USING (reference)';

export const sealedPlaces: readonly SealedPlace[] = [
  {
    what: 'EHR passwords',
    ...place('identity', 'credentials', 'sealed', 't.issuer, t.sub, t.application FROM credentials t'),
    purpose: credentialPurpose,
    owner: (row) => {
      const { application, ...who } = personal.parse(row);
      return credentialOwner(who, application);
    },
  },
  {
    what: 'imported EHR passwords',
    ...place('identity', 'imported_credentials', 'sealed', 't.issuer, t.name, t.application FROM imported_credentials t'),
    purpose: importPurpose,
    owner: (row) => {
      const { issuer, name, application } = imported.parse(row);
      return importOwner(issuer, name, application);
    },
  },
  {
    what: 'second factors',
    ...place('identity', 'totp', 'secret', 't.issuer, t.sub FROM totp t'),
    purpose: 'totp',
    owner: (row) => ownerOf(person.parse(row)),
  },
  {
    what: 'held posts',
    ...place('identity', 'held_posts', 'sealed', 't.issuer, t.sub, t.application, t.id AS owner FROM held_posts t'),
    purpose: heldPurpose,
    owner: (row) => {
      const { application, owner, ...who } = heldPost.parse(row);
      return heldOwner(who, application, owner);
    },
  },
  {
    what: 'device PINs',
    ...place('identity', 'device_pins', 'sealed', 't.issuer, t.sub, t.device FROM device_pins t'),
    purpose: pinPurpose,
    owner: (row) => pinOwner(atDevice.parse(row)),
  },
  {
    what: 'the key of patient tokens',
    ...place('identity', 'patient_key', 'sealed', 't.id AS owner FROM patient_key t'),
    purpose: patientKeyPurpose,
    owner: () => patientKeyOwner,
  },
  {
    what: 'ids behind patient tokens',
    ...place('identity', 'patients', 'sealed', 't.token AS owner FROM patients t'),
    purpose: patientPurpose,
    owner: (row) => patientOwner(text.parse(row['owner'])),
  },
  {
    what: 'words of disclosures',
    ...place('identity', 'disclosures', 'sealed', 't.id AS owner FROM disclosures t'),
    purpose: disclosurePurpose,
    owner: (row) => disclosureOwner(text.parse(row['owner'])),
  },
  {
    what: 'owed answers about downloads',
    ...place('identity', 'owed_disclosures', 'sealed', 't.issuer, t.sub, t.id AS owner FROM owed_disclosures t'),
    purpose: owedPurpose,
    owner: (row) => {
      const { owner, ...who } = owedRow.parse(row);
      return owedOwner(who, owner);
    },
  },
  {
    what: 'disclosures held back',
    ...place('identity', 'disclosure_suspensions', 'sealed', 't.id AS owner FROM disclosure_suspensions t'),
    purpose: suspensionPurpose,
    owner: (row) => disclosureOwner(text.parse(row['owner'])),
  },
  {
    what: 'texts of cases',
    ...place('identity', 'case_steps', 'sealed', 't.id AS owner FROM case_steps t'),
    purpose: caseStepPurpose,
    owner: (row) => caseStepOwner(text.parse(row['owner'])),
  },
  {
    what: 'notes of reviewers',
    ...place('identity', 'review_items', 'sealed', 't.review, t.number FROM review_items t'),
    purpose: reviewNotePurpose,
    owner: (row) => {
      const { review, number } = reviewItem.parse(row);
      return reviewNoteOwner(review, number);
    },
  },
  {
    what: 'certificates of reviews',
    ...place('identity', 'reviews', 'statement', 't.id AS owner FROM reviews t'),
    purpose: reviewStatementPurpose,
    owner: (row) => reviewStatementOwner(text.parse(row['owner'])),
  },
  {
    what: 'patients by name',
    ...place('identity', 'patient_directory', 'sealed', 't.generation, t.patient FROM patient_directory t'),
    purpose: directoryPurpose,
    owner: (row) => {
      const { generation, patient } = directoryRow.parse(row);
      return directoryOwner(generation, patient);
    },
  },
  {
    what: 'keys of the index of names',
    ...place('identity', 'patient_imports', 'sealed_key', 't.generation FROM patient_imports t'),
    purpose: directoryKeyPurpose,
    owner: (row) => directoryKeyOwner(z.number().parse(row['generation'])),
  },
  {
    what: 'schedule, roster and demographics',
    ...place('identity', 'relation_rows', 'sealed', 't.kind, t.generation, t.place FROM relation_rows t'),
    purpose: relationsPurpose,
    owner: (row) => {
      const { kind, generation, place: at } = relationRow.parse(row);
      return relationsOwner(kind, generation, at);
    },
  },
  {
    what: 'tokens of sessions',
    ...place('sessions', 'sessions', 'sealed_tokens', 't.subject FROM sessions t'),
    purpose: 'tokens',
    owner: (row) => ownerOf(subjectOf(row['subject'])),
  },
  {
    what: 'sessions at EHRs',
    ...place('sessions', 'ehr_standings', 'sealed', standingWithSession),
    purpose: standingPurpose,
    owner: (row) => {
      const { subject, reference, application } = standing.parse(row);
      return standingOwner(subjectOf(subject), reference, application);
    },
  },
  {
    what: 'sign-ins under way',
    ...place('sessions', 'interactions', 'sealed', 't.id AS owner FROM interactions t'),
    purpose: 'interaction',
    owner: (row) => text.parse(row['owner']),
  },
  {
    what: 'questions and answers of the last minutes',
    ...place('sessions', 'short_notes', 'sealed', 't.kind, t.owner AS whose, t.id AS owner FROM short_notes t'),
    purpose: shortNotePurpose,
    owner: (row) => {
      const { kind, whose, owner } = shortNote.parse(row);
      return shortNoteOwner(kind, whose, owner);
    },
  },
];

/** As our own pages bind factors and tokens to a person. */
function ownerOf({ issuer, sub }: z.infer<typeof person>): string {
  return JSON.stringify([issuer, sub]);
}
