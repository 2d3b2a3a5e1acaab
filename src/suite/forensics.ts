import type { Rig } from '../bench/index.ts';
import { errorText, HilError } from '../errors/index.ts';
import { VM_NAMES } from '../isa/index.ts';
import type { Program } from '../image/index.ts';
import { withDeadline } from '../process/index.ts';
import type { LastSteps, RingExaminer } from '../lockstep/index.ts';
import { startGdb, type Gdb, type OpenOcd } from '../probe/index.ts';
import type { RunRecord } from '../results/index.ts';
import { ringByProbe } from './last-steps.ts';
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

async function look(
  rig: Rig,
  openocd: OpenOcd,
  programs: readonly Loaded[],
  signal: AbortSignal,
): Promise<Gathered> {
  await using gdb = await startGdb({ elfPath: rig.elfPath, port: openocd.gdbPort, signal });
  // GDB has halted the core by attaching; it is left as it was found.
  const registers = await gdb.registers();
  const frames = await gdb.backtrace();
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
    vms,
    registers: Object.fromEntries(
      [...registers].map(([name, value]) => [name, `0x${(value >>> 0).toString(16)}`]),
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

/**
 * Asks the debug probe where the core is. A second, independent witness for a board whose agent is silent.
 * @returns undefined on a bench without a probe; what went wrong, as a backtrace line, when the probe could not tell either
 */
export async function gatherForensics(
  rig: Rig,
  programs: readonly Loaded[],
  signal: AbortSignal,
): Promise<Gathered | undefined> {
  if (rig.probe === undefined) return undefined;
  try {
    const looking = look(rig, rig.probe.openocd, programs, signal);
    return await withDeadline(looking, FORENSICS_MS, 'the debug probe to look at the core');
  } catch (error) {
    const backtrace = [`the probe could not tell: ${errorText(error)}`];
    return { forensics: { registers: {}, vms: [], backtrace }, lastSteps: new Map() };
  }
}
