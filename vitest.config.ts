import { defineConfig } from 'vitest/config';

/** Four projects, fast first: units need no tool but Node, native needs a C compiler, browser Chromium, emulated QEMU and OpenOCD. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 10_000 } },
      {
        test: {
          name: 'native',
          include: ['test/native/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Its tests wait for a compiler or a program of their own.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A page follows an address or a key when the browser gets to it: on a busy machine later than poll's own second.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'emulated',
          include: ['test/emulated/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // An emulated board waits for time limits as much as it computes: two at once on two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
});
