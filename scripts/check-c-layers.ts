/**
 * Checks the direction of dependencies in firmware/: the VM includes nothing but itself and the C library, the agent only
 * itself and the VM, and neither knows a chip. Boards and tests may include all. Exit code 1 when broken.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const FIRMWARE = resolve(import.meta.dirname, '../firmware');

/** A portable folder, and the folders whose headers it may include. */
const MAY_INCLUDE: Record<string, readonly string[]> = {
  vm: ['vm'],
  // The pin table is data, generated from hil-config; it names no register.
  agent: ['agent', 'vm', 'board/nucleo_g474re/generated'],
};

/** What the C standard library gives a freestanding or hosted build. */
const STANDARD = new Set(
  'assert ctype errno inttypes limits stdalign stdarg stdbool stddef stdint stdio stdlib string'
    .split(' ')
    .map((name) => `${name}.h`),
);

/** Headers that the build writes; they hold data of this project. */
const BUILT = ['cockpit_git.h'];

/** Words that only a board's code has a reason to use. */
const CHIP_WORDS =
  /\b(stm32\w*|nucleo\w*|GPIO[A-H]|LPUART1?|USART\d|NVIC|cortex\w*|unistd|termios)\b/i;

const sources = (folder: string) =>
  globSync(join(FIRMWARE, folder, '**/*.[ch]')).filter((file) => !file.includes('/test/'));

/** Code without comments; line numbers stay. */
const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));

const problems: string[] = [];
let checked = 0;
for (const [folder, allowed] of Object.entries(MAY_INCLUDE)) {
  const headers = new Set([...BUILT, ...allowed.flatMap(sources).map((file) => basename(file))]);
  for (const file of sources(folder)) {
    checked += 1;
    const lines = withoutComments(readFileSync(file, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      const at = `${file.slice(FIRMWARE.length - 'firmware'.length)}:${index + 1}`;
      const include = /^\s*#\s*include\s*(["<])([^">]+)[">]/.exec(line);
      const header = include?.[2] ?? '';
      const known = include?.[1] === '<' ? STANDARD.has(header) : headers.has(basename(header));
      if (include !== null && !known) {
        problems.push(
          `${at}: ${folder} may not include ${header} (it may use: ${allowed.join(', ')})`,
        );
      }
      const word = CHIP_WORDS.exec(line)?.[0];
      if (word !== undefined) problems.push(`${at}: "${word}" belongs in firmware/board`);
    }
  }
}
if (checked === 0) problems.push('found no source in firmware/vm and firmware/agent');
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
