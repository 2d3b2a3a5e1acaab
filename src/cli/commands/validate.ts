import { createInterface } from 'node:readline/promises';
import { loadBench, loadBoard } from '../../bench/index.ts';
import { HilError } from '../../errors/index.ts';
import { printable, seconds, validationLine, validationPage } from '../../report/index.ts';
import {
  checkRecordPath,
  validationPath,
  writeOutput,
  writeValidationRecord,
} from '../../results/index.ts';
import { commandLine } from '../../suite/index.ts';
import { validateBench, type Ask } from '../../validate/index.ts';
import type { CliContext } from '../context.ts';
import { environment } from '../environment.ts';

/** Options of `validate`, as commander hands them over. */
export interface ValidateOptions {
  bench: string;
  by?: string;
  yes?: boolean;
  ask?: boolean;
  firmware?: string;
  json?: string;
  html?: string;
}

/** A person gets that long for one answer: time to find a jumper wire. */
const ANSWER_MS = 600_000;

/** Asks on the terminal. @returns undefined where nobody is there */
function askOnTerminal({ resources, signal }: CliContext, yes: boolean): Ask | undefined {
  if (yes || !process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  resources.defer(() => {
    terminal.close();
  });
  // readline takes Ctrl-C for itself while it reads a terminal.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  return async (question) => {
    const late = AbortSignal.timeout(ANSWER_MS);
    try {
      return await terminal.question(`ask     ${question}`, {
        signal: AbortSignal.any([signal, late]),
      });
    } catch (error) {
      if (late.aborted) return undefined;
      throw error;
    }
  };
}

/** `validate --bench NAME`: takes a bench through all steps of its validation, and leaves a record and a page of it. */
export async function validateCommand(
  context: CliContext,
  options: ValidateOptions,
): Promise<number> {
  const { by, firmware, json, html } = options;
  if (by?.trim() === '') throw new HilError('usage', '--by names nobody', 'give a name: --by NAME');
  for (const path of [json, html]) if (path !== undefined) await checkRecordPath(path);
  const bench = await loadBench(options.bench);
  const board = await loadBoard(bench.board);
  const ask = askOnTerminal(context, options.yes === true);
  const { resources, signal, log } = context;
  context.out(`bench   starting ${bench.name}`);
  const record = await validateBench({
    ...{ bench, benchFile: options.bench, board, firmware, by, ask, resources, signal, log },
    again: options.ask === true,
    command: commandLine([
      ...['cockpit-hil', 'validate', '--bench', options.bench],
      ...(by === undefined ? [] : ['--by', by]),
      ...(firmware === undefined ? [] : ['--firmware', firmware]),
      ...(options.yes === true ? ['--yes'] : []),
      ...(options.ask === true ? ['--ask'] : []),
    ]),
    environment: await environment(),
    onOpen: (ranOn) => {
      context.out(`bench   ${ranOn}`);
      if (ask === undefined) context.out('person  nobody is asked');
    },
    onStep: (step) => {
      context.out(validationLine(step));
    },
  });
  const { id, verdict, identity, wallMs } = record;
  context.out(`${verdict.outcome.toUpperCase()}  ${verdict.summary}, in ${seconds(wallMs)}`);
  context.out(`signed  ${by === undefined ? 'by nobody; --by NAME signs' : printable(by)}`);
  context.out(`board   ${identity.board}, uid ${identity.uid}, ${record.bench.ranOn}`);
  const kept = validationPath(id);
  for (const path of [kept, ...(json === undefined ? [] : [json])]) {
    await writeValidationRecord(path, record);
    context.out(`record  ${path}`);
  }
  const page = await validationPage(record);
  const beside = kept.replace(/\.json$/, '.html');
  for (const path of [beside, ...(html === undefined ? [] : [html])]) {
    await writeOutput(path, page);
    context.out(`page    ${path}`);
  }
  return verdict.outcome === 'passed' ? 0 : 1;
}
