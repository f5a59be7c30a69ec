// What a Content-Type tells about a reply: a document that leaves the EHR, a picture that is looked at, a page or what it
// is built of, or the data on it. What nobody knows is a document. It never looks into a body.

/** `asset`: scripts, styles and fonts. `data`: what a page's script fetches, and sound and film. */
export type ContentKind = 'document' | 'image' | 'page' | 'asset' | 'data';

/** Types that a browser saves, or that carry records in bulk whatever it does with them. */
const documents = new Set([
  'application/pdf', 'application/zip', 'application/x-zip', 'application/x-zip-compressed', 'application/octet-stream',
  'application/force-download', 'application/x-force-download', 'application/forcedownload', 'application/download',
  'application/x-download', 'application/binary', 'application/x-tar', 'application/gzip', 'application/x-gzip',
  'application/x-gtar', 'application/x-compressed', 'application/x-bzip2', 'application/x-7z-compressed', 'application/x-xz',
  'application/zstd', 'application/vnd.rar', 'application/x-rar-compressed', 'application/dicom', 'application/fhir+ndjson',
  'application/ndjson', 'application/x-ndjson', 'application/jsonl', 'application/hl7-v2', 'application/x-hl7', 'application/msword',
  'application/excel', 'application/x-excel', 'application/x-msexcel', 'application/rtf', 'application/postscript',
  'application/csv', 'application/x-csv', 'application/sql', 'application/x-sql', 'application/x-sqlite3',
  'application/vnd.sqlite3', 'application/vnd.apache.parquet', 'binary/octet-stream', 'text/csv', 'text/x-csv',
  'text/comma-separated-values', 'text/tab-separated-values', 'text/rtf', 'text/vcard', 'text/x-vcard',
  // Ranges of a file, several at once: what they are ranges of is hidden in the body (RFC 9110 section 14.6).
  'multipart/byteranges',
]); // prettier-ignore

/** Families of office types, by how they begin. */
const documentFamilies = [
  'application/vnd.ms-',
  'application/vnd.openxmlformats-officedocument.',
  'application/vnd.oasis.opendocument.',
] as const;

const pages = new Set(['text/html', 'application/xhtml+xml']);

/** What pages are built of. Some of the names look like documents, so these are asked first. */
const assets = new Set([
  'text/css', 'text/javascript', 'text/ecmascript', 'text/x-javascript', 'application/javascript', 'application/x-javascript',
  'application/ecmascript', 'application/wasm', 'application/vnd.ms-fontobject', 'application/font-woff',
  'application/font-woff2', 'application/x-font-woff', 'application/x-font-ttf', 'application/x-font-opentype',
]); // prettier-ignore

/** The types of `application/` that screens are fed with. Every other is a document, known or not. */
const screenData = new Set(['application/json', 'application/x-json', 'application/xml', 'application/x-www-form-urlencoded']);
const screenDataSuffixes = ['+json', '+xml'] as const;
const screenFamilies = ['text/', 'audio/', 'video/', 'multipart/'] as const;

/** Judges one Content-Type value, in any case, with or without parameters. */
export function contentKind(value: string): ContentKind {
  const folded = value.trim().toLowerCase();
  const type = folded.replace(/[\s;,].*$/s, '');
  if (type === 'multipart/related') return relatedKind(folded);
  if (assets.has(type) || type.startsWith('font/')) return 'asset';
  if (documents.has(type) || documentFamilies.some((family) => type.startsWith(family))) return 'document';
  if (type.startsWith('image/')) return 'image';
  if (pages.has(type)) return 'page';
  return isScreenData(type) ? 'data' : 'document';
}

function isScreenData(type: string): boolean {
  if (screenData.has(type) || screenFamilies.some((family) => type.startsWith(family))) return true;
  return type.startsWith('application/') && screenDataSuffixes.some((suffix) => type.endsWith(suffix));
}

// DICOMweb answers with multipart/related and no disposition at all; rendered frames come as images, everything else
// (`type="application/dicom"`, its XML, bulk data) is the study itself (DICOM PS3.18 section 8.6).
function relatedKind(folded: string): ContentKind {
  return /;\s?type\s?=\s?"?image\//.test(folded) ? 'image' : 'document';
}
