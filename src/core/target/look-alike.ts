// Finds characters that some server turns into plain ASCII after we have judged the address: normalisation (NFKC), and the
// "best fit" tables by which Windows writes Unicode in an old code page (bestfit1252.txt, bestfit932.txt, bestfit949.txt of
// unicode.org). Only what would become a separator, a dot, a blank or a wildcard is listed; letters are for fold-letters.ts.

// Slashes; backslashes, among them the yen and the won sign of code pages 932 and 949; semicolon; colons; percent sign; what
// PHP on Windows takes for a wildcard or a dot.
const bestFit =
  /[\u2044\u2215\u2571\u29F8\u2216\u2572\u29F5\u29F9\u00A5\u20A9\u037E\u1FEF\u0589\u2236\uA789\u066A\u2052\u2217\u2223\u2758\u02BA\u2329\u232A\u3008\u3009]/;

/** True for text in which another program may find a separator that is not there. */
export function holdsLookAlike(text: string): boolean {
  return bestFit.test(text) || text.normalize('NFKC') !== text.normalize('NFC');
}
