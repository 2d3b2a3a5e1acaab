import { HilError } from '../errors/index.ts';
import type { StLink } from '../probe/index.ts';

/** A serial number that OpenOCD takes as it is; old ST-LINK/V2 have bytes that are no text. */
const PLAIN_SERIAL = /^[0-9A-Za-z]+$/;

/**
 * The serial number of the ST-LINK that a bench means.
 * @param wanted a serial number, or `any`: the only one plugged in
 * @param present what is plugged in; undefined when the machine doesn't say
 * @returns undefined when OpenOCD has to find it without: nobody knows what is plugged in, or the only one has no plain number
 * @throws HilError (rig): none, several for `any`, or none with that number
 */
export function chooseProbe(
  wanted: string,
  present: readonly StLink[] | undefined,
): string | undefined {
  if (present === undefined) return wanted === 'any' ? undefined : wanted;
  const all = present.map(
    ({ serial, kind, place }) => `${serial ?? 'no number'} (${kind}, USB ${place})`,
  );
  const [only] = present;
  if (only === undefined) {
    throw new HilError(
      'rig',
      'no ST-LINK is plugged in',
      "plug the Nucleo's USB cable in, or run with the emulated bench: --bench emulated",
    );
  }
  if (wanted !== 'any') {
    if (present.some(({ serial }) => serial === wanted)) return wanted;
    throw new HilError(
      'rig',
      `no ST-LINK has the serial number ${wanted}; plugged in: ${all.join(', ')}`,
      'correct probe: serial in the bench file, or COCKPIT_PROBE',
    );
  }
  if (present.length > 1) {
    throw new HilError(
      'rig',
      `${present.length} ST-LINKs are plugged in, and the bench file doesn't say which: ${all.join(', ')}`,
      'name one: export COCKPIT_PROBE=<serial number>, or probe: serial in the bench file',
    );
  }
  return only.serial !== undefined && PLAIN_SERIAL.test(only.serial) ? only.serial : undefined;
}
