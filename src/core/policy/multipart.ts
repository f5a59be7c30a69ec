// Reads the small fields of a multipart form (RFC 7578), strictly: a body that two parsers could cut into different parts
// is a problem, not a guess. A file is no field to most programs and one to some, so its field's name is in doubt, and its
// content is never decoded. Works on a body already read whole.

import { gatherFields } from './gather-fields.ts';
import type { GivenField } from './gather-fields.ts';
import { readParameters } from './header-parameters.ts';
import type { Fields, ParameterDialect } from './policy.ts';
import { quote } from '../target/quote.ts';

export interface MultipartProblem {
  readonly problem: string;
}

const maxParts = 256;
const maxHeadBytes = 4096;
const disposition = 'content-disposition';
const plainEncodings: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary']);

/** `boundary` without its two dashes. A file contributes its field's name, in doubt, with an empty value. */
export function readMultipart(bytes: Uint8Array, boundary: string, dialect: ParameterDialect): Fields | MultipartProblem {
  const [before, ...parts] = characters(bytes).split(`--${boundary}`);
  const after = parts.pop();
  if (before !== '' || (after !== '--' && after !== '--\r\n')) {
    return { problem: 'The form does not begin and end with its boundary, or is cut short' };
  }
  if (parts.length > maxParts) return { problem: `The form has ${parts.length} parts, and ${maxParts} are accepted` };
  const fields: GivenField[] = [];
  for (const part of parts) {
    const field = readPart(part);
    if ('problem' in field) return field;
    fields.push(field);
  }
  return gatherFields(fields, dialect);
}

/** `part` is what stands between two boundaries: line break, headers, empty line, content, line break. */
function readPart(part: string): GivenField | MultipartProblem {
  // Checked here and not while splitting: PHP also accepts a boundary after a bare line feed, and we must not miss it.
  if (part.length < 4 || !part.startsWith('\r\n') || !part.endsWith('\r\n'))
    return { problem: 'A boundary of the form stands inside a line' };
  const inner = part.slice(2, -2);
  const headEnd = inner.indexOf('\r\n\r\n');
  if (headEnd === -1) return { problem: 'A part of the form has no end of its headers' };
  const headers = readHeaders(inner.slice(0, headEnd));
  if (headers === null) return { problem: 'A part of the form has headers that cannot be read' };
  const transfer = headers.get('content-transfer-encoding');
  if (transfer !== undefined && !plainEncodings.has(transfer.toLowerCase())) {
    return { problem: `A part of the form is encoded as ${quote(transfer)}, which is not accepted` };
  }
  if (/^multipart\//i.test(headers.get('content-type') ?? '')) return { problem: 'A part of the form is a form of its own' };
  if (/charset=(?!"?(?:utf-8|us-ascii|iso-8859-1)"?\s*(?:;|$))/i.test(headers.get('content-type') ?? '')) {
    return { problem: 'A part of the form has a character set that is not accepted' };
  }
  return nameField(headers.get(disposition) ?? '', inner.slice(headEnd + 4));
}

function nameField(header: string, content: string): GivenField | MultipartProblem {
  const parameters = /^form-data[ \t]*(?:;|$)/i.test(header) ? readParameters(header.slice('form-data'.length)) : null;
  const written = parameters?.get('name');
  if (parameters === null || written === undefined || isOddlyNamed(header, written, parameters)) {
    return { problem: 'A part of the form is not plainly named' };
  }
  const name = decodeUtf8(written);
  if (parameters.has('filename'))
    return { name: name ?? written, value: '', doubt: 'is sent as a file', isNameReadable: name !== null };
  const value = decodeUtf8(content);
  const doubt = name === null || value === null ? 'is not valid UTF-8' : null;
  return { name: name ?? written, value: value ?? content, doubt, isNameReadable: name !== null };
}

/**
 * `name*` and escapes in a name are read differently from one parser to the next (RFC 7578 4.2 forbids the former); Tomcat and
 * Commons FileUpload decode `=?utf-8?q?…?=` (RFC 2047), others `%22` and `&#…;`, and some take the first `name=` that they see.
 */
function isOddlyNamed(header: string, written: string, parameters: ReadonlyMap<string, string>): boolean {
  const keys = [...parameters.keys()];
  const seen = [...header.matchAll(/name\s*\*?\s*=/gi)];
  return (
    /\\|=\?|%[\da-f]{2}|&#/i.test(written) ||
    keys.some((key) => key.endsWith('*')) ||
    seen.length !== keys.filter((key) => key.endsWith('name')).length
  );
}

/** Names in lower case; null where a line is folded, nameless, repeated or holds a control character, or all are too long. */
function readHeaders(head: string): ReadonlyMap<string, string> | null {
  if (head.length > maxHeadBytes) return null;
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t -~\u0080-\u00FF]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || headers.has(name.toLowerCase())) return null;
    headers.set(name.toLowerCase(), value.replace(/[ \t]+$/, ''));
  }
  return headers;
}

/** One character per byte. In slices, because a call takes only so many arguments. */
function characters(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

function decodeUtf8(text: string): string | null {
  if (!/[\u0080-\u00FF]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll(/[%\u0080-\u00FF]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    return null;
  }
}
