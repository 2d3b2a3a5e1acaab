import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIDELITY, type Access } from '../../src/bench/emulated/fidelity.ts';
import { wordBytes } from '../../src/bench/emulated/bytes.ts';
import { launchQemu, type Qemu } from '../../src/bench/emulated/qemu.ts';

/** Where the words below are in flash: a vector table, and an instruction each. */
const FLASH = 0x0800_0000;
const VECTORS = 16;
const LOAD = FLASH + 4 * VECTORS;
const STORE = LOAD + 4;
const TRAP = STORE + 4;
/** `ldr r0, [r1]; b .`, `str r0, [r1]; b .`, `b .; b .` (DDI 0403 A7.7). */
const CODE = [0xe7fe_6808, 0xe7fe_6008, 0xe7fe_e7fe];
/** Numbers of the stub. */
const [R0, R1, PC] = [0, 1, 15];
/** QEMU 10.0 sometimes reports a step without having executed anything. */
const STEP_TRIES = 5;
/** Loads that must not all be the same of a word that counts, and must be of one that doesn't. */
const LOOKS = 20;

let resources: AsyncDisposableStack;
let qemu: Qemu;

beforeAll(async () => {
  resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'cockpit-hil-test-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  qemu = resources.use(await launchQemu(folder, { serial: 'socket' }));
  const vectors = Array.from({ length: VECTORS }, (_, index) => (index < 2 ? LOAD : TRAP) + 1);
  vectors[0] = 0x2000_0400;
  await qemu.rsp.writeMemory(FLASH, wordBytes(...vectors, ...CODE));
});
afterAll(() => resources.disposeAsync());

/** Has the core execute one of the instructions. True when that was no fault. */
async function execute(at: number, address: number, value = 0): Promise<boolean> {
  const { rsp } = qemu;
  await rsp.writeRegister(R0, value);
  await rsp.writeRegister(R1, address);
  await rsp.writeRegister(PC, at);
  for (let tries = 0; tries < STEP_TRIES; tries += 1) {
    await rsp.step();
    const pc = await rsp.readRegister(PC);
    if (pc === at + 2) return true;
    if (pc === TRAP) return false;
  }
  throw new Error('the emulated core executes nothing');
}

async function load(address: number): Promise<number | 'fault'> {
  return (await execute(LOAD, address)) ? qemu.rsp.readRegister(R0) : 'fault';
}

const hex = (value: number | 'fault'): string =>
  value === 'fault' ? value : `0x${(value >>> 0).toString(16)}`;

/** What an access shows, and what the table says. */
async function look(access: Access): Promise<readonly [seen: string, said: string]> {
  if ('write' in access) {
    const done = await execute(STORE, access.write, access.value);
    return [
      `store to ${hex(access.write)}: ${done ? 'done' : 'fault'}`,
      `store to ${hex(access.write)}: done`,
    ];
  }
  if ('read' in access) {
    const { read, is, mask = 0xffff_ffff } = access;
    const value = await load(read);
    const part = value === 'fault' ? value : value & mask;
    return [`${hex(read)}: ${hex(part)}`, `${hex(read)}: ${hex(is)}`];
  }
  if ('faults' in access) return [hex(await load(access.faults)), 'fault'];
  const address = 'counts' in access ? access.counts : access.stands;
  const values = new Set<number | 'fault'>();
  for (let looks = 0; looks < LOOKS; looks += 1) values.add(await load(address));
  return [values.size > 1 ? 'counts' : 'stands', 'counts' in access ? 'counts' : 'stands'];
}

describe('the emulated chip is what docs/fidelity.md says of', () => {
  it.each(FIDELITY)('$name: $emulated', async ({ evidence }) => {
    expect(evidence.length).toBeGreaterThan(0);
    for (const accesses of evidence) {
      await qemu.qmp.execute('system_reset');
      for (const access of accesses) {
        const [seen, said] = await look(access);
        expect(seen).toBe(said);
      }
    }
  });

  it('nothing is there: the evidence can tell', async () => {
    await qemu.qmp.execute('system_reset');
    const gpio = 0x4800_0000;
    expect(await look({ faults: gpio })).toEqual([expect.stringMatching(/^0x/), 'fault']);
    expect((await look({ read: gpio + 0x10, is: 1, mask: 1 }))[0]).not.toBe('0x48000010: 0x1');
    expect(await look({ counts: gpio })).toEqual(['stands', 'counts']);
    await qemu.qmp.execute('system_reset');
    expect(await look({ read: 0x1fff_7590, is: 0 })).toEqual([
      '0x1fff7590: fault',
      '0x1fff7590: 0x0',
    ]);
  });
});
