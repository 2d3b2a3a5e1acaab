import type { OpcodeCost, VmCosts, WorkloadCost } from './costs.ts';
import type { ModelSpeed } from './model.ts';
import { PEERS } from './workloads.ts';

/** The same VM behind each kind of dispatch. */
export interface Builds {
  readonly table: VmCosts;
  readonly switched: VmCosts;
}

/** The most Arm instructions that a simple instruction may cost in the release build, dispatch included. */
const SIMPLE_TARGET = 20;
const SIMPLE = ['PUSH', 'ADD', 'LOAD_LOCAL', 'JMP'];
/** Millions of steps a second. */
const MODEL_TARGET = 60;
const AHEAD_OF = ['Lua 5.4', 'Femto-Containers eBPF'];

const cell = (value: number, width: number, digits = 1): string =>
  value.toFixed(digits).padStart(width);
const cycles = (value: number): string => (value === 0 ? '-'.padStart(9) : cell(value, 9));

function opcodeLines({ table, switched }: Builds): string[] {
  const header = `${'instruction'.padEnd(24)}${'table'.padStart(8)}${'switch'.padStart(8)}${'cycles'.padStart(9)}`;
  const rows = table.opcodes.map((cost, index) => {
    const other: OpcodeCost = switched.opcodes[index] ?? cost;
    return `${cost.name.padEnd(24)}${cell(cost.instructions, 8)}${cell(other.instructions, 8)}${cycles(other.cycles)}`;
  });
  return [header, ...rows];
}

const millions = ({ instructions }: WorkloadCost): number => instructions / 1e6;

function workloadLines({ table, switched }: Builds): string[] {
  const titles = table.workloads.map(({ id, title }) => `${id} ${title}`.padStart(15));
  const line = (name: string, values: readonly number[], digits = 2): string =>
    `${name.padEnd(24)}${values.map((value) => cell(value, 15, digits)).join('')}`;
  const ours = [
    line('switch (release)', switched.workloads.map(millions)),
    line('table (harness)', table.workloads.map(millions)),
  ];
  const peers = PEERS.map((peer) => line(peer.name, peer.millions));
  const steps = table.workloads.map((cost) => cost.steps);
  return [
    `${''.padEnd(24)}${titles.join('')}`,
    ...ours,
    ...peers,
    line('VM instructions', steps, 0),
    line(
      'Arm per VM instruction',
      switched.workloads.map((cost) => cost.instructions / cost.steps),
    ),
  ];
}

const verdict = (met: boolean): string => (met ? 'met   ' : 'MISSED');

function targetLines({ switched }: Builds, speeds: readonly ModelSpeed[]): string[] {
  const simple = SIMPLE.map((name) => {
    const cost = switched.opcodes.find((it) => it.name === name)?.instructions ?? NaN;
    return `${verdict(cost <= SIMPLE_TARGET)} ${name}: ${cost.toFixed(1)} of at most ${SIMPLE_TARGET} Arm instructions`;
  });
  const ahead = PEERS.filter(({ name }) => AHEAD_OF.includes(name)).flatMap((peer) =>
    switched.workloads.map((cost, index) => {
      const theirs = peer.millions[index] ?? NaN;
      return `${verdict(millions(cost) < theirs)} ${cost.id}: ${millions(cost).toFixed(2)} M, ${peer.name} ${theirs} M`;
    }),
  );
  const model = speeds.map(
    ({ id, best }) =>
      `${verdict(best >= MODEL_TARGET)} model, ${id}: ${best.toFixed(1)} of at least ${MODEL_TARGET} M steps/s`,
  );
  return [...simple, ...ahead, ...model];
}

/** All figures as lines of text. Columns are Arm instructions unless they say otherwise. */
export function reportLines(
  builds: Builds,
  speeds: readonly ModelSpeed[],
  machine: { emulated: string; host: string },
): string[] {
  return [
    `Arm instructions for each VM instruction, dispatch included (${machine.emulated})`,
    ...opcodeLines(builds),
    '',
    'Workloads, millions of Arm instructions; peers at -O2 on the same emulated processor',
    ...workloadLines(builds),
    '',
    `Reference model, millions of steps a second on one core, best and median (${machine.host})`,
    ...speeds.map(
      ({ id, title, best, median }) =>
        `${`${id} ${title}`.padEnd(24)}${cell(best, 8)}${cell(median, 8)}`,
    ),
    '',
    'Targets for the release build',
    ...targetLines(builds, speeds),
  ];
}
