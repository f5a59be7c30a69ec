// C2SP tlog-proof: one record, its place, the way to the root and the checkpoint in one text that is checked offline. It
// reads and writes the text; whether the proof holds is for `inclusion-proof.ts`.

export interface ProofFile {
  /** The record's line without its newline. */
  readonly record: Uint8Array;
  /** From 0; one less than the record's number. */
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** The signed note as it stands. */
  readonly checkpoint: string;
}

const form =
  /^c2sp\.org\/tlog-proof@v1\nextra ([A-Za-z0-9+/]+={0,2})\nindex (0|[1-9]\d{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,64})\n([^]+)$/;

export function writeProof({ record, index, path, checkpoint }: ProofFile): string {
  const hashes = path.map((hash) => `${base64(hash)}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nextra ${base64(record)}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/** Null for anything that is no proof of ours. */
export function readProof(content: string): ProofFile | null {
  const found = form.exec(content);
  if (found === null) return null;
  const [, record = '', index = '', hashes = '', checkpoint = ''] = found;
  const path = hashes
    .split('\n')
    .slice(0, -1)
    .map((hash) => Buffer.from(hash, 'base64'));
  return { record: Buffer.from(record, 'base64'), index: Number(index), path, checkpoint };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
