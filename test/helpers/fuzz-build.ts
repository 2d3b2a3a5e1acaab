import { execa } from 'execa';
import { repositoryPath } from './paths.ts';

/** Configuring and compiling takes about 15 s on two busy cores. */
const BUILD_MS = 120_000;

/**
 * Builds programs of firmware/fuzz in a folder of their own, so that tests running beside each other don't build in the same one.
 * @returns the folder they are in
 */
export async function buildFuzz(
  preset: 'native' | 'native-asan' | 'fuzz',
  targets: readonly string[],
  defect = '',
): Promise<string> {
  const name = ['fuzzing', preset, defect].filter((part) => part !== '').join('-');
  const folder = repositoryPath('build', 'firmware', name);
  const options = { timeout: BUILD_MS, cwd: repositoryPath('firmware') };
  const settings = ['--preset', preset, '-B', folder, `-DCVM_TEST_DEFECT=${defect}`];
  await execa('cmake', settings, options);
  await execa('cmake', ['--build', folder, '--target', ...targets], options);
  return folder;
}
