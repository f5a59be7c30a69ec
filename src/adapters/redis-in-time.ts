// Waits for Redis no longer than it may take. What comes in the same turn as the end of the time still counts: where this process
// itself stood still, the answer lies read already, and taking that for a silent Redis would have everything read again.

/** How long the event loop is given to hand over what has arrived meanwhile. */
const graceMilliseconds = 10;

/** Rejects when nothing was answered in time; what is answered later is not looked at. */
export async function inTime<T>(answer: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      timer = setTimeout(() => reject(new Error(`${what} was not answered within ${milliseconds} ms`)), graceMilliseconds);
    }, milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
