import { z } from 'zod';
import { inputScript } from './input-script.ts';
import { causeClass, divergence, sourcePlace, triage } from './divergence.ts';
import { environmentSchema, footprintSchema } from './environment.ts';

/** Version of the record's shape; a reader refuses another. */
export const RUN_RECORD_VERSION = 3;

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

/** Hash of the model's steps, or of a state, as 8 hexadecimal digits (docs/lockstep.md). */
const hash = z.string().regex(/^[0-9a-f]{8}$/);

/** Most changes of pins that a record keeps of a program: a waveform of more can't be looked at as a whole. */
export const PIN_CHANGES_KEPT = 1000;

/** What the model did up to the last step that was compared. */
const modelFacts = z.strictObject({
  steps: z.int().min(0),
  /** Of all effects, and of the state they ended in. */
  digest: z.strictObject({ stream: hash, state: hash }),
  /** How often each opcode ran, by name. */
  opcodes: z.record(z.string(), z.int().min(1)),
  /** Most values on the operand stack after an instruction. */
  stackHighWater: z.int().min(0),
  /** Time on the model's own clock at the end: delays, and 1 us for each instruction. */
  timeUs: z.int().min(0),
  /** Digital outputs as [time in us on that clock, pin, level], those that change nothing left out. */
  pins: z
    .array(z.tuple([z.int().min(0), z.int().min(0), z.union([z.literal(0), z.literal(1)])]))
    .max(PIN_CHANGES_KEPT),
  /** Changes beyond those. */
  pinsOmitted: z.int().min(0),
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
  /** How far a board came that died: beyond the steps that were compared. */
  lastSteps: z
    .strictObject({
      /** By the ring that a digest run left in its memory, or by other runs that were made of so many steps. */
      by: z.enum(['ring', 'reruns']),
      /** The step never ended; or it ended wrongly before the board died; or the program was over before it. */
      how: z.enum(['unended', 'wrong', 'ended']),
      step: z.int().min(0),
      pc: z.int().min(0).optional(),
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
  /** What the model did, run again with the recorded inputs; absent when those are not known. */
  model: modelFacts.optional(),
  /** What was not compared, and how often it occurred. */
  notCompared: z.array(z.strictObject({ what: z.string(), count: z.int() })),
  /** What the program printed in steps that agreed, one character per byte. */
  output: z.string(),
  /** Whose text that is: the board sends it in traced runs, of digest runs it is the model's. Absent when there is none. */
  outputFrom: z.enum(['board', 'model']).optional(),
});

/** The rate of a serial line, bits per second, and the next one that was tried and isn't used. */
export const lineRateSchema = z.strictObject({
  baud: z.int().min(1),
  next: z.strictObject({ baud: z.int().min(1), why: z.string() }).optional(),
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
        z
          .strictObject({
            /** As the board file has it, `D13`; absent in records of before. */
            name: z.string().optional(),
            ...{ adc: z.boolean(), pwm: z.boolean(), dac: z.boolean() },
          })
          .nullable(),
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
      /** Where the VM's hot code was executed from, when that was not the flash. */
      hot: z.literal('ccm').optional(),
      defect: z.string(),
      isa: z.string(),
      elf: z.string(),
      clockHz: z.int(),
      /** The rate that the line was used at; absent on one without a rate that can be changed. */
      rate: lineRateSchema.optional(),
      /** Why it started last, as its reset flags say; absent when it can't tell, as the emulated one. */
      reset: z.array(z.string()).optional(),
      /** Bytes of the C stack, and of it those that were ever written between that start and the end of the run. */
      stack: z.strictObject({ size: z.int().min(1), used: z.int().min(0) }).optional(),
      /** Received bytes that it lost since then. */
      bytesLost: z.int().min(0).optional(),
      /** How the run before that start ended, in words, when it crashed. */
      crashBefore: z.string().optional(),
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
      /** What the core did when the probe came: `running`, `halted`, `unknown`, … */
      core: z.string().optional(),
      /** What the flash holds where the firmware belongs; absent when it could not be read back. */
      flash: z.enum(['firmware', 'erased', 'other']).optional(),
      /** What the fault status registers tell, in words; empty when there was no fault. Absent when they could not be read. */
      fault: z.array(z.string()).optional(),
      /** Core registers and, as `cfsr`, `hfsr`, `dfsr`, `mmfar` and `bfar`, the fault status registers, in hexadecimal. */
      registers: z.record(z.string(), z.string()),
      /** The C functions, innermost first, with source lines where the ELF has them. */
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
  /** Of the firmware; absent where no tool could read it, and in the runs of a nightly, which says it once for each bench. */
  footprint: footprintSchema.optional(),
  environment: environmentSchema,
});

export type ProgramResult = z.infer<typeof programResultSchema>;
export type RunRecord = z.infer<typeof runRecordSchema>;
export type ModelFacts = z.infer<typeof modelFacts>;
export type Verdict = z.infer<typeof verdictSchema>;
export type StateDifference = z.infer<typeof stateDifference>;

/** 0 passed, 1 the run found something, 2 the rig or the command was wrong and nothing is known of the VM. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 {
  if (verdict.outcome === 'passed') return 0;
  return verdict.outcome === 'failed' ? 1 : 2;
}
