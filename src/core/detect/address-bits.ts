// An address as a row of bits, so that a network is the beginning of one. Takes what a socket or the configuration says.

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** `4` or `6`, then 32 or 128 of `0` and `1`. */
export function addressBits(address: string): string {
  const plain = mapped.exec(address)?.[1] ?? address;
  if (!plain.includes(':')) return `4${bitsOf(plain.split('.').map(Number), 8)}`;
  const [before = '', after = ''] = plain.split('::');
  const [head, tail] = [groupsOf(before), groupsOf(after)];
  const missing = Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0);
  return `6${bitsOf([...head, ...missing, ...tail], 16)}`;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function bitsOf(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('');
}
