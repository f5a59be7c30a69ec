// What was typed into the one field named `code`: a six-digit code, a recovery code, or neither. The shape decides, so
// that a person need not know which of two fields is meant.

import { normaliseRecoveryCode } from './recovery-code.ts';

export type TypedCode =
  | { readonly kind: 'totp'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string }
  | { readonly kind: 'neither' };

/** Six ASCII digits, with spaces at the ends or in the middle as authenticator apps show them; or a recovery code. */
export function readCode(typed: unknown): TypedCode {
  if (typeof typed !== 'string') return { kind: 'neither' };
  const digits = /^ *(\d{3}) ?(\d{3}) *$/.exec(typed);
  if (digits !== null) return { kind: 'totp', code: `${digits[1]}${digits[2]}` };
  const code = normaliseRecoveryCode(typed);
  return code === null ? { kind: 'neither' } : { kind: 'recovery', code };
}
