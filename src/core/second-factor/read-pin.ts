// The PIN of one person at one device: six digits, and none that is guessed first. The server counts five tries, so what
// matters is that a PIN is not among the first few that anybody would try.

/** Wrong ones in a row until the PIN is gone and the session over. */
export const mostPinFailures = 5;

/** Six ASCII digits, blanks around them left out; else null. */
export function readPin(typed: unknown): string | null {
  const digits = typeof typed === 'string' ? /^ *(\d{6}) *$/.exec(typed) : null;
  return digits === null ? null : String(digits[1]);
}

/** Ways over a number pad that many people take. */
const walked = new Set(['147258', '258147', '147852', '159753', '753159', '159357', '789456', '456789', '741852', '963852', '123654', '456123', '147369', '112233']); // prettier-ignore

/** One digit or a short piece repeated, digits in their order up or down, halves that mirror each other, or a walk over the pad. */
export function isWeakPin(pin: string): boolean {
  const repeats = pin.slice(0, 2).repeat(3) === pin || pin.slice(0, 3).repeat(2) === pin;
  return repeats || mirrors(pin) || runs(pin, 1) || runs(pin, 9) || walked.has(pin);
}

function mirrors(pin: string): boolean {
  return pin === pin.split('').reverse().join('');
}

/** Every digit follows the one before by the same step, round by ten: 890123 is as plain as 123456. */
function runs(pin: string, step: number): boolean {
  const digits = pin.split('').map(Number);
  return digits.every((digit, at) => at === 0 || digit === (Number(digits[at - 1]) + step) % 10);
}
