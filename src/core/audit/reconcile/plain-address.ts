// An address as it is compared: the same machine must not look like two because one program spells it otherwise.

const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/;

/** Lower case, without brackets and zone; an address of version 4 inside one of version 6 stands for itself. */
export function plainAddress(text: string): string {
  const bare = text
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  const [, plain] = mapped.exec(bare) ?? [];
  return plain ?? (bare.includes(':') ? spelledOut(bare) : bare);
}

/** All eight groups without leading zeros. */
function spelledOut(address: string): string {
  const [before = '', after] = address.split('::');
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  const missing = Array<string>(after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...missing, ...tail].map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
