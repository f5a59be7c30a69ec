// What sealed values are bound to, in one place: whoever seals them, opens them and seals them anew must name the same
// purpose and owner. Lists are JSON, so that no two owners can be read as one.

export const credentialPurpose = 'ehr-credential';
export const importPurpose = 'ehr-credential-import';
export const heldPurpose = 'held-post';
export const standingPurpose = 'ehr-standing';
export const pinPurpose = 'device-pin';
export const patientKeyPurpose = 'patient-key';
export const patientPurpose = 'patient-id';
export const caseStepPurpose = 'case-step';
export const reviewNotePurpose = 'review-note';
export const reviewStatementPurpose = 'review-statement';
export const disclosurePurpose = 'disclosure';
export const owedPurpose = 'owed-disclosure';
export const shortNotePurpose = 'short-note';
export const suspensionPurpose = 'disclosure-suspension';
export const directoryPurpose = 'patient-directory';
export const directoryKeyPurpose = 'patient-directory-key';
export const relationsPurpose = 'relations';

interface Who {
  readonly issuer: string;
  readonly sub: string;
}

export function credentialOwner({ issuer, sub }: Who, application: string): string {
  return JSON.stringify([issuer, sub, application]);
}

/** Imported before the person came: all that is known of them is their login name. */
export function importOwner(issuer: string, name: string, application: string): string {
  return JSON.stringify([issuer, name, application]);
}

export function heldOwner({ issuer, sub }: Who, application: string, id: string): string {
  return JSON.stringify([issuer, sub, application, id]);
}

/** What was put in another one's place does not open. */
export function shortNoteOwner(kind: string, owner: string, id: string): string {
  return JSON.stringify([kind, owner, id]);
}

/** There is one, and it belongs to the installation. */
export const patientKeyOwner = '';

/** An id that was put behind another patient's token does not open there. */
export function patientOwner(token: string): string {
  return token;
}

/** A name that was put in another patient's place, or comes from another import, does not open. */
export function directoryOwner(generation: number, patient: number): string {
  return JSON.stringify([generation, patient]);
}

export function directoryKeyOwner(generation: number): string {
  return String(generation);
}

/** Rows that were put among another kind, or come from another import, do not open. */
export function relationsOwner(kind: string, generation: number, place: number): string {
  return JSON.stringify([kind, generation, place]);
}

export function pinOwner({ issuer, sub, device }: Who & { readonly device: string }): string {
  return JSON.stringify([issuer, sub, device]);
}

export function standingOwner({ issuer, sub }: Who, reference: string, application: string): string {
  return JSON.stringify([issuer, sub, reference, application]);
}

/** By its row alone: whoever made a disclosure does not own its words. Suspensions are bound the same way, for a purpose of theirs. */
export function disclosureOwner(id: string): string {
  return JSON.stringify([id]);
}

export function owedOwner({ issuer, sub }: Who, id: string): string {
  return JSON.stringify([issuer, sub, id]);
}

/** A text that was put under another step does not open there. */
export function caseStepOwner(id: string): string {
  return JSON.stringify([id]);
}

/** A note that was put beside another item does not open there. */
export function reviewNoteOwner(review: string, item: number): string {
  return JSON.stringify([review, item]);
}

export function reviewStatementOwner(review: string): string {
  return JSON.stringify([review]);
}
