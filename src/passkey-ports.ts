// What passkeys need from the world: where the public halves are kept. The private ones never leave people's devices.

/** One passkey of one person. */
export interface Passkey {
  /** The credential's id, base64url. */
  readonly id: string;
  /** What the person calls it. */
  readonly name: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  /** Signatures so far, as the device counts them; 0 where it does not count. */
  readonly counter: number;
  /** How the device is reached, as it said itself: a hint for browsers. */
  readonly transports: readonly string[];
  /** Epoch milliseconds. */
  readonly addedAt: number;
  readonly usedAt: number | null;
}

export interface PasskeyStore {
  /** The oldest first. */
  list(issuer: string, sub: string): Promise<readonly Passkey[]>;
  /** With the person's first factor come recovery codes; null leaves theirs as they are. Rejects where the id is known. */
  add(issuer: string, sub: string, passkey: Passkey, recoveryHashes: readonly string[] | null): Promise<void>;
  /** Compare-and-set: true only if the device counts on, or has never counted. */
  use(issuer: string, sub: string, id: string, counter: number, at: number): Promise<boolean>;
  /** False where it is not theirs, or their last factor. */
  remove(issuer: string, sub: string, id: string): Promise<boolean>;
  /** False where it is not theirs. */
  rename(issuer: string, sub: string, id: string, name: string): Promise<boolean>;
  /** All of theirs, the last one too: they set up another. Says how many there were. */
  removeAll(issuer: string, sub: string): Promise<number>;
}
