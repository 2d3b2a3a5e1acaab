import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { connectAgent } from '../../src/agent/index.ts';
import { createChannel, openSerial } from '../../src/link/index.ts';
import { cockpitHil } from '../helpers/cli.ts';
import { repositoryPath } from '../helpers/paths.ts';

/** What the emulator printed after a label. */
function printed(output: string, label: RegExp): string {
  const found = label.exec(output)?.[1];
  if (found === undefined) throw new Error(`nothing matches ${label.source} in:\n${output}`);
  return found;
}

describe('cockpit-hil emulator', () => {
  it('leaves a board that a terminal program, GDB and OpenOCD can attach to, until Ctrl-C', async () => {
    const seen = { agent: '', console: '', gdb: '', openocd: '' };
    const attach = async (output: string): Promise<void> => {
      await using line = await openSerial({
        path: printed(output, /^serial +(\S+)$/m),
        baud: 115_200,
      });
      await using channel = createChannel(line);
      const text = new Promise<string>((resolve) => channel.onConsole(resolve));
      seen.agent = (await connectAgent(channel).hello()).board;
      await line.write('?\n');
      seen.console = await text;

      const elf = repositoryPath('build', 'firmware', 'nucleo-harness', 'cockpit-agent.elf');
      const target = `target extended-remote :${printed(output, /^gdb +127\.0\.0\.1:(\d+),/m)}`;
      const gdb = ['-q', '-batch', '-nx', elf, '-ex', target, '-ex', 'backtrace'];
      seen.gdb = (await execa('gdb-multiarch', gdb, { timeout: 30_000 })).stdout;

      const backend = `hla_stlink_backend tcp ${printed(output, /^st-link +127\.0\.0\.1:(\d+),/m)}`;
      const openocd = [
        ...['-c', 'set WORKAREASIZE 0', '-f', 'board/st_nucleo_g4.cfg', '-c', backend],
        ...['-c', 'gdb_port disabled; tcl_port disabled; telnet_port disabled'],
        ...['-c', 'init; echo [read_memory 0xE0042000 32 1]; shutdown'],
      ];
      seen.openocd = (await execa('openocd', openocd, { timeout: 30_000 })).stderr;
    };
    const result = await cockpitHil(['emulator'], {
      signalAt: { after: 'running; Ctrl-C ends it', signal: 'SIGINT', first: attach },
    });
    expect(seen.agent).toBe('nucleo_g474re');
    expect(seen.console).toContain('cockpit-hil agent on nucleo_g474re');
    expect(seen.gdb).toMatch(/main \(\) at firmware\/board\/nucleo_g474re\/main\.c/);
    // DBGMCU_IDCODE: device 0x469, the STM32G47x/G48x in OpenOCD's own table.
    expect(seen.openocd).toMatch(/0x[0-9a-f]+469/);
    expect(result.code).toBe(130);
    expect(result.survivors).toEqual([]);
  });
});
