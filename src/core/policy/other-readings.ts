// What some servers read in urlencoded text and others do not: fields behind a semicolon, `%u0041` (classic ASP), overlong
// UTF-8 (old decoders). Names the fields they may find, for a dialect that knows nothing of its server. Reads no values.

import type { GivenField } from './gather-fields.ts';

/** Why no field of such a text may be relied upon, as the end of a sentence; null where every server cuts it alike. */
export function doubtAboutText(text: string): string | null {
  if (text.includes(';')) return 'is sent beside a ";", which separates fields for some servers';
  return /%(?![\dA-Fa-f]{2})/.test(text) ? 'is sent beside a "%" that encodes nothing' : null;
}

/** The first fields that the most lenient server may find there, at most one more than `most`. */
export function otherReadings(text: string, most: number): readonly GivenField[] {
  const names = text.split(/[&;]/, most + 1).map((pair) => decodeLoosely(pair.replace(/=.*$/s, '')));
  return names.map((name) => ({ name, value: '', doubt: null, isNameReadable: true }));
}

function decodeLoosely(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/%u([\dA-F]{4})|%([\dA-F]{2})/gi, (_, unit: string | undefined, byte: string) =>
      String.fromCharCode(Number.parseInt(unit ?? byte, 16)),
    )
    .replaceAll(
      /[\u00C0\u00C1][\u0080-\u00BF]|\u00E0[\u0080-\u009F][\u0080-\u00BF]|\u00F0[\u0080-\u008F][\u0080-\u00BF]{2}/g,
      (run) => String.fromCharCode(readOverlong(run)),
    );
}

/** RFC 3629 section 10: a character in more bytes than it needs. The leading byte of each kind holds no more than its last bit. */
function readOverlong(run: string): number {
  return Array.from(run.slice(1)).reduce((code, byte) => code * 64 + (byte.charCodeAt(0) - 0x80), run.charCodeAt(0) & 1);
}
