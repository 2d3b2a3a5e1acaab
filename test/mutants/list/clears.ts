import type { Mutant } from '../types.ts';

const MEMORY = 'vm/vm_memory.c';
const ENGINE = 'vm/vm_engine.c';
const IO = 'agent/io.c';
const PINS = 'agent/io_pins.c';

const CELLS = 64;

/** What load and reset clear. */
export const CLEARS: readonly Mutant[] = [
  {
    id: 'create-array-not-zeroed',
    class: 'missed clear',
    file: MEMORY,
    edits: [
      { find: '    memset(memory->arrays[id], 0, sizeof memory->arrays[id]);\n', replace: '' },
    ],
    sight: {
      kind: 'equivalent',
      reason:
        'Load and reset zero every cell, only an active array can be stored to, and nothing makes one inactive again: the cells are 0 already.',
    },
  },
  {
    id: 'clear-leaves-arrays',
    class: 'missed clear',
    file: MEMORY,
    edits: [
      {
        find: 'memset(context, 0, sizeof *context);',
        replace: 'memset(context->globals, 0, sizeof context->globals);',
      },
    ],
    sight: {
      kind: 'carried',
      spoil: () => {
        const lengths = new Uint8Array(16);
        const cells = new Int32Array(16 * CELLS);
        return {
          load: ({ context }) => {
            context.arrayLengths.set(lengths);
            context.arrays.set(cells);
          },
          after: ({ context }) => {
            lengths.set(context.arrayLengths);
            cells.set(context.arrays);
          },
        };
      },
    },
  },
  {
    id: 'clear-leaves-the-first-global',
    class: 'missed clear',
    file: MEMORY,
    edits: [
      {
        find: 'memset(context, 0, sizeof *context);',
        replace: `const int32_t kept = context->globals[0];
    memset(context, 0, sizeof *context);
    context->globals[0] = kept;`,
      },
    ],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: ({ context }) => {
            context.globals[0] = kept;
          },
          after: ({ context }) => {
            kept = context.globals[0] ?? 0;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-rounds',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    engine->rounds = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: (machine) => {
            machine.rounds = kept;
          },
          after: ({ rounds }) => {
            kept = rounds;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-steps',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    engine->steps = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: (machine) => {
            machine.executed = kept;
          },
          after: ({ executed }) => {
            kept = executed;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-depth',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    engine->depth = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let kept = 0;
        return {
          load: (machine) => {
            machine.depth = kept;
          },
          after: ({ depth }) => {
            kept = depth;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-the-stack-cells',
    class: 'missed clear',
    file: ENGINE,
    edits: [{ find: '    memset(engine->stack, 0, sizeof engine->stack);\n', replace: '' }],
    sight: {
      kind: 'equivalent',
      reason:
        'The stack is empty all the same, and no instruction reads a cell above its top before it was written.',
    },
  },
  {
    id: 'reset-leaves-the-clock',
    class: 'missed clear',
    file: IO,
    edits: [{ find: '    io->virtual_delay_ms = 0;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        let delays = 0;
        return {
          load: ({ io }) => {
            io.delay(delays);
          },
          after: (_machine, { op, fault, b }) => {
            if (op === 'DELAY' && fault === 0) delays += b;
          },
        };
      },
    },
  },
  {
    id: 'reset-leaves-pin-modes',
    class: 'missed clear',
    file: PINS,
    edits: [{ find: '        io->modes[pin] = BOARD_PIN_UNCONFIGURED;\n', replace: '' }],
    sight: {
      kind: 'carried',
      spoil: () => {
        const modes = new Map<number, number>();
        return {
          load: ({ io }) => {
            for (const [pin, mode] of modes) io.pinMode(pin, mode);
          },
          after: (_machine, { op, fault, a, b }) => {
            if (fault !== 0) return;
            if (op === 'PIN_MODE') modes.set(a, b);
            if (op === 'DIGITAL_READ' && !modes.has(b)) modes.set(b, 0);
          },
        };
      },
    },
  },
];
