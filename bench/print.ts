// What the bench found, for people: a table for each heading, in plain text or as Markdown, and the goals below.

import type { Goal } from './goals.ts';
import type { PartRow } from './part.ts';
import type { Row } from './summary.ts';

type Line = readonly string[];

const costHead: Line = ['', 'µs/request', 'spread', '× first', 'req/s', 'p50 ms', 'p99 ms', 'RSS MB'];

/** One block for each heading and kind of row, in the order in which they come. */
export function printed(rows: readonly PartRow[], goals: readonly Goal[], markdown: boolean): string {
  const draw = markdown ? markdownTable : textTable;
  const blocks = [...Map.groupBy(rows, ({ under = '' }) => under)].flatMap(([under, together]) => [
    ...(under === '' ? [] : [markdown ? `**${under}**` : `${under}:`]),
    ...tables(together).map(draw),
  ]);
  const reached: readonly Line[] = [
    ['target', '', 'value', 'limit', ''],
    ...goals.map(({ id, what, value, limit, met }) => [id, what, String(value), String(limit), met ? 'met' : 'missed']),
  ];
  return [...blocks, ...(goals.length === 0 ? [] : [draw(reached)])].join('\n\n');
}

function tables(rows: readonly PartRow[]): readonly (readonly Line[])[] {
  const costs = rows.filter((row): row is Row => 'microsecondsPerRequest' in row);
  const others = rows.flatMap((row): readonly Line[] => {
    if ('missing' in row) return [[row.name, `not found: ${row.missing}`]];
    if ('failed' in row) return [[row.name, `could not be measured: ${row.failed}`]];
    if ('drawing' in row) return [[row.name, row.drawing]];
    return 'unit' in row ? [[row.name, `${Number(row.value.toFixed(3))} ${row.unit}`]] : [];
  });
  return [costs.length === 0 ? [] : costTable(costs), others.length === 0 ? [] : [['', ''], ...others]].filter(
    (table) => table.length > 0,
  );
}

function costTable(rows: readonly Row[]): readonly Line[] {
  const first = rows[0]?.microsecondsPerRequest ?? Number.NaN;
  const lines = rows.map((row) => [
    row.name,
    row.microsecondsPerRequest.toFixed(1),
    row.spread.map((edge) => edge.toFixed(0)).join('–'),
    (row.microsecondsPerRequest / first).toFixed(2),
    row.requestsPerSecond.toFixed(0),
    row.p50Milliseconds.toFixed(1),
    row.p99Milliseconds.toFixed(1),
    row.residentMegabytes.toFixed(0),
  ]);
  return [costHead, ...lines];
}

function textTable(lines: readonly Line[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const cell = (text: string, column: number): string => {
    const gap = column === 0 ? '' : '  ';
    const width = widths[column] ?? 0;
    return gap + (isFigures(lines, column) ? text.padStart(width) : text.padEnd(width));
  };
  return lines
    .filter((line) => line.some((text) => text !== ''))
    .map((line) => line.map(cell).join('').trimEnd())
    .join('\n');
}

function markdownTable(lines: readonly Line[]): string {
  const [head = [], ...body] = lines.map((line) => `| ${line.join(' | ')} |`);
  const rule = `|${(lines[0] ?? []).map((_, column) => (isFigures(lines, column) ? ' ---: ' : ' --- ')).join('|')}|`;
  return [head, rule, ...body].join('\n');
}

/** Figures stand under each other by their ends, words by their beginnings. The first line is the head. */
function isFigures(lines: readonly Line[], column: number): boolean {
  return lines.slice(1).every((line) => /^(?:NaN|[-.–\d]+)$/.test(line[column] ?? ''));
}
