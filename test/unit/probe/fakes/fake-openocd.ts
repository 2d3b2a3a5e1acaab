/**
 * Stands in for OpenOCD in unit tests: logs, binds and answers as OpenOCD 0.12.0 does (its log lines were copied from
 * real runs). `--fake MODE` on the command line chooses what goes wrong.
 */
import { createServer } from 'node:net';

const mode = process.argv[process.argv.indexOf('--fake') + 1] ?? 'ready';
const say = (line: string) => process.stderr.write(`${line}\n`);

/** Command → status, value, output; a command that is missing here is never answered. */
const answers: Record<string, readonly [number, string, string]> = {
  '[target current] was_examined': [0, mode === 'unexamined' ? '0' : '1', ''],
  'poll; [target current] curstate': [0, 'halted', 'background polling: on'],
  'read_memory 0xe0042000 32 1': [0, '0x20016469', ''],
  'read_memory 0x20000001 8 3': [0, '0x1 0xff 0x80', ''],
  'read_memory 0x20000000 32 1': [0, '0x80000001', 'Info : halted'],
  'read_memory 0x20000000 32 2': [0, '0x1', ''],
  'get_reg {r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc xPSR msp psp primask basepri faultmask control}':
    [0, 'r0 0x00000004 pc 0x08000040', ''],
  'halt 1000': [1, '', 'Error: timed out while waiting for target halted\nError: halt failed'],
  argv: [0, process.argv.slice(2).join('|'), ''],
};

say('Open On-Chip Debugger 0.12.0');
say('Info : clock speed 2000 kHz');
if (mode === 'no-probe') {
  say('Error: open failed');
  process.exit(1);
}
say('Info : STLINK V3J10M3 (API v3) VID:PID 0483:374E');
say('Info : Target voltage: 3.281250');
if (mode === 'unexamined') say('Error: init mode failed (unable to connect to the target)');

const server = createServer((socket) => {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    text += piece.toString();
    for (let end = text.indexOf('\x1a'); end !== -1; end = text.indexOf('\x1a')) {
      const command = text.slice(0, end);
      text = text.slice(end + 1);
      if (command === 'shutdown' && mode !== 'stubborn') process.exit(0);
      const inner = /cockpit_value \[(.*)\]\}\} cockpit_output/.exec(command)?.[1] ?? '';
      const answer = answers[inner];
      if (answer === undefined) {
        say(`Info : busy with ${inner}`);
        continue;
      }
      const reply = `\x02${answer.join('\x1f')}\x03`;
      say(reply);
      socket.write(`${reply}\x1a`);
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string' || mode === 'silent') return;
  say('Info : starting gdb server for stm32g4x.cpu on 0');
  say('Info : Listening on port 40001 for gdb connections');
  say(`Info : Listening on port ${address.port} for tcl connections`);
});
