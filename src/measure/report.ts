import { aimLine, type Aim } from './aims.ts';
import type { Builds } from './builds.ts';
import type { OpcodeCost, VmCosts, WorkloadCost } from './costs.ts';
import type { ModelSpeed } from './model.ts';
import { PEERS, PEERS_MEASURED } from './workloads.ts';

/** What was measured, and where. */
export interface Measured {
  /** Arm instructions. */
  readonly emulated: Builds;
  /** Cycles of the same, on a real board. */
  readonly board: Builds | undefined;
  readonly model: readonly ModelSpeed[];
}

/** The most Arm instructions that a simple instruction may cost in the release build, dispatch included. */
const SIMPLE_TARGET = 20;
const SIMPLE = ['PUSH', 'ADD', 'LOAD_LOCAL', 'JMP'];
/** Millions of steps a second. */
const MODEL_TARGET = 60;
/** Width of the first column. */
const NAMES = 34;
const AHEAD_OF = ['Lua 5.4', 'Femto-Containers eBPF'];

const cell = (value: number, width: number, digits = 1): string =>
  value.toFixed(digits).padStart(width);
const cells = (values: readonly number[], width: number, digits?: number): string =>
  values.map((value) => cell(value, width, digits)).join('');

/** Both builds' figures of one row; none of a build that has no such row. */
const both = <T>({ table, switched }: Builds, rowsOf: (costs: VmCosts) => readonly T[]): T[][] =>
  rowsOf(table).map((row, index) => {
    const other = rowsOf(switched)[index];
    return other === undefined ? [row] : [row, other];
  });

function opcodeLines({ emulated, board }: Measured): string[] {
  const opcodes = (costs: VmCosts): readonly OpcodeCost[] => costs.opcodes;
  const header = `${''.padEnd(NAMES)}${['table', 'switch'].map((name) => name.padStart(8)).join('')}`;
  const onBoard = board === undefined ? [] : both(board, opcodes);
  const rows = both(emulated, opcodes).map((costs, index) => {
    const name = costs[0]?.name.padEnd(NAMES) ?? '';
    const instructions = costs.map((cost) => cost.instructions);
    const cycles = (onBoard[index] ?? []).map((cost) => cost.cycles);
    return `${name}${cells(instructions, 8)}${cells(cycles, 14)}`;
  });
  return [board === undefined ? header : `${header}  table cycles switch cycles`, ...rows];
}

const millions = (cost: WorkloadCost): number => cost.instructions / 1e6;
const megacycles = (cost: WorkloadCost): number => cost.cycles / 1e6;

function workloadLines({ emulated: { table, switched }, board }: Measured): string[] {
  const titles = table.workloads.map(({ id, title }) => `${id} ${title}`.padStart(15));
  const line = (name: string, values: readonly number[], digits = 2): string =>
    `${name.padEnd(NAMES)}${cells(values, 15, digits)}`;
  const steps = table.workloads.map((cost) => cost.steps);
  return [
    `${''.padEnd(NAMES)}${titles.join('')}`,
    line('switch (release)', switched.workloads.map(millions)),
    line('table (harness)', table.workloads.map(millions)),
    ...PEERS.map((peer) => line(peer.name, peer.millions)),
    line('VM instructions', steps, 0),
    line(
      'Arm per VM instruction',
      switched.workloads.map((cost) => cost.instructions / cost.steps),
    ),
    ...(board === undefined
      ? []
      : [
          line('switch, megacycles', board.switched.workloads.map(megacycles)),
          line('table, megacycles', board.table.workloads.map(megacycles)),
        ]),
  ];
}

/** What the release build is aimed at. */
export function vmAims({ emulated: { switched }, model: speeds }: Measured): Aim[] {
  const simple = SIMPLE.map((name) => {
    const cost = switched.opcodes.find((it) => it.name === name)?.instructions ?? NaN;
    const text = `${name}: ${cost.toFixed(1)} of at most ${SIMPLE_TARGET} Arm instructions`;
    return { met: cost <= SIMPLE_TARGET, text };
  });
  const ahead = PEERS.filter(({ name }) => AHEAD_OF.includes(name)).flatMap((peer) =>
    switched.workloads.map((cost, index) => {
      const theirs = peer.millions[index] ?? NaN;
      const text = `${cost.id}: ${millions(cost).toFixed(2)} M, ${peer.name} ${theirs} M`;
      return { met: millions(cost) < theirs, text };
    }),
  );
  const model = speeds.map(({ id, best, median }) => {
    const met = Math.min(best, median) >= MODEL_TARGET;
    const text = `model, ${id}: ${best.toFixed(1)}, median ${median.toFixed(1)}, of at least ${MODEL_TARGET} M steps/s`;
    return { met, text };
  });
  return [...simple, ...ahead, ...model];
}

/** Where it was measured, for the report. */
export interface Machines {
  readonly emulated: string;
  /** The board, when there was one. */
  readonly board: string | undefined;
  readonly host: string;
}

/** All figures as lines of text. Columns are Arm instructions unless they say otherwise. */
export function reportLines(measured: Measured, machines: Machines): string[] {
  const { switched } = measured.emulated;
  const made = `${switched.compiler}, ${switched.flags}`;
  return [
    'Arm instructions for each VM instruction, dispatch included',
    `measured on ${machines.emulated}; ${made}`,
    ...(machines.board === undefined ? [] : [`cycles: DWT CYCCNT of ${machines.board}`]),
    ...opcodeLines(measured),
    '',
    'Workloads, millions of Arm instructions',
    `switch and table: as above; others: measured ${PEERS_MEASURED}`,
    ...workloadLines(measured),
    '',
    `Reference model, millions of steps a second on one core, best and median (${machines.host})`,
    ...measured.model.map(
      ({ id, title, best, median }) =>
        `${`${id} ${title}`.padEnd(NAMES)}${cell(best, 8)}${cell(median, 8)}`,
    ),
    '',
    'Targets for the release build',
    ...vmAims(measured).map(aimLine),
  ];
}
