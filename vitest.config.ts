import { defineConfig } from 'vitest/config'

/** Real decoding and real processes on shared machines: generous limits that only a hang reaches. */
const project = (name: string, include: string[], seconds: number, serial = false) => ({
  test: {
    name,
    include,
    exclude: ['**/node_modules/**'],
    setupFiles: ['test/fixtures/seed.ts'],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    // Each of these files keeps the machine busy by itself.
    fileParallelism: !serial,
  },
})

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // A check that silently ran nothing is no check.
    passWithNoTests: false,
    projects: [
      project('unit', ['main/**/*.test.ts', 'scripts/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'], 30),
      project('integration', ['test/integration/**/*.test.ts'], 120),
      project('hostile', ['test/hostile/**/*.test.ts'], 180),
      project('crash', ['test/crash/**/*.test.ts'], 180, true),
      project('e2e', ['test/e2e/**/*.test.ts'], 180, true),
      project('electron', ['test/electron/**/*.test.ts'], 120, true),
      // By name only: `npm run soak`.
      ...(process.env['ASSAY_SOAK'] ? [project('soak', ['test/soak/**/*.test.ts'], 3600, true)] : []),
    ],
  },
})
