// What a `start` record says in its `detail`: where the gateway listens, by which runtime and with which gateway.yaml, which is read
// at the start alone. Reports read it back, so writing and reading live side by side.

export interface StartNote {
  readonly port: number;
  readonly node: string;
  /** First digits of the SHA-256 of gateway.yaml; null where the settings came from no file. */
  readonly settings: string | null;
  /** What follows: `; "pacs" by http: because "isolated server VLAN"`. */
  readonly more: string;
}

const pattern = /^listening on port (\d+), Node ([^,;]+)(?:, gateway\.yaml ([0-9a-f]{16}))?(;.*)?$/s;

export function writeStartNote({ port, node, settings, more }: StartNote): string {
  const file = settings === null ? '' : `, gateway.yaml ${settings}`;
  return `listening on port ${port}, Node ${node}${file}${more}`;
}

/** The note, or null when the text is none. */
export function readStartNote(detail: string): StartNote | null {
  const [, port, node = '', settings = null, more = ''] = pattern.exec(detail) ?? [];
  return port === undefined ? null : { port: Number(port), node, settings, more };
}
