import { cHeader } from './c-header.ts';
import { isaTable } from './markdown.ts';

/** What stands above the generated part of docs/isa.md. */
const MARKER = '<!-- generated -->\n';

/** A file derived from the instruction table. */
export interface GeneratedFile {
  /** Relative to the project's root. */
  readonly path: string;
  /** What the file should hold, given what it holds now (empty when it doesn't exist). */
  readonly render: (present: string) => string;
}

function withTable(present: string): string {
  const at = present.indexOf(MARKER);
  if (at < 0) throw new Error(`docs/isa.md has no line "${MARKER.trim()}"`);
  return `${present.slice(0, at)}${MARKER}\n${isaTable()}`;
}

/** Every file that is derived from the instruction table. */
export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: 'firmware/vm/generated/vm_isa.h', render: () => cHeader() },
  { path: 'docs/isa.md', render: withTable },
];
