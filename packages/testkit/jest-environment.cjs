const { TestEnvironment } = require('jest-environment-node');

// A worker whose runner was killed would go on with its test, and keep that test's servers alive.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

module.exports = TestEnvironment;
