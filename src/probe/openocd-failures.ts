import { ProbeError } from './probe-error.ts';

/** What a line of OpenOCD's log means and what mends it. */
export interface OpenOcdFailure {
  readonly pattern: RegExp;
  /** OpenOCD's words that it fits, for a person; `…` stands for what differs from time to time. */
  readonly words: readonly string[];
  /** The cause in the user's terms. */
  readonly cause: string;
  readonly fix: string;
}

const CONNECT_UNDER_RESET =
  'check the power and the SWD wires; if the firmware disables SWD or sleeps, hold B2 (reset) while connecting ' +
  'or add `reset_config srst_only connect_assert_srst` to the OpenOCD arguments';

/**
 * OpenOCD 0.12.0 messages, the most telling first: when a log holds several, the first row that matches is the cause
 * and the later rows are its consequences.
 */
export const OPENOCD_FAILURES: readonly OpenOcdFailure[] = [
  {
    pattern: /No space left on device/,
    words: ['No space left on device'],
    cause: 'the disk of the folder for temporary files is full',
    fix: 'free some disk space there, or name another folder with TMPDIR',
  },
  {
    pattern: /LIBUSB_ERROR_ACCESS/,
    words: ['LIBUSB_ERROR_ACCESS'],
    cause: 'the ST-LINK is there but this user may not open it',
    fix: "install OpenOCD's udev rules (60-openocd.rules), join the group plugdev, then replug the board",
  },
  {
    pattern: /LIBUSB_ERROR_BUSY/,
    words: ['LIBUSB_ERROR_BUSY'],
    cause: 'another program holds the ST-LINK',
    fix: 'end the other OpenOCD, STM32CubeProgrammer or IDE debug session',
  },
  {
    pattern: /cannot connect to stlink server/,
    words: ['cannot connect to stlink server'],
    cause: 'no ST-LINK server listens on the TCP port OpenOCD was given',
    fix: 'start the emulated board (cockpit-hil emulator) or the stlink-server first',
  },
  {
    pattern: /ST-LINK open failed \(serial mismatch\)/,
    words: ['ST-LINK open failed (serial mismatch)'],
    cause: 'no ST-LINK has the serial number that was asked for',
    fix: "correct the probe serial in the bench file; `lsusb -v -d 0483:` shows the probes' serials",
  },
  {
    pattern: /Can't find (\S+)/,
    words: ["Can't find …"],
    cause: 'OpenOCD does not find a configuration file',
    fix: 'correct the name in the bench file, or install OpenOCD 0.12 with ./scripts/setup',
  },
  {
    pattern: /couldn't bind (?:tcl|gdb)/,
    words: ["couldn't bind tcl …", "couldn't bind gdb …"],
    cause: 'OpenOCD could not listen on a loopback port',
    fix: 'check the local firewall and the number of open sockets',
  },
  {
    pattern: /unable to connect to the target/,
    words: ['unable to connect to the target'],
    cause: 'the ST-LINK works but the microcontroller does not answer over SWD',
    fix: CONNECT_UNDER_RESET,
  },
  {
    pattern: /PARTNO 0x[0-9a-f]+ is unrecognized/,
    words: ['PARTNO 0x… is unrecognized'],
    cause: 'the CPUID register read over SWD is not that of a Cortex-M',
    fix: CONNECT_UNDER_RESET,
  },
  {
    pattern: /scan chain interrogation failed: all (?:ones|zeroes)/,
    words: [
      'scan chain interrogation failed: all ones',
      'scan chain interrogation failed: all zeroes',
    ],
    cause: 'the debug line floats: nothing drives it',
    fix: 'check the debug cable and the power of the board',
  },
  {
    pattern: /Invalid ACK/,
    words: ['Invalid ACK'],
    cause: 'the debug port answers with an invalid acknowledge',
    fix: 'check that the board file matches the microcontroller, and the debug cable',
  },
  {
    pattern: /examination failed|not examined/i,
    words: ['examination failed', 'not examined'],
    cause: 'OpenOCD could not examine the core',
    fix: CONNECT_UNDER_RESET,
  },
  {
    pattern: /Cannot identify target as an? STM32|auto_probe failed|Probing failed/i,
    words: ['Cannot identify target as a STM32…', 'auto_probe failed', 'Probing failed'],
    cause: 'the flash controller is not one OpenOCD knows for this board file',
    fix: 'check that the board is a Nucleo-G474RE',
  },
  {
    pattern: /flash write algorithm/,
    words: ['flash write algorithm'],
    cause: "OpenOCD's flash loader did not run to its end on the board",
    fix: 'power-cycle the board and flash again',
  },
  {
    pattern: /no flash bank found for address/,
    words: ['no flash bank found for address'],
    cause: 'the ELF file has a segment outside the flash of the board',
    fix: "check the linker script: every segment's load address must lie in 0x08000000..0x0807ffff",
  },
  {
    pattern: /checksum mismatch|contents differ|diff \d+ address/,
    words: ['checksum mismatch', 'contents differ', 'diff 0 address'],
    cause: 'the flash does not hold what was written',
    fix: 'flash again; if it recurs, the flash is worn or the supply is too weak',
  },
  {
    pattern: /open failed/,
    words: ['open failed'],
    cause: 'no ST-LINK on USB',
    fix: "plug the Nucleo's USB cable in, or run with the emulated bench: --bench emulated",
  },
  {
    pattern:
      /communication failure|TCP error status|Polling target .* failed|reset device failed|LIBUSB_ERROR_(?:NO_DEVICE|IO|PIPE|TIMEOUT)/,
    words: [
      ...[
        'communication failure',
        'TCP error status',
        'Polling target … failed',
        'reset device failed',
      ],
      ...['LIBUSB_ERROR_NO_DEVICE', 'LIBUSB_ERROR_IO', 'LIBUSB_ERROR_PIPE', 'LIBUSB_ERROR_TIMEOUT'],
    ],
    cause: 'the connection to the board was lost',
    fix: 'replug the USB cable, or restart the emulated board, and start again',
  },
  {
    pattern: /timed out while waiting for target halted/,
    words: ['timed out while waiting for target halted'],
    cause: 'the core does not halt',
    fix: 'power-cycle the board and start again',
  },
  {
    pattern: /(?:read|write) at 0x[0-9a-f]+ with width=\d+ and count=\d+ failed/,
    words: [
      'read at 0x… with width=… and count=… failed',
      'write at 0x… with width=… and count=… failed',
    ],
    cause: 'the board has no memory at that address, or does not let it be accessed',
    fix: 'check the address and that its peripheral is clocked',
  },
  {
    pattern: /voltage may be too low/,
    words: ['voltage may be too low'],
    cause: 'the target voltage reads low',
    fix: 'check the power of the board (jumper JP5 on Nucleo-64), or use another USB port',
  },
];

/** Lines that say nothing about a failure when a log has no known one. */
const NOISE = /^(?:Info ?:|Debug ?:|in procedure|at file|Open On-Chip|Licensed|For bug|\s*http)/;

/** OpenOCD's own words for a failure no row of the table knows: the last error line, else the last line. */
function lastWords(lines: readonly string[]): string {
  const plain = lines.map((line) => line.trim()).filter((line) => line !== '' && !NOISE.test(line));
  const words = plain.findLast((line) => line.includes('Error')) ?? plain.at(-1);
  return (words ?? 'it said nothing').replace(/^(?:.*: )?Error ?: ?/, '');
}

/**
 * Turns what OpenOCD said into an error with cause and fix.
 * @param doing completes "… failed", such as "OpenOCD's start"
 * @param lines the lines that belong to the failure, oldest first
 * @param evidence the lines to keep in the error; `lines` unless given
 */
export function openOcdFailure(
  doing: string,
  lines: readonly string[],
  evidence: readonly string[] = lines,
): ProbeError {
  for (const { pattern, cause, fix } of OPENOCD_FAILURES) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line === undefined) continue;
    const words = line.trim().replace(/^(?:.*: )?Error ?: ?/, '');
    return new ProbeError('rig', `${doing} failed: ${cause} (OpenOCD: ${words})`, fix, evidence);
  }
  return new ProbeError('rig', `${doing} failed: OpenOCD: ${lastWords(lines)}`, '', evidence);
}
