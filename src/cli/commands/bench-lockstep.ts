import { resolve } from 'node:path';
import { connectBoard, loadBench, loadBoard, openRig } from '../../bench/index.ts';
import { aimLine, type Aim } from '../../measure/index.ts';
import { measureLockstep, type LockstepSpeed } from '../../suite/index.ts';
import type { CliContext } from '../context.ts';
import { loadProgram } from '../load-program.ts';
import { aimsExitCode, type AimOptions } from '../require-aims.ts';

/** Runs for ever, without inputs. */
const PROGRAM = resolve(import.meta.dirname, '../../../hil-config/programs/bench/lockstep.ino');
const BAUD_RATES = [115_200, 921_600, 2_000_000];
/** A byte on the line: start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

const perSecond = ({ steps, ms }: LockstepSpeed): number => (1000 * steps) / ms;
const bytesPerStep = (speed: LockstepSpeed): number =>
  (speed.bytesIn + speed.bytesOut) / speed.steps;

/** Steps a second that a line of this speed can carry; both directions at the same time. */
function lineLimit({ steps, bytesIn, bytesOut }: LockstepSpeed, baud: number): number {
  return (baud / BITS_PER_BYTE / Math.max(bytesIn, bytesOut)) * steps;
}

const whole = (value: number): string => Math.floor(value).toLocaleString('en-GB');

/** The figures as lines of text: one row for each way of running, then what lines of several speeds can carry. */
function speedLines(speeds: readonly LockstepSpeed[]): string[] {
  const [free] = speeds;
  const header = `${''.padEnd(14)}${'steps/s'.padStart(14)}${'of free'.padStart(10)}${'bytes/step'.padStart(12)}`;
  const rows = speeds.map((speed) => {
    const share = free === undefined ? 0 : (100 * perSecond(speed)) / perSecond(free);
    const bytes = speed.bytesIn === 0 ? '-' : bytesPerStep(speed).toFixed(4);
    return `${speed.name.padEnd(14)}${whole(perSecond(speed)).padStart(14)}${`${share.toFixed(3)} %`.padStart(10)}${bytes.padStart(12)}`;
  });
  const compared = speeds.filter(({ bytesIn }) => bytesIn > 0);
  const limits = compared.map(
    (speed) =>
      `${speed.name.padEnd(14)}${BAUD_RATES.map((baud) => whole(lineLimit(speed, baud)).padStart(14)).join('')}`,
  );
  return [
    header,
    ...rows,
    '',
    'Steps a second that the line can carry, computed from the bytes sent',
    `${'baud'.padEnd(14)}${BAUD_RATES.map((baud) => whole(baud).padStart(14)).join('')}`,
    ...limits,
    '',
    ...lockstepAims(speeds).map(aimLine),
  ];
}

/** What is aimed at. That of GDB is left out on a bench without a probe. */
function lockstepAims(speeds: readonly LockstepSpeed[]): Aim[] {
  const [free, digest] = speeds;
  const gdb = speeds.find(({ name }) => name.startsWith('GDB'));
  if (free === undefined || digest === undefined) return [];
  const share = perSecond(digest) / perSecond(free);
  const factor = gdb === undefined ? undefined : perSecond(digest) / perSecond(gdb);
  return [
    {
      met: share >= 0.5,
      text: `digest: ${(100 * share).toFixed(1)} % of the free-run rate, at least 50 %`,
    },
    {
      met: perSecond(digest) >= 1e6,
      text: `digest: ${whole(perSecond(digest))} verified steps/s, at least 1,000,000`,
    },
    {
      met: bytesPerStep(digest) <= 0.02,
      text: `digest: ${bytesPerStep(digest).toFixed(4)} bytes on the line for a step, at most 0.02`,
    },
    ...(factor === undefined
      ? []
      : [
          {
            met: factor >= 1000,
            text: `digest: ${whole(factor)} times the GDB-stepped rate, at least 1,000`,
          },
        ]),
  ];
}

/** `bench lockstep --bench NAME`: prints what comparing costs in each mode, on one start of the board. */
export async function benchLockstepCommand(
  context: CliContext,
  options: AimOptions & { bench: string },
): Promise<number> {
  const { resources, signal, log } = context;
  const bench = await loadBench(options.bench);
  const board = await loadBoard(bench.board);
  const { program } = await loadProgram(PROGRAM, context);
  const rig = await openRig(bench, { board, firmware: undefined, resources, signal, log });
  const beforeHello = async (): Promise<void> => {
    await rig.probe?.flash();
  };
  const connected = await connectBoard(rig, { board, resources, log, beforeHello });
  context.out(`Verified steps a second on ${rig.ranOn}`);
  const speeds = await measureLockstep({ connected, rig, board, program, signal });
  for (const line of speedLines(speeds)) context.out(line);
  return aimsExitCode(context, lockstepAims(speeds), options);
}
