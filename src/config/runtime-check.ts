// Refuses a runtime on which the gateway's promises do not hold: a Node with known request-smuggling holes, or flags
// or variables that switch the strict parser or the check of certificates off.

/** The oldest Node without CVE-2026-58044 (hidden Content-Length in forwarding proxies). */
export const minimumNode = [24, 18, 1] as const;

/** What Node was told from outside: NODE_OPTIONS as one text, and whether certificates are to be believed unseen. */
export interface RuntimeEnvironment {
  readonly nodeOptions: string;
  readonly unverifiedTls: boolean;
}

/** Why this runtime must not be used, or an empty list. `version` is `process.versions.node`. */
export function unsafeRuntime(version: string, flags: readonly string[], environment: RuntimeEnvironment): readonly string[] {
  const problems: string[] = [];
  if (environment.unverifiedTls)
    problems.push(
      'The variable NODE_TLS_REJECT_UNAUTHORIZED switches off the check of certificates: remove it, and name the clinic\'s own authority under "trust"',
    );
  if (isOlder(version))
    problems.push(
      `Node ${version} is too old: use ${minimumNode.join('.')} or later, older ones can be made to see two requests in one`,
    );
  const all = [...flags, ...environment.nodeOptions.split(/\s+/)];
  for (const flag of all) {
    if (flag.startsWith('--insecure-http-parser'))
      problems.push(`The flag "${flag}" makes the parser accept ambiguous requests: remove it`);
    if (/^--tls-min-v1\.[01]/.test(flag)) problems.push(`The flag "${flag}" allows TLS below 1.2: remove it`);
  }
  return problems;
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, least] of minimumNode.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
