// What switching people at a shared desk needs from the world: who signed in there lately.

/** Somebody who signed in on a shared device. */
export interface DeskPerson {
  readonly issuer: string;
  readonly sub: string;
  /** The login name, for the sign-in service; never shown. */
  readonly name: string;
  readonly displayName: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface DeskPeople {
  /** Those of the last hours, the latest first, no more than a page shows. Never rejects. */
  of(device: string): Promise<readonly DeskPerson[]>;
  /** Signed in there just now. Never rejects: a list for convenience keeps nobody out. */
  add(device: string, person: Omit<DeskPerson, 'at'>): Promise<void>;
  /** Taken off the list at their own wish. */
  remove(device: string, person: Pick<DeskPerson, 'issuer' | 'sub'>): Promise<void>;
}
