import type { Logger } from 'pino';
import type { Agent } from '../agent/index.ts';
import { LINE_PATTERNS } from '../agent/index.ts';
import {
  checkFirmware,
  healthText,
  openAgent,
  openRig,
  type BenchFile,
  type Board,
  type Rig,
} from '../bench/index.ts';
import { fail, ok, warn, type Check } from './check.ts';
import { failed } from './devices.ts';

/** What the board is looked at with. */
export interface BoardSettings {
  readonly bench: BenchFile;
  readonly board: Board;
  readonly resources: AsyncDisposableStack;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

const FLASH = 'cockpit-hil flash --bench';

const hex = (value: number): string => `0x${value.toString(16)}`;

/** Attaches the probe, and reads who the chip is. */
async function checkProbe(rig: Rig): Promise<Check[]> {
  const { probe } = rig;
  if (probe === undefined) return [];
  const { version, targetVoltage } = probe.openocd.probeInfo;
  const volts = targetVoltage === undefined ? '' : `, board supply ${targetVoltage.toFixed(2)} V`;
  const checks = [ok('OpenOCD', `attached by ST-LINK ${version ?? 'of unknown version'}${volts}`)];
  try {
    const { mcu, uid } = await probe.checkedChip();
    const found = `device id ${hex(mcu.deviceId)}, revision ${hex(mcu.revisionId)}, uid ${uid}`;
    return [...checks, ok('chip', found)];
  } catch (error) {
    return [...checks, failed('chip', error)];
  }
}

/** Sends patterns over the line and looks at what comes back. */
async function checkEcho(agent: Agent, baud: string): Promise<Check> {
  let bytes = 0;
  for (const pattern of LINE_PATTERNS) {
    try {
      const back = await agent.echo(pattern.bytes);
      if (!Buffer.from(back).equals(pattern.bytes)) {
        return fail(
          'line',
          `${pattern.name} came back changed ${baud}`,
          'check cable and baud rate',
        );
      }
    } catch (error) {
      return failed('line', error);
    }
    bytes += 2 * pattern.bytes.length;
  }
  const { badFrames, repeats } = agent.channel.counters;
  const found = `${bytes} bytes of ${LINE_PATTERNS.length} patterns went and came back unchanged ${baud}`;
  if (badFrames + repeats === 0) return ok('line', found);
  return warn(
    'line',
    `${found}, with ${badFrames} damaged frames and ${repeats} repeats`,
    'use a shorter or better cable, or a lower baud rate',
  );
}

/** What the board says of itself; a crash of the run before is worth knowing. */
async function checkHealth(agent: Agent): Promise<Check> {
  try {
    const health = await agent.board();
    const found = healthText(health);
    if (health.crash === undefined) return ok('board', found);
    return warn('board', found, 'look for that run: its record has what the probe saw');
  } catch (error) {
    // A protocol without this request is as old as the firmware.
    return warn('board', failed('board', error).found, 'a run flashes this firmware by itself');
  }
}

/** Asks the agent who it is; a real board is not flashed for that. */
async function checkAgent(rig: Rig, settings: BoardSettings): Promise<Check[]> {
  const { bench, board } = settings;
  const { agent } = await openAgent(rig, settings);
  // An emulated board's flash is empty, and its own.
  if (bench.kind === 'emulated') await rig.probe?.flash();
  const hello = await agent.hello();
  const what = `${hello.build} build ${hello.fw}, ELF ${hello.elf.slice(0, 12)}, protocol ${hello.proto}, uid ${hello.uid}`;
  const checks: Check[] = [];
  try {
    await checkFirmware(rig, hello, board);
    checks.push(ok('firmware', what));
  } catch (error) {
    const { found } = failed('firmware', error);
    checks.push(warn('firmware', found, `${FLASH} ${bench.name}; a run does that by itself`));
  }
  checks.push(await checkHealth(agent));
  const baud = bench.kind === 'nucleo' ? `at ${bench.serial.baud} baud` : 'without a real line';
  return [...checks, await checkEcho(agent, baud)];
}

/** Powers a bench, attaches its probe and talks to its board. Nothing is flashed but an emulated board. */
export async function checkBoard(settings: BoardSettings): Promise<Check[]> {
  const { bench } = settings;
  let rig: Rig;
  try {
    rig = await openRig(bench, { ...settings, firmware: undefined });
  } catch (error) {
    return [failed('bench', error)];
  }
  const checks = [ok('bench', rig.ranOn), ...(await checkProbe(rig))];
  try {
    return [...checks, ...(await checkAgent(rig, settings))];
  } catch (error) {
    const { found, fix } = failed('agent', error);
    const flash = bench.kind === 'nucleo' ? `${FLASH} ${bench.name}, or ` : '';
    return [...checks, fail('agent', found, `${flash}${fix ?? ''}`)];
  }
}
