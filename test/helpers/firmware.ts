import { execa } from 'execa';
import { repositoryPath } from './paths.ts';

/** Configuring and compiling the firmware takes about 10 s on two busy cores. */
const BUILD_MS = 120_000;

const EXECUTABLES = {
  native: 'cockpit-agent',
  'nucleo-harness': 'cockpit-agent.elf',
} as const;

/**
 * Builds firmware with one handler wrong on purpose (CVM_TEST_DEFECT), in a folder of its own beside the good builds.
 * @param others targets to build besides; their executables are beside the agent's
 * @returns the path of the executable
 */
export async function buildDefect(
  preset: keyof typeof EXECUTABLES,
  defect: string,
  others: readonly string[] = [],
): Promise<string> {
  const folder = repositoryPath('build', 'firmware', `${preset}-${defect}`);
  const options = { timeout: BUILD_MS, cwd: repositoryPath('firmware') };
  await execa('cmake', ['--preset', preset, '-B', folder, `-DCVM_TEST_DEFECT=${defect}`], options);
  const targets = ['--target', 'cockpit-agent', ...others];
  await execa('cmake', ['--build', folder, ...targets], options);
  return `${folder}/${EXECUTABLES[preset]}`;
}

/**
 * Builds the native agent with address and undefined-behaviour sanitizers, where the C tests have it too.
 * @returns the path of the executable
 */
export async function buildSanitizedAgent(): Promise<string> {
  const options = { timeout: BUILD_MS, cwd: repositoryPath('firmware') };
  await execa('cmake', ['--preset', 'native-asan'], options);
  await execa(
    'cmake',
    ['--build', '--preset', 'native-asan', '--target', 'cockpit-agent'],
    options,
  );
  return repositoryPath('build', 'firmware', 'native-asan', EXECUTABLES.native);
}
