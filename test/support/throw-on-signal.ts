// Loaded into a gateway's process by a test that asks what becomes of an error that nobody caught: one is thrown on SIGUSR2.

process.on('SIGUSR2', () => {
  throw new Error('Nobody catches this');
});
