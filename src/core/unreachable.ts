// Makes the compiler prove that a switch is exhaustive: a new variant breaks the build where it is not handled.

/** Throws if it is ever reached; its argument type `never` is the proof that it cannot be. */
export function unreachable(value: never): never {
  throw new Error(`Unexpected variant ${JSON.stringify(value)}`);
}
