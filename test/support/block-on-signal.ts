// Loaded into a gateway's process by a test that asks what happens when nothing happens: on SIGUSR2 its one thread stands still
// for a second and a half, as in a pause of the machine, and no timer, request or answer goes on.

const milliseconds = 1500;

process.on('SIGUSR2', () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds));
