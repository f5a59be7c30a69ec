// Writes CSV as RFC 4180 has it: every field quoted, lines ended by CR LF.

export function csvFile(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [heading, ...rows]
    .map((row) => row.map((field) => `"${String(field).replaceAll('"', '""')}"`).join(',') + '\r\n')
    .join('');
}
