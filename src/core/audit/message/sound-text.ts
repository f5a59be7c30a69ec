// Text of strangers on its way into another format: addresses, names, what a program calls itself. What neither XML nor a FHIR
// string may hold becomes a space.

// oxlint-disable-next-line no-control-regex -- these are the characters that XML 1.0 cannot hold at all
const unsound = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** At most so many UTF-16 units, "…" for the rest; null where nothing is left to say. */
export function soundText(text: string, most = 4096): string | null {
  const whole = text.replaceAll(unsound, ' ').trim();
  const kept = whole.length > most ? `${whole.slice(0, most - 1)}…` : whole;
  return kept === '' ? null : kept.toWellFormed();
}
