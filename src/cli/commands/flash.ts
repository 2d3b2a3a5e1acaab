import { loadBench, loadBoard, openRig } from '../../bench/index.ts';
import { HilError } from '../../errors/index.ts';
import { seconds } from '../../report/index.ts';
import type { CliContext } from '../context.ts';

/** `flash --bench NAME`: puts the firmware on the board, unless the board holds it already. */
export async function flashCommand(
  context: CliContext,
  options: { bench: string; firmware?: string },
): Promise<number> {
  const bench = await loadBench(options.bench);
  const board = await loadBoard(bench.board);
  const { resources, signal, log } = context;
  const rig = await openRig(bench, { board, firmware: options.firmware, resources, signal, log });
  if (rig.probe === undefined) {
    throw new HilError(
      'usage',
      `bench ${bench.name} has no flash: its firmware is a process of this machine`,
      'use --bench emulated or --bench nucleo',
    );
  }
  context.out(`board   ${rig.ranOn}`);
  const from = performance.now();
  const done = await rig.probe.flash((phase) => {
    context.out(`flash   ${phase}`);
  });
  context.out(`image   SHA-256 ${done.imageSha256}, ${done.bytes} bytes of ${rig.elfPath}`);
  context.out(`before  SHA-256 ${done.boardSha256Before}`);
  const what =
    done.action === 'skipped'
      ? 'skipped: the board holds this image already; it was reset and runs'
      : 'written, verified by OpenOCD, and reset';
  context.out(`${what} (${seconds(performance.now() - from)})`);
  return 0;
}
