// A stated reason, as a person typed it: long enough to mean something, short enough to read.

const shortest = 10;
const longest = 500;

/** The reason without its outer spaces, or what is wrong with it. */
export function readReason(
  typed: string | undefined,
): { readonly reason: string } | { readonly reason: null; readonly problem: string } {
  const reason = (typed ?? '').replaceAll(/\s+/g, ' ').trim();
  if (reason.length < shortest) return { reason: null, problem: `State the reason in at least ${shortest} characters.` };
  if (reason.length > longest) return { reason: null, problem: `State the reason in at most ${longest} characters.` };
  return { reason };
}
