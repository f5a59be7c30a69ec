// What makes two replies one file: the same application and target, for the same patient. The patient belongs to it,
// because a legacy report has one address for whoever is selected. What comes back for a form is a file of its own every
// time: the address says nothing of what the form asked for, and an export button would otherwise be free for ten minutes.

import { requestLine } from '../target/canonical-target.ts';
import type { CanonicalTarget } from '../target/canonical-target.ts';

export interface FileFacts {
  /** The request's own id. */
  readonly id: string;
  readonly method: string;
  readonly application: { readonly name: string };
  readonly target: CanonicalTarget;
  readonly patient: string | null;
}

/** Of any length; the book makes a short key of it. Application names and canonical targets hold no space. */
export function fileIdentity({ id, method, application, target, patient }: FileFacts): string {
  const once = method === 'GET' || method === 'HEAD' ? '' : ` ${method} ${id}`;
  return `${application.name} ${requestLine(target)} ${patient ?? ''}${once}`;
}
