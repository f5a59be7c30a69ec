// A named caller that is no person: a lab interface, a billing job. Plain values, as the configuration says them.

/** How it proves itself. Fingerprints and hashes are SHA-256, 64 lower-case hex digits. */
export type MachineCredential =
  { readonly by: 'certificate'; readonly fingerprints: readonly string[] } | { readonly by: 'token'; readonly tokenHash: string };

export interface Machine {
  readonly name: string;
  readonly credential: MachineCredential;
  /** Applications it may ask anything of at all; null: whatever the rules say. */
  readonly applications: readonly string[] | null;
  readonly passAuthorization: boolean;
}
