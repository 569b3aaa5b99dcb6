// One runner for all. `unit` lies beside the code; `integration` needs real servers; `e2e` crosses services, or measures time
// and so runs without a neighbour (`.alone.test.ts`).
const ALONE = '\\.alone\\.test\\.ts$';
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: `${import.meta.dirname}/packages/testkit/jest-environment.cjs`,
  testEnvironmentOptions: { customExportConditions: ['nightjar-source', 'node'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/', '/packages/contracts/gen/'],
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{packages,services,scripts}/**/src/**/*.test.ts',
        '<rootDir>/scripts/**/*.test.ts',
      ],
    },
    {
      ...base,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,services}/*/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ALONE],
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/tests/**/*.test.ts', '<rootDir>/{packages,services}/*/test/**/*.alone.test.ts'],
    },
  ],
};
