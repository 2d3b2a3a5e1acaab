import type { RunData } from '../data.ts';
import { sourceLine } from './divergence.ts';
import { block, dataTable, h, pairs, section, type Child } from './dom.ts';

const FLASH_WORDS = {
  firmware: 'holds the firmware',
  erased: 'is erased where the firmware belongs',
  other: 'holds another firmware',
} as const;

/** What the debug probe found of a board that didn't answer. */
export function forensicsSection({ forensics: found }: RunData): Child {
  if (found === undefined) return undefined;
  return section(
    'What the debug probe found',
    pairs(['core', found.core], ['flash', found.flash && FLASH_WORDS[found.flash]]),
    (found.fault ?? []).length > 0 &&
      h(
        'ul',
        { 'aria-label': 'Fault status' },
        (found.fault ?? []).map((text) => h('li', {}, text)),
      ),
    h('h3', {}, 'Backtrace'),
    block(found.backtrace.join('\n'), 'C backtrace'),
    dataTable(
      'Registers',
      ['register', 'value'],
      Object.entries(found.registers).map(([name, value]) => [name, h('code', {}, value)]),
    ),
    found.vms.map((vm) => [
      h('h3', {}, `VM ${vm.vmName} after ${vm.steps} steps at pc ${vm.pc}: ${vm.instruction}`),
      sourceLine(vm.source),
    ]),
  );
}
