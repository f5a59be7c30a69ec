// Loaded into a gateway's process by a test that asks how much memory is held: on SIGUSR2 everything that nobody holds
// any more is collected, because what has merely not been collected yet says nothing about a leak.

process.on('SIGUSR2', () => globalThis.gc?.());
