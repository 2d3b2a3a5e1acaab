import { expect, test } from 'vitest';
import { OPENOCD_FAILURES, openOcdFailure } from '../../../src/probe/openocd-failures.ts';

const HEAD = ['Open On-Chip Debugger 0.12.0', 'Info : clock speed 2000 kHz'];

/** Lines as OpenOCD 0.12.0 prints them, with words of the cause and of the fix. */
test.each([
  ['Error: open failed', 'no ST-LINK on USB', 'USB cable'],
  ['Error: libusb_open() failed with LIBUSB_ERROR_ACCESS', 'may not open it', 'udev'],
  ['Error: libusb_claim_interface() failed with LIBUSB_ERROR_BUSY', 'another program', 'end the'],
  [
    'Error: init mode failed (unable to connect to the target)',
    'does not answer over SWD',
    'connect_assert_srst',
  ],
  [
    'Error: cannot connect to stlink server, errno: Connection refused',
    'no ST-LINK server listens',
    'emulator',
  ],
  ['Error: ST-LINK open failed (serial mismatch)', 'serial number', 'bench file'],
  ['Error: Cortex-M PARTNO 0x0 is unrecognized', 'CPUID', 'power'],
  ['Error: Target examination failed', 'could not examine', 'reset'],
  ['Error: JTAG scan chain interrogation failed: all ones', 'floats', 'cable'],
  ['Error: Invalid ACK (4) in DAP response', 'invalid acknowledge', 'board file'],
  ['Error: error waiting for target flash write algorithm', 'flash loader', 'power-cycle'],
  ['Error: no flash bank found for address 0x20000000', 'outside the flash', 'linker script'],
  ['Error: checksum mismatch - attempting binary compare', 'does not hold', 'flash again'],
  ["embedded:startup.tcl:28: Error: Can't find board/x.cfg", 'configuration file', 'bench file'],
  ['Error: TCP error status 0x1000', 'lost', 'emulated board'],
  ['Error: timed out while waiting for target halted', 'does not halt', 'power-cycle'],
  [
    'Error: read_memory: read at 0x30000000 with width=32 and count=1 failed',
    'no memory at that address',
    'check the address',
  ],
  ['Error: jtag status contains invalid mode value - communication failure', 'lost', 'replug'],
])('%s', (line, cause, fix) => {
  const error = openOcdFailure("OpenOCD's start", [...HEAD, line, 'shutdown command invoked']);
  expect(error.causeClass).toBe('rig');
  expect(error.message).toContain("OpenOCD's start failed: ");
  expect(error.message).toContain(cause);
  expect(error.message).toContain(line.replace(/.*Error: /, ''));
  expect(error.fix).toContain(fix);
  expect(error.evidence).toContain(line);
});

test.each(OPENOCD_FAILURES.flatMap(({ words, fix }) => words.map((text) => [text, fix])))(
  'the words of the table in the documents lead to the fix beside them: %s',
  (text, fix) => {
    expect(openOcdFailure('x', [`Error: ${text.replaceAll('…', '1')}`]).fix).toBe(fix);
  },
);

test('the cause goes before its consequences, in whatever order they were logged', () => {
  const error = openOcdFailure('x', [
    'Error: open failed',
    'Error: libusb_open() failed with LIBUSB_ERROR_ACCESS',
  ]);
  expect(error.message).toContain('may not open it');
});

test("an unknown failure has OpenOCD's last error, not its chatter", () => {
  const lines = [...HEAD, 'Error: something new', "in procedure 'init'", 'at file "x", line 3'];
  const error = openOcdFailure('the step', lines);
  expect(error.message).toBe('the step failed: OpenOCD: something new');
  expect(error.fix).toBe('');
  expect(openOcdFailure('the step', []).message).toBe('the step failed: OpenOCD: it said nothing');
});
