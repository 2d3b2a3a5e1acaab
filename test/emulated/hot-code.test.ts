import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { openTestBench, type TestBench } from '../helpers/bench.ts';
import { expectAlike } from '../helpers/digest-on-bench.ts';
import { buildHotInCcm } from '../helpers/firmware.ts';
import { testPrograms } from '../helpers/programs.ts';

/** CCM SRAM (RM0440 2.2). */
const inCcm = (address: number): boolean => address >= 0x1000_0000 && address < 0x1000_8000;

/** Calls, arrays, which clear memory, and texts: what hot code calls besides handlers. */
const PROGRAMS = /^(?:functions|arrays|printf_formats)\b/;

let elf = '';
let bench: TestBench;
beforeAll(async () => {
  elf = await buildHotInCcm();
  bench = await openTestBench('emulated', elf);
});
afterAll(() => bench[Symbol.asyncDispose]());

describe('firmware that executes hot code from CCM SRAM', () => {
  it('says so, and has room for half as long epochs', () => {
    expect(bench.hello).toMatchObject({ hot: 'ccm', build: 'harness', epoch: 2048, arena: 20_480 });
  });

  it('has run loop, handlers and what they call there, and what is seldom called in flash', async () => {
    const { stdout } = await execa('arm-none-eabi-nm', [elf]);
    const placed = (name: string): boolean =>
      inCcm(parseInt(new RegExp(`^([0-9a-f]+) \\w ${name}$`, 'm').exec(stdout)?.[1] ?? '', 16));
    const hot = ['cvm_run', 'cvm_loop', 'cvm_dispatch_table', 'cvm_op_add', 'cvm_format', 'memset'];
    expect(hot.filter((name) => !placed(name))).toEqual([]);
    const cold = ['reset_handler', 'cvm_image_open', 'requests_answer'];
    expect(cold.filter(placed)).toEqual([]);
  });

  it('calls nothing in flash by a branch for an instruction', async () => {
    const { stdout } = await execa('arm-none-eabi-objdump', ['-d', '-j', '.hot', elf]);
    expect(stdout).toContain('<cvm_run>:');
    expect(stdout.match(/\bbl?(?:\.w)?\t.*_veneer>/g)).toBeNull();
  });

  it.each(testPrograms().filter(({ name }) => PROGRAMS.test(name)))(
    'agrees with the model on every step of $name, by trace and by digest',
    async ({ name, source, rounds }) => {
      const compiled = compile(source, name);
      if (!compiled.ok) throw new Error(`${name} does not compile`);
      const trace = await bench.lockstep(compiled.program, rounds);
      expect(trace.mismatch).toBeUndefined();
      expect(trace.state?.differences).toEqual([]);
      expect(trace.stepsCompared).toBeGreaterThan(50);
      const comparison = { mode: 'digest', epoch: bench.hello.epoch } as const;
      const digest = await bench.lockstep(compiled.program, rounds, { comparison });
      expectAlike({ trace, digest });
    },
  );
});
