// Finds a machine's token in an Authorization header, as Bearer (RFC 6750) or as the password of Basic (RFC 7617). Tokens
// have a form of their own, so that one is never mistaken for what an EHR's page sends to its EHR, nor the other way round.

/** `wgm_` and 256 bits in base64url. */
const form = /^wgm_[A-Za-z0-9_-]{43}$/;

/** Fewer different characters than this are no accident of 43 random ones. */
const differentLeast = 12;

export interface MachineToken {
  /** The name given with Basic; null with Bearer. */
  readonly name: string | null;
  readonly token: string;
}

/** Null where the header holds no token of ours. */
export function readMachineToken(authorization: string | undefined): MachineToken | null {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return form.test(value) ? { name: null, token: value } : null;
  const text = decodeBase64(value);
  const colon = text.indexOf(':');
  const token = text.slice(colon + 1);
  return colon >= 0 && form.test(token) ? { name: text.slice(0, colon), token } : null;
}

/** Whether a configured token has the form, and is not one that somebody typed. */
export function isMachineToken(token: string): boolean {
  return form.test(token) && new Set(token.slice(4)).size >= differentLeast;
}

function decodeBase64(value: string): string {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value) ? atob(value) : '';
}
