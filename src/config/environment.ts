// The only reader of the process's environment besides secrets named in YAML.

/** The flags Node was given through NODE_OPTIONS, as one text. */
export function nodeOptions(): string {
  return process.env['NODE_OPTIONS'] ?? '';
}
