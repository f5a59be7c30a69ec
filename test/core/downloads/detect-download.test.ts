// Which replies are downloads: by rule, by Content-Disposition as legacy EHRs write it, by content type.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declaredLength, detectDownload, screenBytes } from '../../../src/core/downloads/detect-download.ts';
import type { Because } from '../../../src/core/downloads/detect-download.ts';
import type { Method, Route } from '../../../src/core/policy/policy.ts';

function judge(headers: readonly string[], told: { status?: number; download?: Route['download']; method?: Method } = {}) {
  return detectDownload({ status: told.status ?? 200, headers }, { download: told.download ?? 'by-reply' }, told.method ?? 'GET');
}

const html = ['Content-Type', 'text/html; charset=utf-8'];

describe('Content-Disposition', () => {
  const rows: readonly (readonly [name: string, value: string, download: boolean])[] = [
    ['as RFC 6266 has it', 'attachment; filename="doc.pdf"', true],
    ['unquoted (OpenEMR)', 'attachment; filename=patient_list.csv', true],
    ['no type (Orthanc)', 'filename="9f0c.zip"', true],
    ['no type, blanks around the sign', ' filename = "9f0c.zip"', true],
    ['misspelt type (OSCAR)', 'attachement;filename=envelope.pdf', true],
    ['download as a type (OpenEMR ub04)', 'download; filename=', true],
    ['type alone', 'attachment', true],
    ['folded case', 'ATTACHMENT; FileName="A.PDF"', true],
    ['an unknown type', 'form-data; name="x"', true],
    ['quotes never closed', 'attachment; filename="report of today', true],
    ['extended name only', "attachment; filename*=UTF-8''na%C3%AFve.pdf", true],
    ['a quoted type', '"inline"; filename=a.txt', true],
    ['two joined by a proxy', 'inline, attachment; filename=x.csv', true],
    ['inline with a second thought', 'inline; attachment; filename=x.csv', true],
    ['inline alone', 'inline', false],
    ['inline and a blank name (OpenEMR patient picture)', 'inline; filename=""', false],
    ['inline and a blank extended name', "inline; filename*=UTF-8''", false],
    ['inline page with a name', 'inline; filename="chart.html"', false],
    ['inline page whose name says attach', 'inline; filename="a, attachment.html"', false],
    ['inline page with a comma in a bare name', 'inline; filename=Smith, John.html', false],
    ['blank', '  ', false],
  ];
  test.each(rows)('%s: %j', (_name, value, download) => {
    expect(judge([...html, 'content-DISPOSITION', value])).toMatchObject({
      download,
      because: download ? 'disposition' : 'shown',
    });
  });

  test('any of several headers is enough', () => {
    expect(judge([...html, 'Content-Disposition', 'inline', 'Content-Disposition', 'attachment; filename=a.csv']).download).toBe(
      true,
    );
  });

  const inlineNamed: readonly (readonly [type: string | null, download: boolean])[] = [
    ['text/html', false],
    ['application/xhtml+xml', false],
    ['text/css', false],
    ['font/woff2', false],
    ['image/jpeg', false],
    ['text/plain', true],
    ['application/json', true],
    ['application/pdf', true],
    [null, true],
  ];
  test.each(inlineNamed)('inline with a name as %s', (type, download) => {
    const headers = ['Content-Disposition', 'inline; filename=x', ...(type === null ? [] : ['Content-Type', type])];
    expect(judge(headers).download).toBe(download);
  });

  test.each([
    [1024 * 1024, false],
    [1024 * 1024 + 1, true],
  ])('an inline page with a name and %d bytes', (bytes, download) => {
    expect(judge([...html, 'Content-Disposition', 'inline; filename=all.html', 'Content-Length', String(bytes)]).download).toBe(
      download,
    );
  });

  test('a large inline image stays a view', () => {
    const headers = ['Content-Type', 'image/png', 'Content-Disposition', 'inline; filename=ct.png', 'Content-Length', '90000000'];
    expect(judge(headers)).toMatchObject({ download: false, because: 'shown', image: true });
  });

  test.each(['inline; filename=""', "inline; filename*=UTF-8''", 'inline; filename=; size=0'])(
    'a blank name is none: %j',
    (value) => {
      expect(judge(['Content-Type', 'text/plain', 'Content-Disposition', value]).download).toBe(false);
    },
  );

  test("Spring's guard name on a JSON answer is no file", () => {
    expect(judge(['Content-Type', 'application/json', 'Content-Disposition', 'inline;filename=f.txt']).download).toBe(false);
  });

  test('a reader of any header value ends, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('filename', ' ', '=', '*', '"', ';', ',', '\t', 'inline', 'x', '0') }),
        (value) => {
          expect(typeof judge([...html, 'Content-Disposition', value]).download).toBe('boolean');
        },
      ),
    );
  });

  test('whatever follows "attachment;" it is a download', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(judge([...html, 'Content-Disposition', `attachment;${rest}`]).because).toBe('disposition');
      }),
    );
  });
});

describe('Content-Type', () => {
  test.each([
    'application/pdf',
    'Application/PDF; charset=binary',
    ' application/zip ',
    'application/octet-stream',
    'application/force-download',
    'application/x-download',
    'application/x-tar',
    'application/gzip',
    'application/dicom',
    'application/fhir+ndjson',
    'application/ndjson',
    'application/vnd.ms-excel',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.oasis.opendocument.text',
    'application/msword',
    'application/rtf',
    'text/csv',
    'text/tab-separated-values',
    'application/pdf, text/html',
    'multipart/related; type="application/dicom"; boundary=x',
    'multipart/related; boundary=x; type="application/dicom+xml"',
    'multipart/related; type=application/octet-stream',
    'multipart/related',
    'multipart/byteranges; boundary=x',
    'application/octetstream',
    'application/x-pdf',
    'application/json-seq',
    'application/whatever',
    'nonsense',
    'chemical/x-pdb+xml',
    '',
  ])('%j leaves', (type) => {
    expect(judge(['Content-Type', type])).toEqual({ download: true, because: 'content-type', image: false, freeBytes: 0 });
  });

  test('a document shown inline leaves too', () => {
    expect(
      judge(['Content-Type', 'application/pdf', 'Content-Disposition', 'inline; filename=GeneratedLetters.pdf']).download,
    ).toBe(true);
  });

  test.each([
    ['text/html', false],
    ['application/json', false],
    ['application/dicom+json', false],
    ['application/fhir+json', false],
    ['text/javascript', false],
    ['image/png', true],
    ['multipart/related; type="image/jpeg"; boundary=x', true],
    ['application/vnd.api+json', false],
    ['application/soap+xml; charset=utf-8', false],
    ['text/plain', false],
    ['audio/wav', false],
    ['font/woff2', false],
    ['application/vnd.ms-fontobject', false],
  ])('%j is shown', (type, image) => {
    expect(judge(['Content-Type', type])).toMatchObject({ download: false, because: 'shown', image });
  });

  test('a reply that names no type leaves: nobody knows what it is', () => {
    expect(judge([])).toEqual({ download: true, because: 'content-type', image: false, freeBytes: 0 });
  });

  test('any of several types is enough', () => {
    expect(judge([...html, 'Content-Type', 'text/csv']).because).toBe('content-type');
  });
});

describe('the size', () => {
  const typed = (type: string, ...more: readonly string[]): readonly string[] => ['Content-Type', type, ...more];
  const long = (type: string, bytes: number): readonly string[] => typed(type, 'Content-Length', String(bytes));
  const piece = (type: string, range: string): readonly string[] => [...long(type, 10), 'Content-Range', range];

  test.each([
    ['a page of unknown length', html, 200, 'shown', screenBytes],
    ['data of unknown length', typed('application/json'), 200, 'shown', screenBytes],
    ['a page at the limit', long('text/html', screenBytes), 200, 'shown', Infinity],
    ['a page over it', long('text/html', screenBytes + 1), 200, 'size', 0],
    ['data at the limit', long('text/plain', screenBytes), 200, 'shown', Infinity],
    ['data over it', long('text/plain', screenBytes + 1), 200, 'size', 0],
    ['film over it', long('video/mp4', screenBytes + 1), 200, 'size', 0],
    ['a picture', long('image/tiff', screenBytes * 90), 200, 'shown', Infinity],
    ['a script', long('text/javascript', screenBytes * 9), 200, 'shown', Infinity],
    ['a font of unknown length', typed('font/woff2'), 200, 'shown', Infinity],
    ['a small piece of something large', piece('text/plain', `bytes 0-9/${screenBytes + 1}`), 206, 'size', 0],
    ['a small piece of something small', piece('text/plain', `bytes 0-9/${screenBytes}`), 206, 'shown', 0],
    ['a small piece of nobody knows what', piece('text/plain', 'bytes 0-9/*'), 206, 'shown', 0],
    ['a piece that names no range', long('text/plain', 10), 206, 'shown', 0],
    ['a large piece that names no range', long('text/plain', screenBytes + 1), 206, 'size', 0],
    ['a piece of a picture', piece('image/png', 'bytes 0-9/90000000'), 206, 'shown', Infinity],
    ['a failure', long('text/plain', screenBytes + 1), 500, 'not-a-success', Infinity],
  ] as const)('%s', (_name, headers, status, because, freeBytes) => {
    expect(judge(headers, { status })).toMatchObject({ because, freeBytes, download: because === 'size' });
  });

  test('a picture beside data is data', () => {
    expect(judge(['Content-Type', 'image/png', 'Content-Type', 'application/json']).freeBytes).toBe(screenBytes);
  });
});

describe('the rule, the method and the status', () => {
  const csv = ['Content-Type', 'text/csv', 'Content-Disposition', 'attachment; filename=a.csv'];
  const rows: readonly (readonly [Parameters<typeof judge>[1], readonly string[], Because])[] = [
    [{ download: 'always' }, html, 'route-always'],
    [{ download: 'never' }, csv, 'route-never'],
    [{ method: 'POST' }, csv, 'content-type'],
    [{ method: 'HEAD' }, csv, 'no-body-asked'],
    [{ method: 'HEAD', download: 'always' }, csv, 'no-body-asked'],
    [{ status: 206 }, csv, 'content-type'],
    [{ status: 201, download: 'always' }, html, 'route-always'],
    [{ status: 101 }, csv, 'not-a-success'],
    [{ status: 204 }, csv, 'not-a-success'],
    [{ status: 205 }, csv, 'not-a-success'],
    [{ status: 302, download: 'always' }, csv, 'not-a-success'],
    [{ status: 304 }, csv, 'not-a-success'],
    [{ status: 404, download: 'always' }, csv, 'not-a-success'],
    [{ status: 500 }, csv, 'not-a-success'],
    [{}, [...csv, 'Content-Length', '0'], 'empty'],
    [{ download: 'always' }, [...html, 'Content-Length', ' 0 '], 'empty'],
    [{}, [...csv, 'Content-Length', '0', 'Content-Length', '900'], 'content-type'],
    [{}, [...csv, 'Content-Length', '1'], 'content-type'],
  ];
  test.each(rows)('%j %j is %s', (told, headers, because) => {
    const downloads: readonly Because[] = ['route-always', 'disposition', 'content-type', 'size'];
    expect(judge(headers, told)).toMatchObject({ because, download: downloads.includes(because) });
  });
});

test.each([
  [['Content-Length', '12'], 12],
  [['content-length', ' 12', 'Content-Length', '12'], 12],
  [['Content-Length', '12', 'Content-Length', '13'], null],
  [['Content-Length', '-1'], null],
  [['Content-Length', '1e3'], null],
  [['Content-Length', '9'.repeat(16)], null],
  [[], null],
])('the length declared by %j is %j', (headers, length) => {
  expect(declaredLength({ status: 200, headers })).toBe(length);
});
