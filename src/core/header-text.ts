// Text on its way into a header of ours.

/** Latin-1 cannot carry every name: what does not fit is percent-encoded as UTF-8 (RFC 8187's way of writing it). */
export function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text.trim() : encodeURIComponent(text);
}
