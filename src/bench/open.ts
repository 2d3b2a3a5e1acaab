import type { Logger } from 'pino';
import { connectAgent, type Agent } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import { ISA_HASH } from '../isa/index.ts';
import { createChannel, openSerial, type Line } from '../link/index.ts';
import { own } from '../process/index.ts';
import type { Hello } from '../wire/index.ts';
import type { BenchFile } from './bench-file.ts';
import type { Board } from './board.ts';
import { readBuildId } from './build-id.ts';
import { openEmulatedRig } from './rig-emulated.ts';
import { openNativeRig } from './rig-native.ts';
import { openNucleoRig } from './rig-nucleo.ts';
import type { Rig, RigSettings } from './rig.ts';

/** Powers a bench and attaches its probe. What is started belongs to `settings.resources` from the moment it exists. */
export function openRig(bench: BenchFile, settings: RigSettings): Promise<Rig> {
  switch (bench.kind) {
    case 'nucleo':
      return openNucleoRig(bench, settings);
    case 'emulated':
      return openEmulatedRig(bench, settings);
    case 'native':
      return openNativeRig(bench, settings);
  }
}

/** A board that has said who it is, and is the one expected. */
export interface ConnectedBoard {
  readonly agent: Agent;
  readonly line: Line;
  readonly hello: Hello;
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

/**
 * Compares what the agent says of itself with what this host expects; a mismatch would make every later difference
 * meaningless.
 * @throws HilError (rig) with both values
 */
export function checkIdentity(
  hello: Hello,
  expected: { readonly isa: number; readonly buildId: string; readonly board: string },
): void {
  const wrong = (what: string, board: string, host: string): HilError =>
    new HilError(
      'rig',
      `the board's ${what} is ${board}, this host expects ${host}`,
      'build and flash the firmware of this checkout: ./scripts/setup, then run again',
    );
  if (hello.board !== expected.board) throw wrong('board id', hello.board, expected.board);
  if (hello.isa !== expected.isa) throw wrong('ISA hash', hex8(hello.isa), hex8(expected.isa));
  if (hello.elf !== expected.buildId) throw wrong('ELF build id', hello.elf, expected.buildId);
  if (!hello.traced) {
    throw new HilError(
      'rig',
      `the firmware is a ${hello.build} build without tracing`,
      'flash the harness build: build/firmware/nucleo-harness',
    );
  }
}

/** What each pin can do on the board that said HELLO, by logical number. */
export function pinCapabilities(
  board: Board,
  hello: Hello,
): { adc: boolean; pwm: boolean; dac: boolean }[] {
  return board.pins.map((pin) => ({
    adc: hello.adc && pin.adc !== undefined,
    pwm: pin.pwm !== undefined,
    dac: pin.dac !== undefined,
  }));
}

/** What {@link connectBoard} works with. */
export interface ConnectSettings {
  readonly board: Board;
  /** Becomes the owner of the line. */
  readonly resources: AsyncDisposableStack;
  readonly log: Logger;
  /**
   * Flashes and resets the board, once the line is open: a port that is missing or taken is found out before the flash is
   * touched, and nothing that the board says after its reset is missed.
   */
  readonly flash?: () => Promise<void>;
}

/** Opens the serial line of a rig, waits for the agent and checks its identity. */
export async function connectBoard(rig: Rig, settings: ConnectSettings): Promise<ConnectedBoard> {
  const buildId = await readBuildId(rig.elfPath);
  const { whileWriting } = rig.serial;
  const line = await own(
    settings.resources,
    openSerial({
      path: rig.serial.path,
      baud: rig.serial.baud,
      ...(whileWriting === undefined ? {} : { beforeWrite: whileWriting }),
    }),
  );
  const channel = settings.resources.use(createChannel(line));
  channel.onConsole((text) => {
    settings.log.info({ console: text }, 'board console');
  });
  const agent = connectAgent(channel);
  await settings.flash?.();
  const hello = await agent.hello();
  settings.log.info({ hello }, 'HELLO');
  checkIdentity(hello, { isa: ISA_HASH, buildId, board: settings.board.id });
  return { agent, line, hello };
}
