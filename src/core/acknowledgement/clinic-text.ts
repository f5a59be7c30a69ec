// A policy or a training page that people read and acknowledge before the EHR opens, as the clinic wrote it.

export interface ClinicText {
  /** In records and in the store. */
  readonly id: string;
  readonly title: string;
  /** As the clinic counts its versions. */
  readonly version: string;
  /** SHA-256 of the file's bytes, hex: what was read can be shown to be what was meant. */
  readonly hash: string;
  readonly text: string;
  /** Whose it is; null for everybody's. */
  readonly roles: readonly string[] | null;
  /** Asked again after so long; null for never. */
  readonly againSeconds: number | null;
  /** Null where it cannot be put off. */
  readonly postpone: {
    readonly times: number;
    /** The last day, `YYYY-MM-DD`; null for none. */ readonly untilDay: string | null;
  } | null;
}

/** Which text in which version. */
export type TextMark = Pick<ClinicText, 'id' | 'version' | 'hash'>;
