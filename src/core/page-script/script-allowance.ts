// Whether a page's own content security policy lets a script of our origin run, talk to us and stand where it is put. Where
// it does not, the page stays as it is: a policy is never widened. Policies add up, so each of them must allow it (CSP3).

export type ScriptAllowance = { readonly allowed: true; readonly nonce: string | null } | { readonly allowed: false };

const refused: ScriptAllowance = { allowed: false };

/** `policies` are the values of Content-Security-Policy headers; `own` is our public origin. */
export function scriptAllowance(policies: readonly string[], own: string): ScriptAllowance {
  let nonce: string | null = null;
  for (const policy of policies.flatMap((value) => value.split(','))) {
    const directives = directivesOf(policy);
    const allowed = allowedBy(directives, own);
    if (!allowed.allowed) return refused;
    if (allowed.nonce === null) continue;
    // A script carries one nonce; two policies with two of them let no script of ours run.
    if (nonce !== null && nonce !== allowed.nonce) return refused;
    nonce = allowed.nonce;
  }
  return { allowed: true, nonce };
}

/** Whether a script of ours may ask our origin for something under these policies, however it came to run. */
export function mayAskOwn(policies: readonly string[], own: string): boolean {
  return policies.flatMap((value) => value.split(',')).every((policy) => connects(directivesOf(policy), own));
}

type Directives = ReadonlyMap<string, readonly string[]>;

/** The first of a name counts. */
function directivesOf(policy: string): Directives {
  const directives = new Map<string, readonly string[]>();
  for (const part of policy.split(';')) {
    const [name = '', ...values] = part.trim().split(/[\t\n\f\r ]+/);
    const key = name.toLowerCase();
    if (key !== '' && !directives.has(key)) directives.set(key, values);
  }
  return directives;
}

function allowedBy(directives: Directives, own: string): ScriptAllowance {
  const sandbox = directives.get('sandbox');
  if (sandbox !== undefined && !['allow-scripts', 'allow-same-origin'].every((word) => sandbox.includes(word))) return refused;
  if (!connects(directives, own)) return refused;
  const script = directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src');
  if (script === undefined) return { allowed: true, nonce: null };
  const nonce = nonceIn(script);
  if (nonce !== null) return { allowed: true, nonce };
  // With strict-dynamic the names of places count for nothing.
  const byPlace = !script.some((value) => value.toLowerCase() === "'strict-dynamic'") && namesOrigin(script, own);
  return byPlace ? { allowed: true, nonce: null } : refused;
}

function connects(directives: Directives, own: string): boolean {
  const connect = directives.get('connect-src') ?? directives.get('default-src');
  return connect === undefined || namesOrigin(connect, own);
}

function namesOrigin(values: readonly string[], own: string): boolean {
  const scheme = own.slice(0, own.indexOf(':') + 1);
  return values.some((value) => {
    const lower = value.toLowerCase();
    return lower === "'self'" || lower === '*' || lower === scheme || lower === own || lower === `${own}/`;
  });
}

/** Base64 or base64url, as the grammar wants it; anything else is not put into markup. */
function nonceIn(values: readonly string[]): string | null {
  for (const value of values) {
    const nonce = /^'nonce-([A-Za-z0-9+/_-]{1,200}={0,2})'$/i.exec(value)?.[1];
    if (nonce !== undefined) return nonce;
  }
  return null;
}
