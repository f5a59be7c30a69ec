// Which of our languages a browser asks for in `Accept-Language` (RFC 9110, 12.5.4), by its weights. A region says nothing
// here: `es-MX` asks for Spanish. Reads no more of the header than any browser sends; what it cannot read asks for nothing.

/** Browsers send a few languages; what stands beyond is not read. */
const longestHeader = 500;
const mostRanges = 20;

/** One of `offered`; the fallback where none of them is asked for. */
export function bestLanguage<Language extends string>(
  header: string,
  offered: readonly Language[],
  fallback: Language,
): Language {
  let best = fallback;
  let bestWeight = 0;
  for (const range of header.slice(0, longestHeader).split(',').slice(0, mostRanges)) {
    const read = /^\s*([a-z]{1,8}|\*)(?:-[a-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i.exec(range);
    if (read === null) continue;
    const [, name = '', given = '1'] = read;
    const weight = Math.min(Number(given), 1);
    // The first of equals is the one that stands first. `*` is everything else, and that is the clinic's own language.
    const found = name === '*' ? fallback : offered.find((one) => one === name.toLowerCase());
    if (found === undefined || weight <= bestWeight) continue;
    best = found;
    bestWeight = weight;
  }
  return best;
}
