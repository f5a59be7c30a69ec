// Finds tokens in a text of the record, and puts ids in their place for whoever may see them.

const tokens = /~[a-z2-7]{26}(?![a-z2-7])/g;

/** The tokens in these texts, each once. */
export function tokensIn(texts: readonly (string | null)[]): string[] {
  return [...new Set(texts.flatMap((text) => text?.match(tokens) ?? []))];
}

/** With the ids that are known; a token without one stays. */
export function withIds(text: string, idOf: (token: string) => string | undefined): string {
  return text.replaceAll(tokens, (token) => idOf(token) ?? token);
}
