import type { Builds } from './builds.ts';
import type { VmCosts } from './costs.ts';

/** The same builds, executed from either memory. */
export interface HotCodeBuilds {
  readonly flash: Builds;
  readonly ccm: Builds;
}

/** What was measured of them, and where. */
export interface HotCodeMeasured {
  /** Arm instructions. */
  readonly emulated: HotCodeBuilds;
  /** Cycles of the same, on a real board. */
  readonly board: HotCodeBuilds | undefined;
}

const NAMES = 34;
const WIDTH = 12;
const COLUMNS = ['table', 'table CCM', 'switch', 'switch CCM'];

type Unit = 'instructions' | 'cycles';

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(NAMES) + cells.map((cell) => cell.padStart(WIDTH)).join('');

interface Row {
  readonly name: string;
  readonly value: number;
  readonly digits: number;
  /** Two values of the row that are this close are the same. */
  readonly doubt: number;
}

/**
 * All rows of one build: opcodes, then workloads in millions. The counter goes on once an instruction, and an opcode's figure is that of
 * 8 executions at least, from four readings: half an instruction in doubt. Of a workload two decimals are shown.
 */
function rowsOf(costs: VmCosts, unit: Unit): Row[] {
  const opcodes = costs.opcodes.map((cost) => ({
    ...{ name: cost.name, value: cost[unit], digits: 1, doubt: 0.5 },
  }));
  const workloads = costs.workloads.map((cost) => ({
    ...{ name: `${cost.id} ${cost.title}, millions`, value: cost[unit] / 1e6 },
    ...{ digits: 2, doubt: 0.005 },
  }));
  return [...opcodes, ...workloads];
}

function tableLines({ flash, ccm }: HotCodeBuilds, unit: Unit): string[] {
  const builds = [flash.table, ccm.table, flash.switched, ccm.switched];
  const columns = builds.map((costs) => rowsOf(costs, unit));
  const lines = rowsOf(flash.table, unit).map(({ name, digits }, index) => {
    const values = columns.map((rows) => rows[index]?.value ?? NaN);
    return row(
      name,
      values.map((value) => value.toFixed(digits)),
    );
  });
  return [row(unit, COLUMNS), ...lines];
}

/** In how many rows the two places differ, by either kind of dispatch. */
function differing({ flash, ccm }: HotCodeBuilds): string {
  const differs = (one: VmCosts, other: VmCosts): boolean[] => {
    const others = rowsOf(other, 'instructions');
    return rowsOf(one, 'instructions').map(
      ({ value, doubt }, index) => !(Math.abs(value - (others[index]?.value ?? NaN)) <= doubt),
    );
  };
  const switched = differs(flash.switched, ccm.switched);
  const rows = differs(flash.table, ccm.table).map((table, index) => table || switched[index]);
  return `flash and CCM differ, by more than the counter is in doubt, in ${rows.filter(Boolean).length} of ${rows.length} rows`;
}

/** Hot code in flash and in CCM SRAM side by side. */
export function hotCodeLines({ emulated, board }: HotCodeMeasured): string[] {
  const { flash, ccm } = emulated;
  return [
    'Hot code in flash and in CCM SRAM: Arm instructions for each VM instruction and workload',
    'Arm instructions do not tell what fetching them takes: the flash has 4 wait states at 170 MHz, CCM SRAM has none.',
    ...(board === undefined
      ? [
          'That is seen in cycles alone, on a real board (--bench nucleo); no silicon has been measured.',
        ]
      : []),
    ...tableLines(emulated, 'instructions'),
    differing(emulated),
    row(
      'hot code, bytes',
      [flash.table, ccm.table, flash.switched, ccm.switched].map(({ hotBytes }) =>
        String(hotBytes),
      ),
    ),
    ...(board === undefined ? [] : ['', ...tableLines(board, 'cycles')]),
  ];
}
