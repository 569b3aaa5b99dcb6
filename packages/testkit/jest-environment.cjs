const { TestEnvironment } = require('jest-environment-node');

// A worker whose runner was killed would go on with its test, and keep that test's servers alive.
const end = () => process.kill(process.pid, 'SIGKILL');
process.once('disconnect', end);
// The listener holds the channel open, and the runner waits for the worker to end by itself once it no longer listens.
process.on('removeListener', (name) => {
  if (name === 'message') process.removeListener('disconnect', end);
});

module.exports = TestEnvironment;
