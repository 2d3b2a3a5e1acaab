/** `1.2 s`, or `350 ms` below one second. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(ms < 100_000 ? 1 : 0)} s`;
}

/** A time on the model's clock, in us, with the unit that suits it. */
export function clockTime(us: number): string {
  if (Math.abs(us) >= 1e6) return `${Number((us / 1e6).toFixed(6))} s`;
  return Math.abs(us) >= 1000 ? `${Number((us / 1000).toFixed(3))} ms` : `${us.toFixed(0)} us`;
}

/** `2026-11-23 01:45 UTC`. */
export function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

/** A number with narrow spaces between its thousands. */
export function thousands(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A path's last part. */
export function fileName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** Where in this file a case's page is. */
export function caseLink(id: string): string {
  return `#/case/${encodeURIComponent(id)}`;
}
