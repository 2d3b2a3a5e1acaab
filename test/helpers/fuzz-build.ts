import { cmake } from './firmware.ts';
import { repositoryPath } from './paths.ts';

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
  await cmake(folder, ['--preset', preset, '-B', folder, `-DCVM_TEST_DEFECT=${defect}`]);
  await cmake(folder, ['--build', folder, '--target', ...targets]);
  return folder;
}
