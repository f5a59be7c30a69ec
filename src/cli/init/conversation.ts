// Talks with the person who sets the gateway up, line by line. What is typed as a secret is not shown.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface Conversation {
  readonly say: (line: string) => void;
  /** The line without its end; null when there is no further one. */
  readonly ask: (prompt: string, hidden?: 'hidden') => Promise<string | null>;
  readonly close: () => void;
}

/** `terminal` says that a person types there: then the line can be edited, and the terminal shows nothing by itself. */
export function conversation(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, terminal: boolean): Conversation {
  let mute = false;
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!mute) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal, historySize: 0 });
  // Lines may be there before they are asked for, and the input may have ended behind them.
  const iterator = lines[Symbol.asyncIterator]();
  let closed = false;
  lines.once('close', () => (closed = true));
  return {
    say: (line) => void output.write(`${line}\n`),
    ask: async (prompt, hidden) => {
      // Silent before anything is asked, so that not even what was typed ahead is shown.
      mute = hidden !== undefined;
      if (mute || closed) output.write(prompt);
      lines.setPrompt(mute ? '' : prompt);
      if (!closed) lines.prompt();
      const next = await iterator.next();
      mute = false;
      if (hidden !== undefined || !terminal || next.done === true) output.write('\n');
      return next.done === true ? null : next.value;
    },
    close: () => {
      lines.close();
    },
  };
}
