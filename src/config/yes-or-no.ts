// What people mean who write yes, no, on, off, true or false where a word is wanted. YAML 1.2 reads only true and false as
// such; the others are plain text to it.

const words: Readonly<Record<string, readonly [yes: string | undefined, no: string | undefined]>> = {
  allow: ['everyone', 'nobody'],
  export: [undefined, 'nobody'],
  emergency: [undefined, 'nobody'],
  mode: ['enforce', 'observe'],
  download: ['always', 'never'],
  signOn: [undefined, 'none'],
  sessionCookie: [undefined, 'none'],
  pageScript: ['on', 'off'],
  own: ['on', 'off'],
  pin: ['on', 'off'],
};

/** True or false as people write it, or null. */
export function asYesOrNo(text: string): boolean | null {
  if (/^(y|yes|on|true)$/i.test(text)) return true;
  return /^(n|no|off|false)$/i.test(text) ? false : null;
}

/** The word that was meant under this key, or undefined. */
export function wordFor(key: unknown, text: string): string | undefined {
  const said = asYesOrNo(text);
  const meant = typeof key === 'string' && Object.hasOwn(words, key) ? words[key] : undefined;
  return said === null ? undefined : meant?.[said ? 0 : 1];
}
