/** Program images (`.cvbc`): build, read and verify; what the debug section says about an instruction. */
export { buildImage } from './build.ts';
export type { DebugInfo } from './debug.ts';
export { localsAt, namesAt, type LocalName } from './names.ts';
export { IMAGE_REFUSALS, parseImage, type ImageRefusal, type ParsedImage } from './parse.ts';
export type { Program } from './program.ts';
export { functionAt, sourceAround, sourceLocation, type SourceLocation } from './source.ts';
export { stripDebug } from './strip.ts';
