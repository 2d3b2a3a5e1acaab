import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile, formatDiagnostic } from '../compiler/index.ts';
import { HilError } from '../errors/index.ts';
import type { Program } from '../image/index.ts';

/** A program that does some work, and what it must print. */
export interface Workload {
  readonly id: 'W1' | 'W2' | 'W3' | 'W4';
  readonly title: string;
  readonly file: string;
  /** As a decimal number. */
  readonly result: number;
}

/** The sketches, in hil-config/programs/bench. */
export const WORKLOADS: readonly Workload[] = [
  { id: 'W1', title: 'fib(20)', file: 'w1-fib.ino', result: 6765 },
  { id: 'W2', title: 'arithmetic', file: 'w2-arithmetic.ino', result: 576914 },
  { id: 'W3', title: 'bubble sort', file: 'w3-bubble-sort.ino', result: 44137027 },
  { id: 'W4', title: 'CRC-32', file: 'w4-crc32.ino', result: 1935466157 },
];

/** Another interpreter's cost of the four workloads. */
export interface Peer {
  readonly name: string;
  /** Arm instructions for W1..W4 in total, in millions. */
  readonly millions: readonly [number, number, number, number];
}

/** How the peers' figures came about. */
export const PEERS_MEASURED =
  "by the project's authors on the same emulated processor (a Cortex-M4 of QEMU), built with -O2; total Arm instructions";

export const PEERS: readonly Peer[] = [
  { name: 'wasm3', millions: [3.89, 14.95, 6.23, 2.02] },
  { name: 'Lua 5.4', millions: [5.43, 26.1, 12.7, 4.18] },
  { name: 'Femto-Containers eBPF', millions: [11.1, 37.4, 11.9, 2.73] },
  { name: 'MicroPython', millions: [13.4, 50.6, 34.3, 32.7] },
];

/** Compiles a workload's sketch. */
export async function workloadProgram(workload: Workload): Promise<Program> {
  const folder = new URL('../../hil-config/programs/bench/', import.meta.url);
  const path = fileURLToPath(new URL(workload.file, folder));
  const source = await readFile(path, 'utf8');
  const compiled = compile(source, workload.file);
  if (compiled.ok) return compiled.program;
  const first = compiled.diagnostics[0];
  const text = first === undefined ? '' : formatDiagnostic(first, source);
  throw new HilError('harness', `${path} does not compile: ${text}`, 'restore the file');
}
