import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { loadBench, loadBoard, openRig } from '../../src/bench/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** What the emulated chip has at the address of its unique number. */
const UID = '0100010001454d5547343734';
const FLASH = 0x0800_0000;

it('nothing is flashed to a board that isn’t the one named, and the right one is flashed', async () => {
  await using resources = new AsyncDisposableStack();
  const file = join(await temporaryFolder(), 'named.yaml');
  const open = async (uid: string) => {
    const firmware = 'build/firmware/nucleo-harness/cockpit-agent.elf';
    await writeFile(
      file,
      `kind: emulated\nboard: nucleo_g474re\nfirmware: ${firmware}\nuid: '${uid}'\n`,
    );
    const bench = await loadBench(file);
    const board = await loadBoard(bench.board);
    const { signal } = new AbortController();
    const log = pino({ level: 'silent' });
    const { probe } = await openRig(bench, { board, firmware: undefined, resources, signal, log });
    if (probe === undefined) throw new Error('the bench has no probe');
    return probe;
  };

  const other = await open('a'.repeat(24));
  await expect(other.flash()).rejects.toMatchObject({
    causeClass: 'rig',
    message: `the chip behind the probe has the unique number ${UID}; the bench file names ${'a'.repeat(24)}`,
  });
  expect(await other.openocd.readMemory(FLASH, 8)).toEqual(new Uint8Array(8).fill(0xff));

  const right = await open(UID);
  expect((await right.flash()).action).toBe('flashed');
});
