// What two texts have different, line by line, as people are used to read it: `-` goes, `+` comes, a few lines around.

const context = 2;
/** Cells of the table that finds the longest common lines; beyond it the middle is shown as taken out and put in whole. */
const mostCells = 4_000_000;

export function lineDiff(before: string, after: string): readonly string[] {
  const [old, next] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const start = commonStart(old, next);
  const end = commonStart(old.slice(start).reverse(), next.slice(start).reverse());
  const middle = edits(old.slice(start, old.length - end), next.slice(start, next.length - end));
  const kept = (line: string): string => `  ${line}`;
  const all = [...old.slice(0, start).map(kept), ...middle, ...old.slice(old.length - end).map(kept)];
  return withContext(all);
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) at += 1;
  return at;
}

function edits(old: readonly string[], next: readonly string[]): readonly string[] {
  const width = next.length + 1;
  if (old.length * next.length > mostCells) return [...old.map((line) => `- ${line}`), ...next.map((line) => `+ ${line}`)];
  // Length of the longest common lines from each pair of places on.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => Number(common[i * width + j]);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      lines.push(`  ${old[i]}`);
      [i, j] = [i + 1, j + 1];
    } else if (j === next.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${old[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${next[j]}`);
      j += 1;
    }
  }
  return lines;
}

/** Only what is near a change; a line of dots for each part that is left out. */
function withContext(lines: readonly string[]): readonly string[] {
  const changed = lines.flatMap((line, index) => (line.startsWith('  ') ? [] : [index]));
  const near = new Set(changed.flatMap((index) => Array.from({ length: 2 * context + 1 }, (_, step) => index - context + step)));
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (near.has(index)) shown.push(line);
    else if (shown.at(-1) !== '…' && changed.length > 0) shown.push('…');
  }
  return shown;
}
