import { readFile } from 'node:fs/promises';
import { isMap, isNode, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { errorText, HilError, nearest } from '../errors/index.ts';

type Path = readonly PropertyKey[];

/** The keys that the schema allows in the object at a path; empty when there is no object there. */
function allowedKeys(schema: unknown, path: Path, value: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return allowedKeys(schema.unwrap(), path, value);
  }
  if (schema instanceof z.ZodPipe) return allowedKeys(schema.in, path, value);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    // The member that takes this value's discriminator is the one that complains of unknown keys and of nothing before it.
    const keys = schema.options.map((option) => allowedKeys(option, path, value));
    const index = schema.options.findIndex((option) => matchesDiscriminator(option, schema, value));
    return keys[index] ?? [];
  }
  const [head, ...rest] = path;
  if (schema instanceof z.ZodArray) {
    return allowedKeys(schema.element, rest, (value as unknown[])[Number(head)]);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = schema.shape as Record<string, unknown>;
  if (head === undefined) return Object.keys(shape);
  return allowedKeys(shape[String(head)], rest, (value as Record<PropertyKey, unknown>)[head]);
}

function matchesDiscriminator(
  option: unknown,
  union: z.ZodDiscriminatedUnion,
  value: unknown,
): boolean {
  const key = union.def.discriminator;
  if (!(option instanceof z.ZodObject)) return false;
  const field = (option.shape as Record<string, unknown>)[key];
  return (
    field instanceof z.ZodType && field.safeParse((value as Record<string, unknown>)[key]).success
  );
}

/** The node at a path. A key is compared as a text, as it is in a parsed value: in YAML `7:` is a number. */
function nodeAt(document: Document, path: Path): unknown {
  let node: unknown = document.contents;
  for (const key of path) {
    if (isMap(node)) node = node.items.find((item) => String(item.key) === String(key))?.value;
    else node = isSeq(node) ? node.items[Number(key)] : undefined;
  }
  return node;
}

/** The line of the node at a path, or of its nearest parent that exists. `key` picks the line of one key in a map. */
function lineOf(document: Document, lines: LineCounter, path: Path, key?: string): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    if (!isNode(node) || !node.range) continue;
    if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === key);
      if (isNode(pair?.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const first = isMap(node) || isSeq(node) ? node.items[0] : undefined;
    const inner = isNode(first) ? first.range : undefined;
    return lines.linePos(inner?.[0] ?? node.range[0]).line;
  }
  return 1;
}

/** What is wrong in the user's words, with its line. */
function explain(
  issue: z.core.$ZodIssue,
  schema: unknown,
  value: unknown,
  document: Document,
  lines: LineCounter,
): { line: number; text: string } {
  const where = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  if (issue.code !== 'unrecognized_keys') {
    const missing = issue.code === 'invalid_type' && nodeAt(document, issue.path) === undefined;
    if (missing && issue.path.length > 0) {
      return { line: lineOf(document, lines, issue.path), text: `${where}this key is missing` };
    }
    return { line: lineOf(document, lines, issue.path), text: where + issue.message };
  }
  const key = issue.keys[0] ?? '';
  const known = allowedKeys(schema, issue.path, value);
  const near = nearest(key, known);
  const hint = near === undefined ? `allowed: ${known.join(', ')}` : `did you mean "${near}"?`;
  const line = lineOf(document, lines, issue.path, key);
  return { line, text: `${where}unknown key "${key}"; ${hint}` };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = gone ? `there is no file ${file}` : `cannot read ${file}: ${errorText(error)}`;
    throw new HilError('usage', message, 'check the path');
  }
}

/**
 * Reads a YAML file and checks it against a schema. Objects of the schema should be strict, so that a misspelt key is an
 * error and not a setting ignored.
 * @param prepare changes the parsed value before it is checked, e.g. by filling in environment variables
 * @throws HilError (usage) that begins with `file:line:`
 */
export async function readYamlFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  prepare: (value: unknown) => unknown = (value) => value,
): Promise<z.output<Schema>> {
  const text = await readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line } = lines.linePos(syntax.pos[0]);
    throw new HilError('usage', `${file}:${line}: ${syntax.message}`, 'correct the YAML');
  }
  const value = prepare(document.toJS());
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // A misspelt key is also a missing one; the former says more.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new HilError('usage', `${file}: does not fit its schema`);
  const { line, text: what } = explain(issue, schema, value, document, lines);
  throw new HilError('usage', `${file}:${line}: ${what}`, 'correct the file');
}
