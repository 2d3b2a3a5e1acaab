import type { Rig } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { VM_NAMES } from '../isa/index.ts';
import type { Program } from '../image/index.ts';
import { withDeadline } from '../process/index.ts';
import type { LastSteps, RingExaminer } from '../lockstep/index.ts';
import {
  FAULT_STATUS,
  faultLines,
  heldFirmware,
  parseFaultStatus,
  startGdb,
  type FaultStatus,
  type Gdb,
  type OpenOcd,
} from '../probe/index.ts';
import type { RunRecord, Verdict } from '../results/index.ts';
import { ringByProbe } from './last-steps.ts';
import { stackOverflow } from './stack-overflow.ts';
import { instructionText, sourceOf } from './program-text.ts';

/** GDB reads the ELF in about 0.5 s, attaches and walks the stack in as much again; ten times that for a loaded machine. */
const FORENSICS_MS = 10_000;

type Forensics = NonNullable<RunRecord['forensics']>;

/** A program, the VM it was given to, and what tells from that VM's ring how far it came. */
interface Loaded {
  readonly vm: number;
  readonly program: Program;
  readonly examine: RingExaminer | undefined;
}

/** What the probe found. */
export interface Gathered {
  readonly forensics: Forensics;
  /** How far VMs came, by their rings. */
  readonly lastSteps: ReadonlyMap<number, LastSteps>;
}

/** Where the firmware keeps its VMs (firmware/agent/session.c). */
const engine = (vm: number): string => `'session.c'::sessions[${vm}].vm.engine`;

/** A VM's registers as the debugger reads them: a witness that needs no agent. */
async function readVm(gdb: Gdb, { vm, program }: Loaded): Promise<Forensics['vms'][number]> {
  const read = async (name: string): Promise<number> => {
    const { number } = await gdb.variable(`${engine(vm)}.${name}`);
    if (number === undefined) throw new HilError('rig', `${engine(vm)}.${name} is no number`);
    return number;
  };
  const pc = await read('pc');
  return {
    vmName: VM_NAMES[vm] ?? `VM ${vm}`,
    pc,
    steps: await read('steps'),
    sp: await read('sp'),
    depth: await read('depth'),
    instruction: instructionText(program, pc),
    ...sourceOf(program, pc),
  };
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** The fault status registers, whatever OpenOCD makes of them. */
async function readFaults(openocd: OpenOcd): Promise<FaultStatus | undefined> {
  try {
    const { address, bytes } = FAULT_STATUS;
    return parseFaultStatus(await openocd.readMemory(address, bytes));
  } catch {
    return undefined;
  }
}

async function look(
  rig: Rig,
  openocd: OpenOcd,
  programs: readonly Loaded[],
  signal: AbortSignal,
): Promise<Gathered> {
  const core = await openocd.targetState();
  await using gdb = await startGdb({ elfPath: rig.elfPath, port: openocd.gdbPort, signal });
  // GDB has halted the core by attaching; it is left as it was found.
  const registers = await gdb.registers();
  const faults = await readFaults(openocd);
  const overflow = await stackOverflow(gdb).catch(() => []);
  const frames = await gdb.backtrace();
  const flash = await heldFirmware(openocd, rig.elfPath, signal).catch(() => undefined);
  // Firmware from elsewhere may keep its VMs elsewhere; the C side is worth showing all the same.
  const vms: Forensics['vms'] = [];
  const lastSteps = new Map<number, LastSteps>();
  for (const loaded of programs) {
    const vm = await readVm(gdb, loaded).catch(() => undefined);
    if (vm !== undefined) vms.push(vm);
    const last = await lookAtRing(gdb, openocd, loaded).catch(() => undefined);
    if (last !== undefined) lastSteps.set(loaded.vm, last);
  }
  const forensics = {
    core,
    ...(flash === undefined ? {} : { flash }),
    ...(faults === undefined
      ? {}
      : { fault: [...overflow, ...faultLines(faults, registers.get('xPSR') ?? 0)] }),
    vms,
    registers: Object.fromEntries(
      [...registers, ...Object.entries<number>({ ...faults })].map(([name, value]) => [
        name,
        hex(value),
      ]),
    ),
    backtrace: frames.map((frame) => {
      const where = frame.file === undefined ? '' : ` at ${frame.file}:${frame.line ?? '?'}`;
      return `#${frame.level} ${frame.func}${where}`;
    }),
  };
  return { forensics, lastSteps };
}

async function lookAtRing(
  gdb: Gdb,
  openocd: OpenOcd,
  { vm, examine }: Loaded,
): Promise<LastSteps | undefined> {
  const ring = examine === undefined ? undefined : await ringByProbe(gdb, openocd, vm);
  return ring === undefined ? undefined : examine?.(ring);
}

/** A run's verdict when the board turns out not to hold the firmware any more: nothing is known of the VM then. */
export function withFlashSeen(verdict: Verdict, { flash }: Forensics): Verdict {
  if (verdict.outcome === 'passed' || flash === undefined || flash === 'firmware') return verdict;
  const what = flash === 'erased' ? 'is erased' : 'holds something else than the firmware';
  return {
    outcome: 'errored',
    causeClass: 'rig',
    summary: `the board's flash ${what}: ${verdict.summary}`,
    fix: 'flash it again: cockpit-hil flash',
  };
}

/**
 * Asks the debug probe where the core is. A second, independent witness for a board whose agent is silent.
 * @returns undefined on a bench without a probe; what went wrong, as a backtrace line, when the probe could not tell either
 */
export async function gatherForensics(
  rig: Rig,
  programs: readonly Loaded[],
  signal: AbortSignal,
): Promise<Gathered | undefined> {
  const { probe } = rig;
  if (probe === undefined) return undefined;
  try {
    // An OpenOCD that died is started again; that doesn't touch the core.
    const looking = probe.ensure(signal).then((openocd) => look(rig, openocd, programs, signal));
    return await withDeadline(looking, FORENSICS_MS, 'the debug probe to look at the core');
  } catch (error) {
    const backtrace = [`the probe could not tell: ${errorText(error)}`];
    return { forensics: { registers: {}, vms: [], backtrace }, lastSteps: new Map() };
  }
}
