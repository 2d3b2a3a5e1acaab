import type { Logger } from 'pino';
import { connectAgent, type Agent, type HelloSettings } from '../agent/index.ts';
import { HilError } from '../errors/index.ts';
import { ISA_HASH } from '../isa/index.ts';
import { createChannel, openSerial, openSocket, type Line } from '../link/index.ts';
import { own } from '../process/index.ts';
import type { Hello } from '../wire/index.ts';
import type { BenchFile } from './bench-file.ts';
import type { Board } from './board.ts';
import { checkSameChip } from './chip.ts';
import { readBuildId } from './build-id.ts';
import { negotiateRate, rateText, type LineRate } from './rate.ts';
import { RateKeeper } from './rate-keeper.ts';
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
  /** The rate of the line; absent on one without a rate that can be changed. */
  readonly rate?: LineRate;
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

/**
 * Asks a board that was checked before who it is now.
 * @throws HilError (rig) when it doesn't answer or is another one
 */
export async function confirmIdentity(connected: ConnectedBoard): Promise<ConnectedBoard> {
  const { agent, hello: before } = connected;
  const hello = await agent.hello();
  for (const what of ['board', 'uid', 'elf'] as const) {
    if (hello[what] === before[what]) continue;
    throw new HilError(
      'rig',
      `the board's ${IDENTITY_WORDS[what]} is ${hello[what]}; it was ${before[what]} when the bench was opened`,
      'leave the board alone while the harness uses it; flash it again: cockpit-hil flash',
    );
  }
  return { ...connected, hello };
}

const IDENTITY_WORDS = { board: 'board id', uid: 'unique number', elf: 'ELF build id' } as const;

/**
 * Checks that a board runs a rig's firmware.
 * @throws HilError (rig) with both values
 */
export async function checkFirmware(rig: Rig, hello: Hello, board: Board): Promise<void> {
  const buildId = await readBuildId(rig.elfPath);
  checkIdentity(hello, { isa: ISA_HASH, buildId, board: board.id });
}

/** What each pin is called, and what it can do on the board that said HELLO, by logical number. */
export function pinCapabilities(
  board: Board,
  hello: Hello,
): { name: string; adc: boolean; pwm: boolean; dac: boolean }[] {
  return board.pins.map((pin) => ({
    name: pin.name,
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
   * Flashes or resets the board, once the line is open: a port that is missing or taken is found out before the flash is touched, and
   * nothing that the board says after its reset is missed.
   */
  readonly beforeHello?: (opened: { readonly agent: Agent; readonly line: Line }) => Promise<void>;
  /** How long HELLO is tried. */
  readonly hello?: HelloSettings;
  /** The highest rate that is tried, in place of the bench's; bits per second. */
  readonly highest?: number | undefined;
}

function openLine({ serial }: Rig): Promise<Line> {
  const { whileWriting } = serial;
  const more = whileWriting === undefined ? {} : { beforeWrite: whileWriting };
  return 'socket' in serial
    ? openSocket({ path: serial.socket, ...more })
    : openSerial({ path: serial.path, baud: serial.baud, ...more });
}

/** 8N1: start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

/** Opens the serial line of a rig; nothing is sent yet. */
export async function openAgent(
  rig: Rig,
  { resources, log }: Pick<ConnectSettings, 'resources' | 'log'>,
): Promise<Pick<ConnectedBoard, 'agent' | 'line'>> {
  const line = await own(resources, openLine(rig));
  const { serial } = rig;
  const bytesPerMs = 'socket' in serial ? serial.bytesPerMs : serial.baud / BITS_PER_BYTE / 1000;
  const channel = resources.use(createChannel(line, { bytesPerMs }));
  channel.onConsole((text) => {
    log.info({ console: text }, 'board console');
  });
  return { agent: connectAgent(channel), line };
}

/** Opens the serial line of a rig, waits for the agent, checks its identity and starts its watchdog where one is wanted. */
export async function connectBoard(rig: Rig, settings: ConnectSettings): Promise<ConnectedBoard> {
  const buildId = await readBuildId(rig.elfPath);
  const opened = await openAgent(rig, settings);
  await settings.beforeHello?.(opened);
  const hello = await opened.agent.hello(settings.hello);
  settings.log.info({ hello }, 'HELLO');
  checkIdentity(hello, { isa: ISA_HASH, buildId, board: settings.board.id });
  const { probe, watchdogMs } = rig;
  if (probe !== undefined) await checkSameChip(hello.uid, () => probe.chip());
  // Each reset ends it.
  if (watchdogMs !== undefined) await opened.agent.watchdog(watchdogMs);
  const { highest } = rig.serial;
  if (highest === undefined) return { ...opened, hello };
  settings.resources.use(new RateKeeper(opened.agent.channel));
  const most = Math.min(highest, settings.highest ?? highest);
  const rate = await raiseRate(opened.agent, hello, most, settings.log);
  return { ...opened, hello, ...(rate && { rate }) };
}

/** Takes a line to the highest rate that it holds, and says so. */
export async function raiseRate(
  agent: Agent,
  hello: Hello,
  highest: number,
  log: Logger,
): Promise<LineRate | undefined> {
  const rate = await negotiateRate(agent, highest, hello.rate);
  if (rate !== undefined) log.info({ rate }, rateText(rate));
  return rate;
}
