// Reads the parameters of a Content-Type or Content-Disposition header (RFC 9110 5.6.6), strictly: what two parsers could
// split at different places is refused. Gives no meaning to any of them.

const parameter = /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=("[^"]*"|[!#$%&'*+.^_`|~\w-]+))?[ \t]*/y;

/** `text` begins at the first `;` or is empty. Names in lower case; null where it is malformed or names one twice. */
export function readParameters(text: string): ReadonlyMap<string, string> | null {
  const parameters = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    parameter.lastIndex = at;
    const found = parameter.exec(text);
    if (found === null) return null;
    at = parameter.lastIndex;
    const [, name, raw] = found;
    if (name === undefined || raw === undefined) continue;
    const isQuoted = raw.startsWith('"');
    const value = isQuoted ? raw.slice(1, -1) : raw;
    // A backslash before the quote escapes it for some parsers and ends the value for others; PHP quotes with "'" as well.
    if (parameters.has(name.toLowerCase()) || value.endsWith('\\') || (!isQuoted && value.includes("'"))) return null;
    parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}
