// Judges what a preset lets the gateway ask the EHR for: one method, and a request line that stays on that EHR.

/** Why the text cannot stand in a request line, as the end of a sentence, or null. Values that are filled in are not judged here. */
export function requestLineProblem(text: string): string | null {
  if (text.includes('#')) return 'holds "#", and what follows it is never sent; end it before';
  if (text.includes('\\')) return 'holds a backslash, write "/"';
  return /^[\x21-\x7e]*$/.test(text) ? null : 'holds a space or a character beyond ASCII, write it in percent form such as %20';
}

/** Why a request line that begins so leads elsewhere, or null. */
export function beginningProblem(text: string): string | null {
  if (!text.startsWith('/')) return `must begin with "/", write /${text}`;
  return text.startsWith('//') ? 'begins with "//", which names another host; write one "/"' : null;
}

export const requestMethods = ['get', 'post', 'delete'] as const;
const upper = { get: 'GET', post: 'POST', delete: 'DELETE' } as const;

export interface MethodChoice<T> {
  readonly key: (typeof requestMethods)[number];
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly target: T;
}

/** Every method that is named; one is right. */
export function methodsNamed<T>(entry: { readonly [Key in (typeof requestMethods)[number]]?: T | undefined }): MethodChoice<T>[] {
  return requestMethods.flatMap((key) => {
    const target = entry[key];
    return target === undefined ? [] : [{ key, method: upper[key], target }];
  });
}
