// Text on its way into a header of ours.

/**
 * Latin-1 cannot carry every name: what does not fit is percent-encoded as UTF-8 (RFC 8187's way of writing it). So is what
 * would then read like another name: one with an escape in it, or with spaces at its ends, which receivers drop.
 */
export function headerText(text: string): string {
  const isPlain = /^(?! )[\x20-\x7e]*(?<! )$/.test(text) && !/%[0-9a-f]{2}/i.test(text);
  return isPlain ? text : encodeURIComponent(text.toWellFormed());
}
