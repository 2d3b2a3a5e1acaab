import { execa } from 'execa';
import { repositoryPath } from './paths.ts';

/** Configuring and compiling the firmware takes about 15 s on two busy cores; as long again for each test file that builds the same. */
const BUILD_MS = 120_000;

/**
 * Runs cmake on a build folder while nobody else does: test files that run at the same time, also those of another command, may want the
 * same build, and two builds in one folder leave executables that are not whole.
 */
export async function cmake(folder: string, args: readonly string[]): Promise<void> {
  const options = { timeout: BUILD_MS, cwd: repositoryPath('firmware') };
  await execa('flock', ['--exclusive', `${folder}.lock`, 'cmake', ...args], options);
}

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
  await cmake(folder, ['--preset', preset, '-B', folder, `-DCVM_TEST_DEFECT=${defect}`]);
  await cmake(folder, ['--build', folder, '--target', 'cockpit-agent', ...others]);
  return `${folder}/${EXECUTABLES[preset]}`;
}

/** Builds the harness firmware that executes hot code from CCM SRAM. @returns the path of the ELF */
export async function buildHotInCcm(): Promise<string> {
  const preset = 'nucleo-harness-ccm';
  const folder = repositoryPath('build', 'firmware', preset);
  await cmake(folder, ['--preset', preset]);
  await cmake(folder, ['--build', '--preset', preset, '--target', 'cockpit-agent']);
  return `${folder}/cockpit-agent.elf`;
}

/**
 * Builds the native agent with address and undefined-behaviour sanitizers, where the C tests have it too.
 * @returns the path of the executable
 */
export async function buildSanitizedAgent(): Promise<string> {
  const folder = repositoryPath('build', 'firmware', 'native-asan');
  await cmake(folder, ['--preset', 'native-asan']);
  await cmake(folder, ['--build', '--preset', 'native-asan', '--target', 'cockpit-agent']);
  return `${folder}/${EXECUTABLES.native}`;
}
