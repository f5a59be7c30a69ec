// Puts values into the `{…}` places of a sentence that is text alone.

export function fillText(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{([a-zA-Z]+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
