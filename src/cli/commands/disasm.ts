import { disassemble } from '../../isa/index.ts';
import { namesAt, sourceLocation } from '../../image/index.ts';
import { printable } from '../../report/index.ts';
import type { CliContext } from '../context.ts';
import { loadProgram } from '../load-program.ts';

/** `disasm FILE`: every instruction, with the function it belongs to and the source line it came from. */
export async function disasmCommand(context: CliContext, file: string): Promise<number> {
  const { program } = await loadProgram(file, context);
  let line = '';
  for (const [pc, instruction] of program.instructions.entries()) {
    const entered = program.debug?.functions.find((f) => f.start === pc);
    if (entered !== undefined) context.out(`\n${sectionTitle(entered.name)}:`);
    if (pc === program.entry) context.out('entry:');
    if (pc === program.loop) context.out('loop round:');
    const source = sourceLocation(program.debug, pc);
    const at = source === undefined ? '' : `${source.file}:${source.line}`;
    if (source !== undefined && at !== line)
      context.out(`; ${at}  ${printable(source.text.trim())}`);
    line = at;
    const text = printable(disassemble(instruction, namesAt(program, pc)));
    context.out(`${String(pc).padStart(6)}  ${text}`);
  }
  return 0;
}

/** `name()`; the code before the first function has no name that a sketch can give, but one in parentheses. */
function sectionTitle(name: string): string {
  return name.startsWith('(') ? 'before the first function' : `${name}()`;
}
