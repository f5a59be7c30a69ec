// Parameters as PHP makes `$_GET` and `$_POST` of them. The name a page reads is not the name that was sent: PHP folds
// names, cuts them, and lets the last of several win. Nothing here guards anything; it repeats what PHP does.

/** In the order of their first mention: OpenEMR's controller dispatches by the first two names. */
export type PhpParameters = ReadonlyMap<string, string>;

/** PHP's own limit `max_input_vars`; what comes after is dropped. */
const MAX_PARAMETERS = 1000;

/** Reads `a=b&c=d`, one character a byte; only `&` separates. Of an array PHP says `Array` where text is wanted. */
export function phpParameters(text: string): PhpParameters {
  const found = new Map<string, string>();
  for (const pair of text.split('&').slice(0, MAX_PARAMETERS)) {
    const equals = pair.indexOf('=');
    const { name, isArray } = phpName(decode(equals < 0 ? pair : pair.slice(0, equals)));
    if (name !== '') found.set(name, isArray ? 'Array' : decode(equals < 0 ? '' : pair.slice(equals + 1)));
  }
  return found;
}

/** Reads a posted form, urlencoded or multipart; PHP fills `$_POST` for no other type and for no other method. */
export function phpPosted(method: string, contentType: string, body: Buffer): PhpParameters {
  if (method !== 'POST') return new Map();
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary !== undefined) return multipart(body.toString('utf8'), boundary);
  return /^application\/x-www-form-urlencoded\b/i.test(contentType) ? phpParameters(body.toString('latin1')) : new Map();
}

/** `(int) "21abc"` is 21, `"020"` is 20, `"1e3"` is 1000, `"abc"` is 0. */
export function phpInteger(text: string | undefined): number {
  const number = /^[ \t\n\r\v\f]*([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)/.exec(text ?? '')?.[1];
  return number === undefined ? 0 : Math.trunc(Number(number));
}

/** What PHP holds to be true of a text: everything but none and `"0"`. */
export function phpTrue(text: string | undefined): boolean {
  return text !== undefined && text !== '' && text !== '0';
}

/**
 * `php_register_variable_ex`: leading spaces go, NUL ends the name, space and dot become `_`, an opening bracket makes an
 * array where it is closed and becomes `_` where it is not.
 */
function phpName(sent: string): { readonly name: string; readonly isArray: boolean } {
  const cut = sent.split('\0', 1)[0]?.replace(/^ +/, '') ?? '';
  const bracket = cut.indexOf('[');
  if (bracket > 0 && cut.includes(']', bracket)) return { name: fold(cut.slice(0, bracket)), isArray: true };
  return { name: fold(cut), isArray: false };
}

function fold(name: string): string {
  return name.replaceAll(/[ .[]/g, '_');
}

/** `urldecode`: a plus is a space, and a percent sign that starts no code stays as it is. */
function decode(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function multipart(body: string, boundary: string): PhpParameters {
  const found = new Map<string, string>();
  for (const part of body.split(`--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, Math.max(end, 0));
    const sent = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
    if (sent === undefined || /filename=/i.test(head)) continue;
    const { name, isArray } = phpName(sent);
    found.set(name, isArray ? 'Array' : part.slice(end + 4).replace(/\r\n$/, ''));
  }
  return found;
}
