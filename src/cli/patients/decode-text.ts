// Turns the bytes of an export into text, and says plainly what is wrong with them: a name that was read in the wrong
// encoding is another name, and nobody would find it.

export const encodings = ['utf-8', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

export type DecodedText = { readonly text: string } | { readonly why: string; readonly line: number };

/** `encoding` null: UTF-8 or nothing. A byte order mark is taken off. */
export function decodeText(bytes: Uint8Array, encoding: Encoding | null): DecodedText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { line: 1, why: 'The file is UTF-16; save it as "CSV UTF-8"' };
  if (encoding === 'windows-1252') return windows(bytes);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const line = lineOfFirstFault(bytes);
    return {
      line,
      why: 'The file is no UTF-8 from this line on, so it is most likely Windows-1252; save it as "CSV UTF-8", or name it with --encoding windows-1252',
    };
  }
}

function windows(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { line: 1, why: 'The file begins as UTF-8 does; leave out --encoding windows-1252' };
  return { text: new TextDecoder('windows-1252').decode(bytes) };
}

/** Line by line: a file that is sound for ten thousand lines is told where it stops being so. */
function lineOfFirstFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(10, from);
    const to = end === -1 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to;
  }
  return line;
}
