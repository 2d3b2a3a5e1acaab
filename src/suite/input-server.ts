import type { ConnectedBoard } from '../bench/index.ts';
import { HilError } from '../errors/index.ts';
import type { LockstepSettings, ReplayedInput } from '../lockstep/index.ts';
import { dataSchema, decodeValues, encodeBytes } from '../wire/index.ts';
import type { InputScript } from '../results/index.ts';
import { encodeInputScript, scriptedValue } from './input-script.ts';

/** Bytes of a script in one SCRIPT request: 480 in base64, as for DATA. */
const SCRIPT_BYTES = 360;

/** `script` of HELLO in this project's harness builds; docs/wire.md. */
export const SCRIPT_ROOM = 1024;

/** Something that can give a VM values in place of its board's pins. */
export interface InputServer {
  /** Bytes that the script of one VM may have; 0: it can't. */
  readonly room: number;
  /** From now on the VM reads from the script, from its beginning after each reset. @param vm loaded, and not running */
  serve(vm: number, script: Uint8Array): Promise<void>;
}

/** The firmware agent as an input server (docs/wire.md, scripted inputs). */
export function inputServerOf({
  agent,
  hello,
}: Pick<ConnectedBoard, 'agent' | 'hello'>): InputServer {
  return {
    room: hello.script,
    serve: async (vm, script) => {
      for (let offset = 0; offset < script.length; offset += SCRIPT_BYTES) {
        const part = script.subarray(offset, offset + SCRIPT_BYTES);
        const given = [String(vm), String(offset), encodeBytes(part)];
        const { fields } = await agent.channel.request('SCRIPT', given);
        const { next } = decodeValues('SCRIPT reply', dataSchema, fields);
        if (next !== offset + part.length)
          throw new HilError('firmware', `the board expects byte ${next} after SCRIPT ${offset}`);
      }
    },
  };
}

/**
 * A script's bytes, for a server that has room for them.
 * @throws HilError (usage) when it can't serve, or not so much
 */
export function scriptFor(server: InputServer, script: InputScript): Uint8Array {
  const bytes = encodeInputScript(script);
  if (server.room === 0) {
    throw new HilError(
      'usage',
      "the firmware on this bench can't give its programs scripted inputs: its HELLO has no script=",
      'leave --inputs out: the inputs are then live, and recorded',
    );
  }
  if (bytes.length <= server.room) return bytes;
  throw new HilError(
    'usage',
    `the input script has ${bytes.length} bytes, and the board room for ${server.room}`,
    'give fewer values, or a seed',
  );
}

/** What a run in lockstep holds each value read against, when there is a script. */
export function expectedInputs(
  script: InputScript | undefined,
): Pick<LockstepSettings, 'scripted'> {
  if (script === undefined) return {};
  return { scripted: (port, read) => scriptedValue(script, port, read) };
}

/** Whether all that was read, if anything, came from the script, so that the run can be repeated. */
export function isScripted(
  script: InputScript | undefined,
  inputs: readonly ReplayedInput[],
): boolean {
  return inputs.every(
    ({ port }) => script !== undefined && scriptedValue(script, port, 0) !== undefined,
  );
}
