// Quotes a hostile or mistaken value inside a sentence, so that nobody can make the sentence long or break its line.

/** The value in double quotes, escaped as in JSON, cut after `maxCharacters`. */
export function quote(text: string, maxCharacters = 64): string {
  return JSON.stringify(text.length > maxCharacters ? `${text.slice(0, maxCharacters)}...` : text);
}
