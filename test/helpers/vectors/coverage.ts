import { errorName, OPCODES, VM_ERRORS, type Opcode } from '../../../src/isa/index.ts';
import { EXECUTORS, type ExecutorName } from './executors.ts';
import type { VectorRecord } from './record.ts';
import type { Vector } from './vectors.ts';

/** What the executors have run between them. */
export interface Coverage {
  /** Opcodes by faults; a cell counts the cases that each executor ran. */
  readonly table: string;
  /** What should have been run and was not, one line each. */
  readonly holes: readonly string[];
  /** What an executor cannot run, with its reason, one line each. */
  readonly excused: readonly string[];
}

/** 0 stands for the cases without a fault. */
const NORMAL = 0;

/** Faults an opcode can raise, its normal end included. */
function demanded(opcode: Opcode): number[] {
  const hasIllegalFlags = opcode.flags.kind !== 'count' || opcode.flags.max < 0xff;
  const flags = hasIllegalFlags ? [VM_ERRORS.INVALID_OPCODE] : [];
  return [NORMAL, ...opcode.faults, ...flags];
}

/** Flags values of which cases must exist: each legal one (a count: 0 and the highest) and two illegal ones. */
function flagHoles(opcode: Opcode, vectors: readonly Vector[]): string[] {
  const seen = new Set(vectors.flatMap(({ flags }) => flags));
  const rule = opcode.flags;
  const legal =
    rule.kind === 'choice'
      ? Object.keys(rule.names).map(Number)
      : [0, ...(rule.kind === 'count' ? [rule.max] : [])];
  const highest = Math.max(...legal);
  const illegal = highest === 0xff ? [] : [highest + 1, 0xff];
  return [...legal, ...illegal]
    .filter((flags) => !seen.has(flags))
    .map((flags) => `${opcode.name}: no case with flags ${flags}`);
}

/** What is missing in the vectors themselves, whoever runs them. */
export function vectorHoles(vectors: readonly Vector[]): string[] {
  return OPCODES.flatMap((opcode) => {
    const own = vectors.filter((vector) => vector.opcode?.name === opcode.name);
    const demands = demanded(opcode);
    const missing = demands
      .filter((fault) => !own.some((vector) => vector.fault === fault))
      .map((fault) => `${opcode.name}: no case ${faultText(fault)}`);
    const unlisted = own
      .filter(({ fault }) => !demands.includes(fault))
      .map(({ id, fault }) => `${id}: fault ${fault} is not listed for it`);
    return [...missing, ...unlisted, ...flagHoles(opcode, own)];
  });
}

function faultText(fault: number): string {
  return fault === NORMAL ? 'without a fault' : `of fault ${fault} ${errorName(fault)}`;
}

type Records = Readonly<Partial<Record<ExecutorName, VectorRecord | undefined>>>;

/** A group of cases as one executor ran them. */
function look(vectors: readonly Vector[], record: VectorRecord | undefined) {
  const results = vectors.map(({ id }) => ({ id, result: record?.cases[id] }));
  return {
    ran: results.filter(({ result }) => result === null).length,
    reasons: results.flatMap(({ id, result }) =>
      typeof result === 'string' ? [{ id, reason: result }] : [],
    ),
    forgotten: results.filter(({ result }) => result === undefined).map(({ id }) => id),
  };
}

/** The cells of one opcode, and what is wrong with them. */
function lookAt(
  opcode: Opcode,
  vectors: readonly Vector[],
  records: Records,
  columns: readonly number[],
) {
  const holes: string[] = [];
  const excused: string[] = [];
  const demands = demanded(opcode);
  const cells = columns.map((fault) => {
    const group = vectors.filter((one) => one.opcode?.name === opcode.name && one.fault === fault);
    if (group.length === 0) return demands.includes(fault) ? '!' : '';
    const counts = EXECUTORS.map((executor) => {
      const { ran, reasons, forgotten } = look(group, records[executor]);
      if (ran === 0 && forgotten.length === 0) {
        const why = [...new Set(reasons.map(({ reason }) => reason))].join('; ');
        const line = `${opcode.name} ${faultText(fault)} on ${executor}: ${why}`;
        // That other cases of the same kind are run is no reason when there are none.
        const isVariantOnly = group.every(({ variant }) => variant);
        (isVariantOnly ? holes : excused).push(line);
      }
      return ran;
    });
    return counts.join('/');
  });
  return { cells, holes, excused };
}

function render(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Opcode × fault × executor, from the vectors and from what each executor recorded. */
export function coverageOf(vectors: readonly Vector[], records: Records): Coverage {
  const columns = [NORMAL, ...new Set(OPCODES.flatMap(demanded))]
    .filter((fault, at, all) => all.indexOf(fault) === at)
    .sort((a, b) => a - b);
  const looks = OPCODES.map((opcode) => lookAt(opcode, vectors, records, columns));
  const forgotten = EXECUTORS.flatMap((executor) =>
    look(vectors, records[executor]).forgotten.map((id) => `${id}: not run by ${executor}`),
  );
  const totals = EXECUTORS.map((executor) => look(vectors, records[executor]).ran).join('/');
  const rows = [
    ['opcode', ...columns.map((fault) => (fault === NORMAL ? 'no fault' : `fault ${fault}`))],
    ...OPCODES.map(({ name }, at) => [name, ...(looks[at]?.cells ?? [])]),
  ];
  return {
    table: [
      `Cases run by ${EXECUTORS.join('/')}: ${totals} of ${vectors.length}.`,
      columns
        .slice(1)
        .map((fault) => `${fault} ${errorName(fault)}`)
        .join(', '),
      render(rows),
    ].join('\n'),
    holes: [...vectorHoles(vectors), ...looks.flatMap(({ holes }) => holes), ...forgotten],
    excused: looks.flatMap(({ excused }) => excused),
  };
}
