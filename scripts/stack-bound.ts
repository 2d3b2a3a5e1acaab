/**
 * The worst case of a firmware's C stack: from GCC's call graph (-fcallgraph-info=su), the ELF's disassembly for library
 * functions, and the list of indirect calls below. Fails on recursion, on a frame of unknown size, on an indirect call that is
 * not in the list, and when the bound is over the stack that the linker script reserves.
 * `node scripts/stack-bound.ts BUILD-FOLDER`
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Node {
  frame: number;
  readonly calls: Set<string>;
}

/** Where functions called through pointers are; matched against `file:function` of static and `function` of other ones. */
const IO = /agent\/io[a-z_]*\.c:(?!.*init)/;
const MEMORY = /vm_memory\.c:/;
const RECORDER =
  /vm_recorder\.c:(?:load|store|create|pin|digital|analog|button|delay|millis|micros|print)/;
const HANDLER = /^cvm_op_/;
/** What the table of digest runs has beside the handlers. */
const DIGEST_HANDLER = /vm_digest\.c:(?:recorded|store_[a-z]+|unknown)$/;

interface Rule {
  readonly caller: RegExp;
  readonly targets: readonly RegExp[];
}

/** Every indirect call: a function not listed here that makes one is an error. More targets than can be do no harm. */
const INDIRECT: readonly Rule[] = [
  { caller: /vm_recorder\.c:/, targets: [MEMORY, IO] },
  { caller: /vm_digest\.c:(?:recorded|store_[a-z]+)$/, targets: [HANDLER] },
  { caller: /vm_digest\.c:run$/, targets: [HANDLER, DIGEST_HANDLER] },
  { caller: /vm_digest\.c:give_input$/, targets: [/epochs\.c:take_input$/] },
  { caller: /^cvm_op_|vm_handlers_io\.c:|vm_unity\.c:(?!run$)/, targets: [MEMORY, IO, RECORDER] },
  {
    caller: /vm_(?:engine|loop)\.c:|^cvm_(?:loop|step_ready)$/,
    targets: [HANDLER, MEMORY, IO, RECORDER],
  },
  { caller: /^cvm_run_in$/, targets: [/vm_digest\.c:digest_loop$/] },
  { caller: /^cvm_trace_begin$/, targets: [/trace_ring\.c:now_us$/] },
  {
    caller: /^requests_answer$|requests\.c:dispatch$/,
    targets: [/requests[a-z_]*\.c:/, /^request_/],
  },
];

/** Branches that only assembly makes. */
const ASSEMBLY: readonly (readonly [string, RegExp])[] = [
  ['crash_handler', /crash\.c:crash_stop$/],
];

/** Frame of an exception with floating-point state, and its alignment (DDI 0403E B1.5.6). */
const EXCEPTION_FRAME = 26 * 4 + 4;
/** Exceptions that can interrupt one another. All interrupts have the same priority, so one of them; a fault can come on top. */
const INTERRUPTS = ['systick_handler', 'lpuart1_handler'];
const FAULT = 'crash_handler';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: stack-bound.ts BUILD-FOLDER');
const elf = join(folder, 'cockpit-agent.elf');
const tool = (name: string, ...args: string[]): string =>
  execFileSync(`arm-none-eabi-${name}`, args, { encoding: 'utf8', maxBuffer: 1 << 28 });

/** Functions of the firmware's own sources by their names in the call graph. */
function readCallGraph(): Map<string, Node> {
  const graph = new Map<string, Node>();
  const nodeOf = (title: string): Node => {
    const node = graph.get(title) ?? { frame: NaN, calls: new Set<string>() };
    graph.set(title, node);
    return node;
  };
  const files = globSync('**/*.ci', { cwd: folder }).filter((file) => !file.startsWith('bench/'));
  if (files.length === 0) throw new Error(`${folder} was not compiled with -fcallgraph-info=su`);
  for (const file of files) {
    const text = readFileSync(join(folder ?? '', file), 'utf8');
    for (const [, title = '', size = '', kind = ''] of text.matchAll(
      /^node: \{ title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \(([a-z,]+)\)/gm,
    )) {
      if (kind !== 'static') throw new Error(`${title}: its frame is ${kind}`);
      nodeOf(title).frame = Number(size);
    }
    for (const [, source = '', target = ''] of text.matchAll(
      /^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"/gm,
    )) {
      nodeOf(source).calls.add(target);
    }
  }
  return graph;
}

const REGISTER_LIST = /\{([^}]*)\}/;

/** Frame and calls of a function from its disassembly; for what comes from a library. */
function disassembled(name: string): Node {
  const text = tool('objdump', '-d', '--no-show-raw-insn', `--disassemble=${name}`, elf);
  const lines = text.split('\n').filter((line) => line.includes('\t'));
  // Not linked: then its caller, which the list of indirect calls may name too generously, isn't either.
  if (lines.length === 0) return { frame: 0, calls: new Set() };
  const node: Node = { frame: 0, calls: new Set() };
  for (const line of lines) {
    const [, code = ''] = line.split(/:\t/);
    const list = REGISTER_LIST.exec(code)?.[1]?.split(',').length ?? 0;
    if (/^(push|stmdb\s+sp!)/.test(code)) node.frame += 4 * list;
    const down =
      /^sub(?:\.w)?\s+sp,.*#(\d+)/.exec(code) ?? /^(?:str|strd)\S*\s.*\[sp, #-(\d+)\]!/.exec(code);
    node.frame += Number(down?.[1] ?? 0);
    if (/^blx\s+r/.test(code)) throw new Error(`${name} of a library makes an indirect call`);
    const target = /^b(?:l|l\.w|\.w|\.n)?\s+[0-9a-f]+ <([^>+]+)>/.exec(code)?.[1];
    if (target !== undefined && target !== name) node.calls.add(target);
  }
  return node;
}

const graph = readCallGraph();
for (const [caller, callee] of ASSEMBLY) {
  const target = [...graph.keys()].find((title) => callee.test(title));
  if (target === undefined) throw new Error(`${caller}: there is no ${callee.source}`);
  graph.get(caller)?.calls.add(target);
}
const symbols = tool('nm', elf);
const valueOf = (symbol: string): number =>
  parseInt(new RegExp(`^([0-9a-f]+) \\w ${symbol}$`, 'm').exec(symbols)?.[1] ?? '', 16);

function indirectTargets(caller: string): string[] {
  const rule = INDIRECT.find((it) => it.caller.test(caller));
  if (rule === undefined) throw new Error(`${caller} calls through a pointer and is not listed`);
  const isTarget = (title: string): boolean => rule.targets.some((target) => target.test(title));
  return [...graph.keys()].filter((title) => isTarget(title) && title !== caller);
}

interface Depth {
  readonly bytes: number;
  readonly path: readonly string[];
}

const depths = new Map<string, Depth>();
const shortName = (title: string): string => title.split(/[/:]/).at(-1) ?? title;

/** The deepest stack below and including a function. */
function depthOf(title: string, above: readonly string[] = []): Depth {
  const known = depths.get(title);
  if (known !== undefined) return known;
  if (above.includes(title)) {
    throw new Error(`recursion: ${[...above, title].map(shortName).join(' > ')}`);
  }
  let node = graph.get(title);
  if (node === undefined || Number.isNaN(node.frame)) {
    node = disassembled(title);
    graph.set(title, node);
  }
  let deepest: Depth = { bytes: 0, path: [] };
  for (const call of node.calls) {
    const targets = call === '__indirect_call' ? indirectTargets(title) : [call];
    for (const target of targets) {
      const depth = depthOf(target, [...above, title]);
      if (depth.bytes > deepest.bytes) deepest = depth;
    }
  }
  const depth = {
    bytes: node.frame + deepest.bytes,
    path: [`${shortName(title)} ${node.frame}`, ...deepest.path],
  };
  depths.set(title, depth);
  return depth;
}

const main = depthOf('reset_handler');
const interrupts = INTERRUPTS.map((name) => depthOf(name));
const interrupt = interrupts.reduce((a, b) => (a.bytes >= b.bytes ? a : b));
const fault = depthOf(FAULT);
const bound = main.bytes + interrupt.bytes + fault.bytes + 2 * EXCEPTION_FRAME;
const reserved = valueOf('stack_top') - valueOf('stack_bottom');

console.log(`  deepest call: ${main.bytes} bytes: ${main.path.join(' > ')}`);
console.log(`  interrupt: ${interrupt.bytes} + ${EXCEPTION_FRAME}: ${interrupt.path.join(' > ')}`);
console.log(`  fault: ${fault.bytes} + ${EXCEPTION_FRAME}: ${fault.path.join(' > ')}`);
console.log(`  C stack: at most ${bound} of ${reserved} bytes reserved; no recursion`);
if (!(bound <= reserved)) {
  console.error(`the C stack can need ${bound} bytes, ${reserved} are reserved`);
  process.exitCode = 1;
}
