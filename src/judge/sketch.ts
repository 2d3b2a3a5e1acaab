/** A sketch to be judged, and the world it runs in. */
export interface Sketch {
  /** For messages. */
  readonly name: string;
  readonly source: string;
  /** Rounds of loop(). */
  readonly rounds: number;
  /** u32 that all inputs follow from; with 0 pins, buttons and analog inputs are 0 and the clock starts at 0. */
  readonly inputs: number;
}

/** What running a sketch showed: its events, one text each, and `ended`, or what stopped it. */
export interface Behaviour {
  readonly events: readonly string[];
  readonly end: string;
}

/** How the end of a sketch begins that the host's compiler refuses. */
export const HOST_REFUSES = 'refused by ';

const PRINT = 'print ';
/** As it stands in an event. */
const LINE_END = String.raw`\n`;

/** Events with printed text line by line: in how many pieces a text is printed is not part of a sketch's meaning. */
export function byLines(events: readonly string[]): string[] {
  const result: string[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') result.push(PRINT + text);
    text = '';
  };
  for (const event of events) {
    if (!event.startsWith(PRINT)) {
      endText();
      result.push(event);
      continue;
    }
    const lines = (text + event.slice(PRINT.length)).split(LINE_END);
    text = lines.pop() ?? '';
    result.push(...lines.map((line) => PRINT + line + LINE_END));
  }
  endText();
  return result;
}

/** A printed text as an event. */
export function printEvent(text: Uint8Array): string {
  const shown = Array.from(text, (byte) => {
    if (byte === 0x0a) return LINE_END;
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    const hex = byte.toString(16).padStart(2, '0');
    return plain ? String.fromCharCode(byte) : String.raw`\x${hex}`;
  });
  return PRINT + shown.join('');
}
