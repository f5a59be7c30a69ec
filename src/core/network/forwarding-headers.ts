// What the EHR is told of where a request comes from, the same in people's requests and in our own. Never takes a word of
// the client's.

/**
 * Who is asking, and by which address, in both spellings that EHRs read (RFC 7239 and its forerunners). Name, value pairs.
 * Without an address (empty) the gateway asks for itself, and names nobody.
 */
export function forwardingHeaders(
  { secure, host }: { readonly secure: boolean; readonly host: string },
  address: string,
): readonly string[] {
  const protocol = secure ? 'https' : 'http';
  const named = ['x-forwarded-proto', protocol, 'x-forwarded-host', host];
  const place = `host="${host}";proto=${protocol}`;
  if (address === '') return [...named, 'forwarded', place];
  const node = address.includes(':') ? `"[${address}]"` : address;
  return ['x-forwarded-for', address, ...named, 'forwarded', `for=${node};${place}`];
}
