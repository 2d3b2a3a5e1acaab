/**
 * Stands in for gdb-multiarch in unit tests: answers as GDB 13.1 did when attached to a Cortex-M4 (records copied from
 * real runs), and can be made to lose its server or to end with last words by evaluating an expression.
 */
import { createInterface } from 'node:readline';

const say = (line: string) => process.stdout.write(`${line}\n`);
const STOPPED =
  '*stopped,frame={addr="0x08000070",func="reset_handler",args=[],file="tiny.c",fullname="/tmp/tiny.c",line="5",arch="armv7e-m"},thread-id="1",stopped-threads="all"';

say('=thread-group-added,id="i1"');
say('(gdb) ');
createInterface({ input: process.stdin }).on('line', (line) => {
  const [, token = '', command = ''] = /^(\d+)(.*)$/.exec(line) ?? [];
  if (command.startsWith('-target-select')) {
    if (command.endsWith(':1')) {
      say(`${token}^error,msg="127.0.0.1:1: Connection refused."`);
      return;
    }
    say(STOPPED);
    say(`${token}^connected`);
  } else if (command === '-exec-continue') {
    say(`${token}^running`);
    say('*running,thread-id="all"');
  } else if (command === '-exec-interrupt') {
    say(`${token}^done`);
    say(STOPPED);
  } else if (command === '-data-evaluate-expression "late"') {
    setTimeout(() => {
      say(`${token}^done,value="1"`);
    }, 50);
  } else if (command === '-data-evaluate-expression "counter"') {
    say(`${token}^done,value="7"`);
  } else if (command === '-data-evaluate-expression "lose_server"') {
    say('=thread-exited,id="1",group-id="i1"');
    say('=thread-group-exited,id="i1"');
    say('&"Remote connection closed\\n"');
    say(`${token}^done,value="0"`);
  } else if (command === '-data-evaluate-expression "die"') {
    process.stderr.write('Fatal signal: Segmentation fault\n', () => process.exit(3));
  } else if (command === '-gdb-exit') {
    say(`${token}^exit`);
    process.exit(0);
  } else if (!command.includes('hang')) {
    say(`${token}^done`);
  }
  say('(gdb) ');
});
