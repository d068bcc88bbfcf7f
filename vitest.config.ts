import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Servers, git and child processes are real, so a test may take seconds on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many of them wait rather than compute: for answers that never come, for processes, for servers.
    maxWorkers: 3,
  },
});
