import { z } from 'zod';
import { inputScript } from './input-script.ts';
import { causeClass, divergence, sourcePlace, triage } from './divergence.ts';

/** Version of the record's shape; a reader refuses another. */
export const RUN_RECORD_VERSION = 2;

/** A difference found in the state left behind, after all steps agreed. */
const stateDifference = z.strictObject({
  region: z.string(),
  /** Index in the region: a global's id, an array cell, a stack slot. */
  index: z.int().min(0),
  name: z.string().optional(),
  /** Absent where one side has no such cell: stacks or call depths differ. */
  expected: z.int().optional(),
  actual: z.int().optional(),
});

/** The one verdict of a run; exit code, terminal and reports are views of it. */
export const verdictSchema = z.strictObject({
  outcome: z.enum(['passed', 'failed', 'errored']),
  /** Whose fault it is; absent when passed. */
  causeClass: causeClass.optional(),
  /** One line for a person. */
  summary: z.string(),
  /** What to do, when something is known. */
  fix: z.string().optional(),
});

/** What a run found about one of its programs. */
const programResultSchema = z.strictObject({
  /** VM that ran it. */
  vm: z.int().min(0).max(3),
  /** That VM's name: SOS, AUDIO, DISPLAY or DEBUG. */
  vmName: z.string(),
  file: z.string(),
  sha256: z.string(),
  /** The program as an image (image-format.md) with its debug section, base64: a replay needs no other file. */
  image: z.base64(),
  /** Of the image that was uploaded, which has no debug section. */
  imageSha256: z.string(),
  instructions: z.int(),
  strings: z.int(),
  verdict: verdictSchema,
  stepsCompared: z.int().min(0),
  rounds: z.int().min(0),
  /** Why the program stopped running. */
  stopReason: z.enum(['steps', 'loops', 'halted', 'fault', 'stopped']).optional(),
  /** A fault that board and model agreed on. */
  fault: z
    .strictObject({
      code: z.int(),
      name: z.string(),
      step: z.int(),
      instruction: z.string(),
      source: sourcePlace.optional(),
    })
    .optional(),
  divergence: divergence.optional(),
  /** Whose fault the finding is; absent when there is none, or when triage was not asked for. */
  triage: triage.optional(),
  /** How far a board came that died in a digest run, by the ring in its memory: beyond the steps that were compared. */
  lastSteps: z
    .strictObject({
      /** The step never ended; or it ended wrongly before the board died; or the program was over before it. */
      how: z.enum(['unended', 'wrong', 'ended']),
      step: z.int().min(0),
      instruction: z.string().optional(),
      source: sourcePlace.optional(),
      /** Of a wrong step: what the model did in it, and what the board did. */
      expected: z.string().optional(),
      actual: z.string().optional(),
    })
    .optional(),
  finalState: z
    .strictObject({ wordsCompared: z.int(), differences: z.array(stateDifference) })
    .optional(),
  /**
   * Values the board read, which the model replayed after a plausibility check: step, port (PORTS of src/isa plus a pin or button
   * id) and value of each, in the order of the steps.
   */
  inputs: z.array(z.tuple([z.int().min(0), z.int().min(0).max(0xffff), z.int()])),
  /** What was not compared, and how often it occurred. */
  notCompared: z.array(z.strictObject({ what: z.string(), count: z.int() })),
  /** The program's printed text as the board sent it, one character per byte. */
  output: z.string(),
});

/** Everything a run leaves behind: the source of every report. */
export const runRecordSchema = z.strictObject({
  schema: z.literal('cockpit-hil/run'),
  version: z.literal(RUN_RECORD_VERSION),
  id: z.string(),
  startedAt: z.iso.datetime(),
  bench: z.strictObject({
    name: z.string(),
    kind: z.enum(['nucleo', 'emulated', 'native']),
    /** What ran the firmware, in words; says plainly when it was no silicon. */
    ranOn: z.string(),
    /** What opens it again: its name, or the path of its file. */
    file: z.string(),
    /** Absolute path of the firmware and that file's SHA-256. */
    firmware: z.string(),
    firmwareSha256: z.string(),
  }),
  /** The pins by logical number, null where there is none, and the buttons: what a replay on the model needs. Absent when the agent never answered. */
  world: z
    .strictObject({
      pins: z.array(
        z.strictObject({ adc: z.boolean(), pwm: z.boolean(), dac: z.boolean() }).nullable(),
      ),
      buttons: z.int().min(0),
    })
    .optional(),
  /** What the agent said of itself; absent when it never answered. */
  board: z
    .strictObject({
      board: z.string(),
      uid: z.string(),
      firmware: z.string(),
      build: z.string(),
      defect: z.string(),
      isa: z.string(),
      elf: z.string(),
      clockHz: z.int(),
    })
    .optional(),
  flash: z
    .strictObject({
      action: z.enum(['flashed', 'skipped']),
      bytes: z.int(),
      imageSha256: z.string(),
      boardSha256Before: z.string(),
      ms: z.number(),
    })
    .optional(),
  mode: z.enum(['digest', 'trace', 'free']),
  clock: z.enum(['virtual', 'real']),
  /** What the programs read in place of the board's pins, and what `--inputs` named; left out: the pins. */
  scripted: z.strictObject({ given: z.string(), script: inputScript }).optional(),
  /** The command that makes such a run again. */
  command: z.string(),
  /** For each program. */
  budget: z.strictObject({ loops: z.int().optional(), steps: z.int() }),
  /** The worst of the programs' verdicts, or what ended the run for all of them. */
  verdict: verdictSchema,
  programs: z.array(programResultSchema).min(1),
  /** Edges seen from outside the board, on a bench that can watch pins. */
  pinEdges: z.array(
    z.strictObject({
      pin: z.int(),
      level: z.union([z.literal(0), z.literal(1)]),
      timeUs: z.number(),
    }),
  ),
  /** Intervals between the edges of a pin, against what its program's delays add up to. */
  pinTiming: z.array(
    z.strictObject({
      pin: z.int(),
      level: z.union([z.literal(0), z.literal(1)]),
      nominalMs: z.number(),
      measuredMs: z.number(),
    }),
  ),
  /** Why a pin that the programs drove is not among them. */
  pinTimingNotes: z.array(z.string()),
  /** Evidence gathered by the debug probe when the board stopped answering. */
  forensics: z
    .strictObject({
      registers: z.record(z.string(), z.string()),
      backtrace: z.array(z.string()),
      /** State of each VM as the debugger reads it from the board's memory; empty when it could not. */
      vms: z.array(
        z.strictObject({
          vmName: z.string(),
          pc: z.int(),
          /** Instructions executed since load. */
          steps: z.int(),
          sp: z.int(),
          depth: z.int(),
          instruction: z.string(),
          source: sourcePlace.optional(),
        }),
      ),
    })
    .optional(),
  link: z
    .strictObject({ bytesIn: z.int(), bytesOut: z.int(), badFrames: z.int(), repeats: z.int() })
    .optional(),
  /** Wall time of each phase, in milliseconds. */
  timing: z.array(z.strictObject({ phase: z.string(), ms: z.number() })),
  wallMs: z.number(),
  environment: z.strictObject({ node: z.string(), platform: z.string(), harness: z.string() }),
});

export type ProgramResult = z.infer<typeof programResultSchema>;
export type RunRecord = z.infer<typeof runRecordSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type StateDifference = z.infer<typeof stateDifference>;

/** 0 passed, 1 the run found something, 2 the rig or the command was wrong and nothing is known of the VM. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 {
  if (verdict.outcome === 'passed') return 0;
  return verdict.outcome === 'failed' ? 1 : 2;
}
