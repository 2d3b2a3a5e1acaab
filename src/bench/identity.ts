import { HilError } from '../errors/index.ts';
import type { LineRate } from './rate.ts';
import type { BenchSession } from './session.ts';

/** Who a board is, as far as it can be told. */
export interface BoardIdentity {
  /** The ST-LINK: its USB serial number and firmware version. */
  probe?: { serial?: string; version?: string };
  /** DBGMCU_IDCODE (RM0440 47.6.1) as eight hexadecimal digits, read over SWD. */
  mcuId?: string;
  board: string;
  /** The chip's 96-bit unique number as its agent tells it, 24 hexadecimal digits. */
  uid: string;
  firmware: string;
  elf: string;
  /** Eight hexadecimal digits. */
  isa: string;
  protocol: number;
  /** The rate of the line; absent on one without a rate that can be changed. */
  rate?: LineRate;
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

/**
 * Who the board of a connected session is: what its agent has said, and what the probe reads past the agent.
 * @throws HilError (harness) when nobody has connected; (rig) when the probe doesn't answer
 */
export async function readIdentity(session: BenchSession): Promise<BoardIdentity> {
  const { connected, probe } = session;
  if (connected === undefined) throw new HilError('harness', 'no board is connected to be asked');
  const { hello, rate } = connected;
  const said = {
    board: hello.board,
    uid: hello.uid,
    firmware: hello.fw,
    elf: hello.elf,
    isa: hex8(hello.isa),
    protocol: hello.proto,
    ...(rate && { rate }),
  };
  if (probe === undefined) return said;
  const { mcu } = await probe.chip();
  const { serial, version } = probe.openocd.probeInfo;
  return {
    probe: { ...(serial && { serial }), ...(version && { version }) },
    mcuId: hex8(mcu.idcode),
    ...said,
  };
}
