// Whether a part of an address is an id, or holds it beside other words, such as `scan-4711.pdf` for 4711.

/** Shorter ones stand in other words by chance, such as 7 in `v7`. */
const shortestInside = 3;

/** Of an id within, no letter or digit stands on either side; of a number no digit, because `P4711` names it too. */
export function holdsId(part: string, id: string): boolean {
  if (part === id) return true;
  if (id.length < shortestInside || id.length >= part.length) return false;
  const isBesideIt = /^[0-9]+$/.test(id) ? isDigit : isWordCharacter;
  for (let at = part.indexOf(id); at !== -1; at = part.indexOf(id, at + 1)) {
    if (!isBesideIt(part.charAt(at - 1)) && !isBesideIt(part.charAt(at + id.length))) return true;
  }
  return false;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isWordCharacter(character: string): boolean {
  return /^[\p{L}\p{Nd}]$/u.test(character);
}
