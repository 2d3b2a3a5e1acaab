/**
 * Whether giving a VM's memory back really overwrites it in optimised code: takes the linked programs named as arguments, then
 * compiles the pool at each optimisation level, and looks for the loop of stores that cvm_pool_release must run or call. Exit code 1 when it is gone.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LEVELS = ['-O2', '-Os', '-O3'];
const CPU = ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'];
const VM = join(import.meta.dirname, '../firmware/vm');

interface Instruction {
  readonly address: number;
  readonly text: string;
}

function disassemble(object: string, name: string): Instruction[] {
  const args = ['-d', '--no-show-raw-insn', `--disassemble=${name}`, object];
  const text = execFileSync('arm-none-eabi-objdump', args, { encoding: 'utf8' });
  return [...text.matchAll(/^\s*([0-9a-f]+):\t(.*)$/gm)].map(([, address = '', code = '']) => ({
    address: parseInt(address, 16),
    text: code,
  }));
}

/** Whether a store lies between a branch and its target above. */
function hasStoreLoop(code: readonly Instruction[]): boolean {
  const stores = code.filter(({ text }) => /^strb?(?:\.w)?\s/.test(text));
  return code.some(({ address, text }) => {
    const target = /^b(?![lx])\S*\s+([0-9a-f]+)/.exec(text)?.[1];
    const from = target === undefined ? Infinity : parseInt(target, 16);
    return stores.some((store) => store.address >= from && store.address < address);
  });
}

/** Whether an object or a linked program clears, and how. */
function report(what: string, object: string): void {
  const release = disassemble(object, 'cvm_pool_release');
  const calls = release.some(({ text }) => /^bl?(?:\.w)?\s.*<cvm_secure_clear>/.test(text));
  const clears = hasStoreLoop(calls ? disassemble(object, 'cvm_secure_clear') : release);
  console.log(
    `  secure clear ${what}: ${clears ? 'there' : 'MISSING'}${calls ? ', called' : ', inlined'}`,
  );
  if (!clears) process.exitCode = 1;
}

for (const elf of process.argv.slice(2)) report(`in ${elf}`, elf);
const folder = mkdtempSync(join(tmpdir(), 'cockpit-hil-clear-'));
try {
  for (const level of LEVELS) {
    const object = join(folder, 'pool.o');
    const source = join(VM, 'vm_pool.c');
    execFileSync('arm-none-eabi-gcc', [
      ...CPU,
      '-std=c11',
      level,
      '-I',
      VM,
      '-c',
      source,
      '-o',
      object,
    ]);
    report(`at ${level}`, object);
  }
} finally {
  rmSync(folder, { recursive: true });
}
