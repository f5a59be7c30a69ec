// One patient of the imported directory, as they are sealed: bound to the import and to the place in it, so that a name that
// was moved behind another patient's ids does not open there. Never writes any of it in the clear.

import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { nameParts } from '../core/patients/name-parts.ts';
import { patientIdKinds } from '../core/patients/patient-id-kinds.ts';
import type { DirectoryPatient } from '../directory-ports.ts';
import type { Sealer } from '../ports.ts';
import { directoryKeyOwner, directoryKeyPurpose, directoryOwner, directoryPurpose } from './sealed-owners.ts';

/** Bytes of a keyed hash of a part of a name: enough that no two parts share one. */
const partBytes = 16;

const shape = z.object({
  name: z.string(),
  birthDate: z.string().nullable(),
  ids: z.array(z.object({ kind: z.enum(patientIdKinds), id: z.string(), former: z.literal(true).exactOptional() })).min(1),
});

export function sealPatient(
  sealer: Pick<Sealer, 'seal'>,
  generation: number,
  patient: number,
  { name, birthDate, ids }: DirectoryPatient,
): string {
  return sealer.seal(directoryPurpose, directoryOwner(generation, patient), JSON.stringify({ name, birthDate, ids }));
}

/** Throws where it belongs to another place, is damaged, or its key is gone. */
export function openPatient(sealer: Pick<Sealer, 'open'>, generation: number, patient: number, sealed: string): DirectoryPatient {
  return shape.parse(JSON.parse(sealer.open(directoryPurpose, directoryOwner(generation, patient), sealed)));
}

export function sealNameKey(sealer: Pick<Sealer, 'seal'>, generation: number, key: KeyObject): string {
  return sealer.seal(directoryKeyPurpose, directoryKeyOwner(generation), key.export().toString('base64'));
}

export function openNameKey(sealer: Pick<Sealer, 'open'>, generation: number, sealed: string): KeyObject {
  return createSecretKey(Buffer.from(sealer.open(directoryKeyPurpose, directoryKeyOwner(generation), sealed), 'base64'));
}

/** What stands in the index of names: a keyed hash of each part, with a key of this import alone. */
export function hiddenNameParts(key: KeyObject, name: string): readonly Buffer[] {
  return nameParts(name).map((part) => createHmac('sha256', key).update(part, 'utf8').digest().subarray(0, partBytes));
}

/** The same for the same name, date of birth and present ids: tells whether anything changed without opening a row. */
export function contentMark(key: KeyObject, { name, birthDate, ids }: DirectoryPatient): Buffer {
  const present = ids.flatMap(({ kind, id, former }) => (former === true ? [] : [JSON.stringify([kind, id])])).toSorted();
  return createHmac('sha256', key)
    .update(`content\0${JSON.stringify([name, birthDate, present])}`, 'utf8')
    .digest();
}
