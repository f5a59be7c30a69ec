// Takes out of a text what may be a secret that somebody wrote into the file by mistake, before it is told to anybody.

const value = `("[^"]*"?|'[^']*'?|[^\\s,}\\]]+)`;
const literal = new RegExp(`\\b(\\w*(?:[sS]ecret|[pP]assword)["']?\\s*[:=]\\s*)${value}`, 'g');
/** The secret itself where the name of its variable should stand. */
const variable = new RegExp(
  `\\b(\\w*(?:[sS]ecret|[pP]assword)Env["']?\\s*[:=]\\s*)(?!["']?(?:\\$\\{)?[A-Z_][A-Z0-9_]*\\b)${value}`,
  'g',
);

/** The text with `(not shown)` in the place of each. */
export function withoutSecrets(text: string): string {
  return text.replace(literal, '$1(not shown)').replace(variable, '$1(not shown)');
}
