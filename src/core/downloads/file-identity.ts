// What makes two replies one file: the same application and target, for the same patient. The patient belongs to it,
// because a legacy report has one address for whoever is selected.

import { requestLine } from '../target/canonical-target.ts';
import type { CanonicalTarget } from '../target/canonical-target.ts';

export interface FileFacts {
  readonly application: { readonly name: string };
  readonly target: CanonicalTarget;
  readonly patient: string | null;
}

/** Of any length; the book makes a short key of it. Application names and canonical targets hold no space. */
export function fileIdentity({ application, target, patient }: FileFacts): string {
  return `${application.name} ${requestLine(target)} ${patient ?? ''}`;
}
