// Knows most lines of the log for records by their form alone, without reading them: for whoever needs no more of a record than
// its number, or which request it begins. It is told in docs/audit-format.md which keys there are and in which order they stand.

/** What a plain line says first. */
export interface PlainRecord {
  readonly sequence: number;
  readonly event: string;
  readonly request: string | null;
}

const characters = String.raw`[^"\\\x00-\x1f]*`;
/** The same in whichever way bytes are read. */
const ascii = String.raw`[ !#-[\]-~]*`;
const string = `"${characters}"`;
const number = String.raw`(?:0|[1-9]\d{0,15})`;
const subject = String.raw`\{(?:"issuer":${string},"sub":${string},"name":${string}|"machine":${string})\}`;
const list = String.raw`\[(?:${string}(?:,${string})*)?\]`;

/** What a record may leave out behind its request, in its order. What is not named is a string. */
const keys = (
  'subject roles session factor device address agent application method target targetHash patient patientSource category ' +
  'action download pace rule decision reason wouldRefuse activity status bytesIn bytesOut durationMilliseconds endedBy ' +
  'policy grant detail'
).split(' ');
const otherValues: Readonly<Record<string, string>> = {
  subject,
  roles: list,
  status: number,
  bytesIn: number,
  bytesOut: number,
  durationMilliseconds: number,
};
const optional = keys.map((key) => `(?:,"${key}":${otherValues[key] ?? string})?`).join('');
const begins = String.raw`\{"seq":([1-9]\d{0,14}),"time":${string},"boot":${string},"monotonic":${number},"event":"(${ascii})"`;
const request = `(?:,"request":"(${ascii})")?`;

/** Each key once and in its place: no second one can say something else to whoever reads the line as JSON. */
const plain = new RegExp(`^${begins}${request}${optional},"prev":"[0-9a-f]{64}","hash":"[0-9a-f]{64}"\\}$`);

/**
 * What a line without its newline says first, each of its bytes given as one character. `readRecord` finds the same in it. Null
 * is no judgement: the line has an escape in it, or is no record, and wants to be read.
 */
export function plainRecord(bytes: string): PlainRecord | null {
  const found = plain.exec(bytes);
  if (found === null) return null;
  const [, sequence, event = '', id = null] = found;
  return { sequence: Number(sequence), event, request: id };
}
