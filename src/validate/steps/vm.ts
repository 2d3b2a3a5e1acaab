import type { CycleCosts } from '../bench.ts';
import { DIGEST_SKETCH, FATAL_SKETCH } from '../sketches.ts';
import { atRate, judged, passed, skipped, type Step } from '../step.ts';

/** CRC-32 of 1,500 bytes i & 255, before its last inversion, computed by Python's zlib.crc32 and not by this project. */
const CRC = '27d08ab5';

/** `PUSH 12.0/9.5, ..., W1 fib(20) 5.21/4.02 M`: with hot code in flash, and in CCM SRAM. */
function cyclesText({ flash, ccm }: CycleCosts): string {
  const pair = (one: number, other: number | undefined, digits: number): string =>
    `${one.toFixed(digits)}/${(other ?? NaN).toFixed(digits)}`;
  const opcodes = flash.opcodes.map(
    (cost, index) => `${cost.name} ${pair(cost.cycles, ccm.opcodes[index]?.cycles, 1)}`,
  );
  const workloads = flash.workloads.map((cost, index) => {
    const other = (ccm.workloads[index]?.cycles ?? NaN) / 1e6;
    return `${cost.id} ${cost.title} ${pair(cost.cycles / 1e6, other, 2)} M`;
  });
  const clock = flash.clockHz === undefined ? '' : `at ${flash.clockHz / 1e6} MHz, `;
  return `${clock}hot code in flash/CCM SRAM: ${[...opcodes, ...workloads].join(', ')}`;
}

const cycles: Step = {
  id: 'cycles',
  title: 'cycles of the VM for each opcode, by DWT',
  expects: 'measured and written down; a figure fails only when no cycle was counted',
  // Twice 60 s at most for the benchmark and 60 s for two files to flash and verify, and 120 s to open the bench again, as over USB.
  limitMs: 360_000,
  run: async ({ bench }) => {
    const costs = await bench.cycles();
    if (costs === undefined) return skipped('the bench has no cycle counter: DWT does not count');
    const wrong = (['flash', 'ccm'] as const).flatMap((place) =>
      costs[place].opcodes
        .filter((cost) => !(cost.cycles > 0))
        .map(({ name }) => `${name} (${place})`),
    );
    const reasons = wrong.length === 0 ? [] : [`no cycle was counted for ${wrong.join(', ')}`];
    return judged(reasons, cyclesText(costs));
  },
};

const digest: Step = {
  id: 'digest',
  title: 'lockstep by digest at the rate of the line',
  expects: `board and model agree on every step, and print ${CRC}`,
  limitMs: 60_000,
  run: async ({ bench }) => {
    const { lines, steps, ms } = await bench.sketch(DIGEST_SKETCH, {
      clock: 'virtual',
    });
    const speed = Math.floor((1000 * steps) / ms);
    const wrong = lines.join() === CRC ? [] : [`printed ${lines.join(' ') || 'nothing'}`];
    return judged(
      wrong,
      `${steps} steps in ${ms.toFixed(0)} ms, upload included: ${speed} a second, ${atRate(bench)}`,
    );
  },
};

/** A firmware that dies on purpose, and what the probe must find. */
const ACCIDENTS = [
  {
    id: 'hang',
    title: 'a firmware that hangs',
    defect: 'HANG_IN_DELAY',
    evidence: /cvm_defect_hang/,
  },
  {
    id: 'crash',
    title: 'a firmware that crashes',
    defect: 'HARD_FAULT_IN_MOD',
    evidence: /HardFault/,
  },
] as const;

const accidents: readonly Step[] = ACCIDENTS.map(({ id, title, defect, evidence: proof }) => ({
  id: `recovery/${id}`,
  title: `${title}, and recovery`,
  expects:
    'noticed, charged to the firmware with evidence of the probe, and the board brought back',
  // Opened twice (120 s at most each over USB, 4 s emulated), looked into (10 s) and the first rungs of the ladder (24 s).
  limitMs: 300_000,
  run: async ({ bench }) => {
    if (bench.kind === 'native') return skipped('the bench has no debug probe');
    const done = await bench.accident(defect, FATAL_SKETCH);
    if ('build' in done)
      return skipped(`no firmware with the defect ${defect}; build it: ${done.build}`);
    const { outcome, causeClass, summary, evidence, mendedBy } = done;
    const wrong = [
      ...(outcome === 'failed' && causeClass === 'firmware'
        ? []
        : [`the run was ${outcome}, charged to ${causeClass}: ${summary}`]),
      ...(proof.test(evidence.join('\n'))
        ? []
        : [`the probe found no sign of it: ${evidence.join('; ')}`]),
      ...(mendedBy === undefined ? ['no rung of the ladder brought the board back'] : []),
    ];
    if (wrong.length > 0) return judged(wrong, summary);
    return passed(`${summary}; brought back by ${mendedBy ?? ''}`);
  },
}));

/** What the VM does at speed, and what happens when it dies. */
export const VM_STEPS: readonly Step[] = [cycles, digest, ...accidents];
