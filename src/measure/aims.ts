/** A figure that is aimed at, with what was measured, and whether that meets it. */
export interface Aim {
  readonly met: boolean;
  readonly text: string;
}

/** As a line of a benchmark's output. */
export const aimLine = ({ met, text }: Aim): string => `${met ? 'met   ' : 'MISSED'} ${text}`;
