// Runs `wardgate relations import` for a file that somebody else opened, as a process of its own with less priority: however
// large the file is, neither the gateway's thread nor its memory has to do with it.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FolderImport, TakenFile } from './relation-folder.ts';
import { workerBeside } from './worker-beside.ts';

const mostMegabytes = 2048;
const longestMilliseconds = 1_800_000;
const mostAnswerCharacters = 65_536;
const nice = 10;

export class RelationImportProcess {
  readonly #configuration: string;
  #child: ChildProcess | null = null;
  #closed = false;

  /** The path of gateway.yaml. */
  constructor(configuration: string) {
    this.#configuration = configuration;
  }

  /** One at a time. Never rejects. */
  run({ kind, name, descriptor }: TakenFile): Promise<FolderImport> {
    const program = fileURLToPath(workerBeside(import.meta.url, '../cli/main'));
    const order = ['relations', 'import', kind, '-', '--name', name, '--because', 'it lay in the watched folder'];
    // Whoever exports says so in the name: an encoding cannot be told by content.
    if (name.includes('windows-1252')) order.push('--encoding', 'windows-1252');
    const args = [`--max-old-space-size=${mostMegabytes}`, program, ...order, '--config', this.#configuration];
    const child = spawn(process.execPath, args, { stdio: [descriptor, 'pipe', 'pipe'], timeout: longestMilliseconds });
    this.#child = child;
    let said = '';
    const hear = (text: string): void => void (said = `${said}${text}`.slice(0, mostAnswerCharacters));
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    return new Promise((resolve) => {
      const end = (failure: string | null): void => {
        this.#child = null;
        const says = [...said.split('\n').filter((line) => line !== ''), ...(failure === null ? [] : [failure])];
        resolve({ outcome: this.#closed ? 'again' : failure === null ? 'done' : 'failed', says });
      };
      child.on('error', ({ message }) => end(`The import could not be begun: ${message}`));
      child.on('spawn', () => goBehind(child.pid));
      child.on('close', (code, signal) => {
        if (code === 0) end(null);
        else end(code === null ? `The import was cut off (${String(signal)})` : 'Nothing was imported. Mend it and put it back');
      });
    });
  }

  /** Cuts it; what was staged counts for nothing and is removed by the next import. */
  close(): void {
    this.#closed = true;
    this.#child?.kill();
  }
}

/** Some systems do not let it. */
function goBehind(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, nice);
  } catch {
    return;
  }
}
