/** What a record says of its surroundings: commit, source hashes, versions of tools. */
export { commitOf, commitsOf, gitState } from './git.ts';
export { sourceHashes } from './sources.ts';
export { toolVersions } from './tools.ts';
