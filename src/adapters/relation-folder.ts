// The folder into which a clinic's other programs put schedule, roster and lists: looked at every few seconds. A file counts once
// nobody has written to it between two looks; it is imported as the command does, by a process of its own, and moved aside with a
// sentence that says what became of it. Nothing here reads what stands in a file.

import { constants, mkdirSync } from 'node:fs';
import { lstat, open, opendir, rename, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { relationKinds } from '../core/relations/relation-rows.ts';
import type { RelationKind } from '../core/relations/relation-rows.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { causeInWords } from './audit-refused.ts';

export interface TakenFile {
  readonly kind: RelationKind;
  readonly name: string;
  /** Open for reading. */
  readonly descriptor: number;
}

/** `again` where nothing was decided and the file stays. */
export interface FolderImport {
  readonly outcome: 'done' | 'failed' | 'again';
  readonly says: readonly string[];
}

export interface RelationFolderParts {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: OperationsLog;
  readonly importFile: (file: TakenFile) => Promise<FolderImport>;
}

const everyMilliseconds = 10_000;
const fileName = new RegExp(`^(${relationKinds.join('|')})[A-Za-z0-9_. -]{0,100}\\.(?:csv|ndjson|json)$`);
/** More entries are not looked at. */
const mostEntries = 1000;

interface Found {
  readonly kind: RelationKind;
  readonly name: string;
  readonly mark: string;
}

export class RelationFolder {
  readonly #parts: RelationFolderParts;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;
  /** Name → how the file was at the last look. */
  #seen = new Map<string, string>();
  /** Marks of files that were imported and could not be moved: once is enough. */
  readonly #stuck = new Set<string>();
  readonly #failed = new Set<RelationKind>();
  #problem: string | null = null;
  #closed = false;

  constructor(parts: RelationFolderParts) {
    this.#parts = parts;
  }

  /** Call it often; it looks when it is time, and one look at a time. Never rejects. */
  look(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    if (this.#looking !== null || this.#closed || now - this.#lookedAt < everyMilliseconds) return Promise.resolve();
    this.#lookedAt = now;
    this.#looking = this.#once().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    const failed = [...this.#failed].map(
      (kind) => `The last file of ${kind} in the watched folder was not imported; "failed" says why`,
    );
    return this.#problem === null ? failed : [`The watched folder for imports: ${this.#problem}`, ...failed];
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looking;
  }

  async #once(): Promise<void> {
    this.#problem = null;
    try {
      const found = await this.#list();
      const ready = found.filter(({ name, mark }) => this.#seen.get(name) === mark && !this.#stuck.has(mark));
      if (found.some(({ mark }) => this.#stuck.has(mark)))
        this.#problem = 'a file that was imported cannot be moved out of it; give the folder to the account of the gateway';
      this.#seen = new Map(found.map(({ name, mark }) => [name, mark]));
      for (const one of ready) if (!this.#closed) await this.#take(one);
    } catch (cause) {
      this.#problem ??= causeInWords(cause);
    }
  }

  /** Plain files alone, by name: a roster of Monday comes before that of Tuesday where their names say so. */
  async #list(): Promise<readonly Found[]> {
    const { folder } = this.#parts;
    const status = await lstat(folder);
    if (!status.isDirectory()) throw new Error('it is no directory');
    if (process.platform !== 'win32' && (status.mode & 0o007) !== 0)
      throw new Error('everybody on this machine may enter it, and its files tell of people; take that away with chmod o-rwx');
    const found: Found[] = [];
    let entries = 0;
    for await (const { name } of await opendir(folder)) {
      if ((entries += 1) > mostEntries) throw new Error(`more than ${mostEntries} entries are in it; tidy it up`);
      const kind = relationKinds.find((one) => one === fileName.exec(name)?.[1]);
      const file = kind === undefined ? null : await lstat(join(folder, name)).catch(() => null);
      if (kind === undefined || file === null) continue;
      if (!file.isFile())
        this.#problem = `a file of ${kind} is a link or no plain file, and is not read; put the file itself there`;
      else if (file.size > 0) found.push({ kind, name, mark: markOf(file) });
    }
    return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #take({ kind, name, mark }: Found): Promise<void> {
    const { folder, importFile, log } = this.#parts;
    // A link that took its place meanwhile is not followed, and a pipe holds nobody up.
    const handle = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    let imported: FolderImport;
    try {
      if (!(await isStill(handle, mark))) return;
      imported = await importFile({ kind, name, descriptor: handle.fd });
    } finally {
      await handle.close();
    }
    const { outcome, says } = imported;
    if (outcome === 'again') return;
    if (outcome === 'done') this.#failed.delete(kind);
    else this.#failed.add(kind);
    log.info({ kind, outcome }, 'A file of the watched folder was taken');
    this.#stuck.add(mark);
    await this.#moveAside(name, mark, outcome, says);
    this.#stuck.delete(mark);
  }

  /** What was put in its place meanwhile stays for the next look. */
  async #moveAside(name: string, mark: string, into: 'done' | 'failed', says: readonly string[]): Promise<void> {
    const { folder, clock } = this.#parts;
    const directory = join(folder, into);
    mkdirSync(directory, { mode: 0o750, recursive: true });
    if (!(await lstat(directory)).isDirectory())
      throw new Error(`"${into}" in it is no directory, so nothing can be moved there`);
    const aside = join(directory, `${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-')}-${name}`);
    const file = await lstat(join(folder, name)).catch(() => null);
    if (file !== null && markOf(file) === mark) await rename(join(folder, name), aside);
    await writeFile(`${aside}.txt`, `${says.join('\n')}\n`, { flag: 'wx', mode: 0o640 });
  }
}

async function isStill(handle: FileHandle, mark: string): Promise<boolean> {
  const status = await handle.stat();
  return status.isFile() && markOf(status) === mark;
}

function markOf({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev} ${ino} ${size} ${mtimeMs}`;
}
