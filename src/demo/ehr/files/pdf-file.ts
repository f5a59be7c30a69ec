// Writes the smallest PDF that viewers open without complaint: one page of text in a font every viewer has.
// Only characters of Latin-1 are printed; anything else becomes a question mark.

const LINE_HEIGHT_POINTS = 16;

/** One A4-like page; the first line is its heading. Source: ISO 32000-1, sections 7.5 and 9.4. */
export function pdfFile(lines: readonly string[]): Buffer {
  const [heading = '', ...rest] = lines;
  const content = [
    'BT',
    `/F1 18 Tf 56 770 Td (${escapeText(heading)}) Tj`,
    '/F1 11 Tf',
    ...rest.map((line) => `0 -${LINE_HEIGHT_POINTS} Td (${escapeText(line)}) Tj`),
    'ET',
  ].join('\n');
  return assemble([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ]);
}

/** Joins the objects and the table of their byte offsets. */
function assemble(objects: readonly string[]): Buffer {
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.lastIndexOf('xref\n0 ')}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

function escapeText(text: string): string {
  const latin = Array.from(text, (character) => (character > '\u{ff}' ? '?' : character)).join('');
  return latin.replaceAll(/[\\()]/g, (found) => `\\${found}`);
}
