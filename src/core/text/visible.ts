// Text of a file on a terminal or a page: what cannot be seen, or turns the line round, is written as its number.

export function visible(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (one) => `\\u{${Number(one.codePointAt(0)).toString(16)}}`);
}
