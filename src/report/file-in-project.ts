import { isAbsolute, relative, resolve } from 'node:path';

/**
 * A file as whoever has the project checked out finds it, wherever the harness was started.
 * @param file as a record names it: absolute, or relative to the working directory
 * @returns its path from the project's root, or `file` itself when it is not in the project
 */
export function fileInProject(file: string, root: string): string {
  const path = relative(root, resolve(file));
  const outside = path === '' || path === '..' || path.startsWith('../') || isAbsolute(path);
  return outside ? file : path;
}
