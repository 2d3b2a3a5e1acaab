import { BOARD_FILE, BoardProbe, loadBench, loadBoard, startNucleo } from '../../bench/index.ts';
import { HilError } from '../../errors/index.ts';
import type { CliContext } from '../context.ts';

/** The bench whose board and firmware the emulator takes. */
const BENCH = 'emulated';

/**
 * `emulator`: starts an emulated Nucleo, flashes it, and leaves it running until a signal, with everything printed that a person
 * needs to attach a terminal program, GDB and OpenOCD.
 */
export async function emulatorCommand(
  context: CliContext,
  options: { firmware?: string; blank?: true },
): Promise<number> {
  const bench = await loadBench(BENCH);
  if (bench.kind !== 'emulated') {
    throw new HilError('usage', `bench ${BENCH} is of kind ${bench.kind}`, 'restore its file');
  }
  const board = await loadBoard(bench.board);
  const nucleo = await startNucleo(board, context);
  const elf = options.firmware ?? bench.firmware;
  const probe = await BoardProbe.open({
    ...context,
    probe: { args: nucleo.openocdArgs, serial: nucleo.stlinkSerial },
    elfPath: elf,
    expected: { board, uid: undefined },
  });
  if (options.blank !== true) await probe.flash();
  const quoted = [...nucleo.openocdArgs.pre, '-f', BOARD_FILE, ...nucleo.openocdArgs.post]
    .map((word) => (/\s/.test(word) ? `"${word}"` : word))
    .join(' ');
  context.out(`board    emulated Nucleo-G474RE (not silicon), QEMU pid ${nucleo.pid}`);
  context.out(`firmware ${options.blank === true ? 'none: the flash is erased' : elf}`);
  context.out(`serial   ${nucleo.serialPath}`);
  context.out(`           picocom -b 115200 ${nucleo.serialPath}     (type ? and Enter)`);
  context.out(`gdb      127.0.0.1:${probe.openocd.gdbPort}, served by OpenOCD`);
  context.out(
    `           gdb-multiarch ${elf} -ex "target extended-remote :${probe.openocd.gdbPort}"`,
  );
  context.out(`st-link  127.0.0.1:${nucleo.stlinkPort}, for another OpenOCD`);
  context.out(`           openocd ${quoted}`);
  context.out('running; Ctrl-C ends it');
  const exit = await nucleo.exited;
  throw new HilError(
    'rig',
    `QEMU ended by itself (${exit.signal ?? `code ${exit.code ?? '?'}`}): ${exit.lastWords}`,
    'look into the log',
  );
}
