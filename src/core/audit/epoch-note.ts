// The sentences of the two records by which one day's key hands over to the next. The verifier reads them back, so writing
// and reading live side by side. Keys are raw Ed25519 public keys in base64; days are `YYYY-MM-DD`, UTC.

export interface EpochPart {
  readonly number: number;
  readonly day: string;
  readonly key: string;
}

/** Of an `epoch` record: which key follows which, and why. The record itself is the last one of the epoch that ends. */
export interface EpochNote {
  readonly ends: EpochPart;
  readonly begins: EpochPart;
  readonly reason: EpochReason;
}

const reasons = ['the day changed', 'days passed in which the gateway did not run', 'the clock was set back'] as const;

export type EpochReason = (typeof reasons)[number];

/** Of an `epoch-closed` record: the checkpoint that the ended epoch's key signed last. */
export interface EpochClosing {
  readonly number: number;
  /** Records under it; the last one is the `epoch` record. */
  readonly size: number;
  /** Base64, of 32 bytes. */
  readonly root: string;
  /** Base64, of 64 bytes. */
  readonly signature: string;
}

const part = String.raw`epoch ([1-9]\d{0,8}) of (\d{4}-\d{2}-\d{2}) with key ([A-Za-z0-9+/]{43}=)`;
const notePattern = new RegExp(
  `^The key changes after this record: ${part} ends, ${part} begins, because (${reasons.join('|')})$`,
);
const closingPattern =
  /^Epoch ([1-9]\d{0,8}) is closed at ([1-9]\d{0,15}) records with root ([A-Za-z0-9+/]{43}=), signed ([A-Za-z0-9+/]{86}==); its key is destroyed$/;

export function writeEpochNote({ ends, begins, reason }: EpochNote): string {
  return `The key changes after this record: ${named(ends)} ends, ${named(begins)} begins, because ${reason}`;
}

/** The note, or null when the text is none. */
export function readEpochNote(detail: string): EpochNote | null {
  const match = notePattern.exec(detail);
  const reason = reasons.find((one) => one === match?.[7]);
  if (match === null || reason === undefined) return null;
  const [, endNumber = '', endDay = '', endKey = '', number = '', day = '', key = ''] = match;
  return {
    ends: { number: Number(endNumber), day: endDay, key: endKey },
    begins: { number: Number(number), day, key },
    reason,
  };
}

export function writeEpochClosing({ number, size, root, signature }: EpochClosing): string {
  return `Epoch ${number} is closed at ${size} records with root ${root}, signed ${signature}; its key is destroyed`;
}

/** The closing, or null when the text is none. */
export function readEpochClosing(detail: string): EpochClosing | null {
  const match = closingPattern.exec(detail);
  if (match === null) return null;
  const [, number = '', size = '', root = '', signature = ''] = match;
  return { number: Number(number), size: Number(size), root, signature };
}

function named({ number, day, key }: EpochPart): string {
  return `epoch ${number} of ${day} with key ${key}`;
}
