/** How something that a run needs is: `warn` is worth knowing and keeps nothing from working. */
export type CheckState = 'ok' | 'warn' | 'FAIL';

/** One line of the doctor. */
export interface Check {
  /** What was looked at: `openocd`, `probe`, `serial port`, … */
  readonly name: string;
  readonly state: CheckState;
  /** What was found. */
  readonly found: string;
  /** What mends it, as an imperative: a command where there is one. */
  readonly fix?: string;
}

export const ok = (name: string, found: string): Check => ({ name, state: 'ok', found });
export const warn = (name: string, found: string, fix?: string): Check => ({
  ...{ name, state: 'warn', found },
  ...(fix === undefined ? {} : { fix }),
});
export const fail = (name: string, found: string, fix: string): Check => ({
  ...{ name, state: 'FAIL', found, fix },
});
