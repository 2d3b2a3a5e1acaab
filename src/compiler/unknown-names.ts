/** Reports of names that mean nothing here. */
import {
  BUILTIN_CONSTANTS,
  BUILTIN_FUNCTIONS,
  MISSING_FUNCTIONS,
  MISSING_NAMES,
  PRINT_FUNCTIONS,
} from './builtins.ts';
import type { Span } from './diagnostics.ts';
import { didYouMean } from '../errors/index.ts';
import type { CheckContext, Site } from './scope.ts';

/** Statements that are one word. */
const LONE_WORDS = ['break', 'continue', 'return'];

/**
 * A name that is declared nowhere. One that is near to another is most likely misspelt, and reported wherever it stands; else its
 * declaration is missing, which is one mistake however often it is used.
 * @param alone the name is a whole statement
 */
export function reportUnknownName(site: Site, name: string, span: Span, alone = false): void {
  const { file } = site;
  if (isDamaged(site, name) || file.diagnostics.full) return;
  const later = file.laterNames.get(name);
  const known = [...site.scope.names(), ...BUILTIN_CONSTANTS.keys(), ...(alone ? LONE_WORDS : [])];
  const missing = MISSING_NAMES.get(name) ?? numberFor(name);
  const near = missing ?? didYouMean(name, known);
  if (later !== undefined && near === undefined) {
    report(file, name, span, `'${name}' is not declared yet`, `move line ${later} above this`);
  } else if (near === undefined) report(file, name, span, `'${name}' is not declared`);
  else file.diagnostics.error(span, `'${name}' is not declared`, near);
}

/** Arduino's names for binary numbers and, on other boards, for pins. */
function numberFor(name: string): string | undefined {
  const binary = /^B([01]{1,8})$/.exec(name)?.[1];
  const pin = /^D(\d|1[0-5])$/.exec(name)?.[1];
  if (binary !== undefined) return `write 0b${binary}`;
  return pin === undefined ? undefined : `write ${pin}`;
}

/** A call of a function that there is not. */
export function reportUnknownFunction(site: Site, callee: string, span: Span): void {
  const { file } = site;
  if (isDamaged(site, callee) || file.diagnostics.full) return;
  const hint = functionHint(site, callee);
  const message = `there is no function '${callee}'`;
  if (hint === undefined) report(file, callee, span, message);
  else file.diagnostics.error(span, message, hint);
}

/** True when a function that there is not is a misspelt one, so that its arguments are meant for that one. */
export function isMisspeltFunction(site: Site, callee: string): boolean {
  return !MISSING_FUNCTIONS.has(callee) && functionHint(site, callee) !== undefined;
}

function functionHint(site: Site, callee: string): string | undefined {
  const known = [...site.file.functions.keys(), ...BUILTIN_FUNCTIONS.keys(), ...PRINT_FUNCTIONS];
  return MISSING_FUNCTIONS.get(callee) ?? didYouMean(callee, known);
}

/** Reports a name once. */
function report(
  file: CheckContext,
  name: string,
  span: Span,
  message: string,
  hint?: string,
): void {
  if (file.unknownNames.has(name)) return;
  file.unknownNames.add(name);
  file.diagnostics.error(span, message, hint);
}

/** True for a name, or the member of one, whose declaration is lost and reported. */
function isDamaged({ file, scope }: Site, name: string): boolean {
  const object = name.split('.')[0] ?? name;
  return (
    file.damagedNames.has(object) ||
    scope.find(object) === 'damaged' ||
    file.functions.get(object)?.result === 'invalid'
  );
}
