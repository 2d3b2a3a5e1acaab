/**
 * Writes docs/fidelity.md from the table that the emulated tests hold against QEMU.
 * With --check writes nothing and exits 1 when the file differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FIDELITY, type Peripheral } from '../src/bench/index.ts';

const TARGET = 'docs/fidelity.md';
const FILE = join(import.meta.dirname, '..', TARGET);

const address = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;

function row({ name, base, use, emulated, detail, harness, lacks = [] }: Peripheral): string {
  const needs = lacks.map((need) => `\`${need}\``).join(', ');
  const cells = [name, address(base), use, `**${emulated}**: ${detail}`, harness, needs];
  return `| ${cells.join(' | ')} |`;
}

const text = `<!-- Written by scripts/generate-fidelity.ts from src/bench/emulated/fidelity.ts. Do not edit. -->

# What the emulated board is, and what it isn't

QEMU has no STM32G4. The emulated bench runs the firmware on \`b-l475e-iot01a\`, an STM32L475 ([emulated-nucleo.md](emulated-nucleo.md)). This is
what the firmware finds there of each unit of the STM32G474 that it uses:

- **modelled**: it does what the firmware needs of it, with the differences named;
- **stubbed**: it reads 0, or always the same, and stores do nothing;
- **absent**: nothing is there, and a load is a bus fault.

The last column has what a case of a suite may need ([nightly.md](nightly.md)) and does not get from the emulated bench on account of that unit: such a case is skipped
there, with the reason. \`silicon\` it never gets.

| unit | address | used for | in QEMU | what the harness does about it | not met |
|---|---|---|---|---|---|
${FIDELITY.map(row).join('\n')}

\`npx vitest run --project emulated test/emulated/fidelity.test.ts\` holds each row against QEMU: the emulated core itself loads from and stores to the registers, one
instruction at a time, so that it sees what the firmware would, and not what the virtual ST-LINK shows a probe.

\`npx vitest run --project unit test/unit/bench/emulated/fidelity.test.ts\` holds the rows against the firmware: each register that its sources name is in one.

What a unit does on silicon is not shown by any of this. Nothing here was compared with a real chip: the addresses, bits and behaviour to compare with are those of RM0440 and the Armv7-M
Architecture Reference Manual. What can be shown without one is that the drivers obey that manual. They are compiled as they are for the host and run there against registers that judge
(\`firmware/board/nucleo_g474re/test\`): order and values of the stores, and the end of each wait for a flag that never comes. Clocks, SysTick, GPIO, converters, timers, DAC, IWDG and the reset
flags are held so; start-up, fault handlers and LPUART1 only by the emulated board.

\`\`\`
ctest --test-dir build/firmware/native -R 'nucleo\\.'
\`\`\`
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
  if (values.check) {
    console.error(`${TARGET} differs from its table (fix: node scripts/generate-fidelity.ts)`);
    process.exitCode = 1;
  } else {
    writeFileSync(FILE, text);
    console.log(`${TARGET} written`);
  }
}
