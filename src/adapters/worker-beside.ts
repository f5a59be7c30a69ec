// Where the worker of a thread lies: beside the file that starts it, under the same ending, TypeScript as it is or built.

/** `here` is the `import.meta.url` of whoever starts it; `name` has no ending. */
export function workerBeside(here: string, name: string): URL {
  return new URL(`./${name}${here.endsWith('.ts') ? '.ts' : '.js'}`, here);
}
