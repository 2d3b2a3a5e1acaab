import { HilError } from '../errors/index.ts';
import type { McuId, OpenOcd } from '../probe/index.ts';
import type { Board } from './board.ts';

/** The 96-bit unique number (RM0440 48.1). */
const UNIQUE_ID = { address: 0x1fff_7590, bytes: 12 };

/** DEV_ID of DBGMCU_IDCODE by the family of the chip (RM0440 47.6.1). */
const DEVICE_IDS: readonly { readonly mcu: RegExp; readonly deviceId: number }[] = [
  // Category 3.
  { mcu: /^STM32G4([78][34]|71)/, deviceId: 0x469 },
  // Category 2.
  { mcu: /^STM32G4[34]1/, deviceId: 0x468 },
  // Category 4.
  { mcu: /^STM32G4[9A]1/, deviceId: 0x479 },
];

/** The chip that a bench means. */
export interface ExpectedChip {
  readonly board: Pick<Board, 'id' | 'mcu'>;
  /** 24 lower-case hexadecimal digits; undefined: any. */
  readonly uid: string | undefined;
}

/** A chip as it is read over SWD, whatever firmware it has. */
export interface Chip {
  readonly mcu: McuId;
  /** 24 hexadecimal digits, as HELLO writes them. */
  readonly uid: string;
}

/** Reads over SWD what chip it is. The core may run. */
export async function readChip(openocd: Pick<OpenOcd, 'mcuId' | 'readMemory'>): Promise<Chip> {
  const mcu = await openocd.mcuId();
  const bytes = await openocd.readMemory(UNIQUE_ID.address, UNIQUE_ID.bytes);
  return { mcu, uid: Buffer.from(bytes).toString('hex') };
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/**
 * Checks that a chip is the one a bench means.
 * @throws HilError (rig) with both values
 */
export function checkChip({ mcu, uid }: Chip, expected: ExpectedChip): void {
  const { board } = expected;
  const known = DEVICE_IDS.find((family) => family.mcu.test(board.mcu));
  if (known !== undefined && known.deviceId !== mcu.deviceId) {
    throw new HilError(
      'rig',
      `the chip behind the probe has device id ${hex(mcu.deviceId)}; board ${board.id} has an ${board.mcu}, ${hex(known.deviceId)}`,
      'plug the right board in, or name its probe in the bench file; nothing was flashed',
    );
  }
  if (expected.uid !== undefined && expected.uid !== uid) {
    throw new HilError(
      'rig',
      `the chip behind the probe has the unique number ${uid}; the bench file names ${expected.uid}`,
      'plug the right board in, or correct uid in the bench file; nothing was flashed',
    );
  }
}

/** What an agent tells that knows of no number: on the emulated board, whose processor has none. */
const NO_UID = '0'.repeat(2 * UNIQUE_ID.bytes);

/**
 * Checks that serial line and probe lead to the same board.
 * @param agentUid what the board behind the line says
 * @throws HilError (rig) with both numbers
 */
export async function checkSameChip(
  agentUid: string,
  readProbed: () => Promise<Pick<Chip, 'uid'>>,
): Promise<void> {
  if (agentUid === NO_UID) return;
  const probed = await readProbed();
  if (agentUid === probed.uid) return;
  throw new HilError(
    'rig',
    `the serial line leads to a board with the unique number ${agentUid}, the probe to one with ${probed.uid}`,
    'name the port and the probe of one board: COCKPIT_SERIAL and COCKPIT_PROBE, or the bench file',
  );
}
