import { compile, formatDiagnostic } from '../compiler/index.ts';
import { HilError } from '../errors/index.ts';
import { aimLine, type Aim } from './aims.ts';

/** Milliseconds by the clock on the wall, and of the processor for the thread: on a busy machine only the second says much. */
export interface Time {
  readonly elapsed: number;
  readonly processor: number;
}

/** How long the compiler takes. */
export interface CompilerSpeed {
  readonly lines: number;
  readonly instructions: number;
  /** An empty sketch, the first of the process: mostly building the parser's tables. */
  readonly startUp: Time;
  /** The first run after that, as a command meets it: the host has compiled little of the compiler yet. */
  readonly first: Time;
  readonly best: Time;
  readonly median: Time;
  readonly runs: number;
}

const LINES = 1000;
const RUNS = 21;
/** Milliseconds for a sketch of {@link LINES} lines. */
const TARGET = 100;

/** Parts of sketches as people write them, each with a number in its names. */
const PARTS: readonly ((n: number) => string)[] = [
  (n) => `
// Debounced button ${n}: true once for each press.
bool pressed${n}(int pin) {
  static int stable = HIGH;
  static int last = HIGH;
  static unsigned long changed = 0;
  int now = digitalRead(pin);
  if (now != last) {
    last = now;
    changed = millis();
  }
  if (millis() - changed > DEBOUNCE_MS && now != stable) {
    stable = now;
    return stable == LOW;
  }
  return false;
}
`,
  (n) => `
/* Moving average ${n} over the last samples. */
int average${n}(int value, int factor) {
  int sum = 0;
  for (int i = SAMPLES - 1; i > 0; i--) {
    samples[i] = samples[i - 1];
  }
  samples[0] = value * factor;
  for (int i = 0; i < SAMPLES; i++) {
    if (samples[i] < 0 || samples[i] > 4095) {
      continue; // out of range
    }
    sum += samples[i];
  }
  return sum / SAMPLES;
}
`,
  (n) => `
// State machine ${n}: a traffic light.
int advance${n}(int state, bool request) {
  switch (state) {
    case 0:
      if (request) {
        printf("light ${n}: green -> yellow\\n");
        return 1;
      }
      break;
    case 1:
      delay(YELLOW_MS);
      return 2;
    case 2:
      return request ? 2 : 3;
    default:
      Serial.println("light ${n}: restart");
      state = 0;
  }
  return state;
}
`,
  (n) => `
// Checksum ${n}, bit by bit.
uint16_t checksum${n}(uint16_t crc, byte data) {
  crc ^= (uint16_t)(data << 8);
  for (byte bit = 0; bit < 8; bit++) {
    if ((crc & 0x8000) != 0) {
      crc = (crc << 1) ^ 0x1021;
    } else {
      crc <<= 1;
    }
  }
  return crc;
}
`,
  (n) => `
// Controller ${n} with integers: proportional and integral part.
int control${n}(int target, int measured) {
  const int GAIN = 12, SLOW = 3;
  int error = target - measured;
  integral += error * SLOW;
  if (integral > 10000) integral = 10000;
  else if (integral < -10000) integral = -10000;
  int output = (error * GAIN + integral) / 16;
  while (output > 255 || output < 0) {
    output = output > 255 ? 255 : 0;
  }
  analogWrite(PWM_PIN, output);
  return output;
}
`,
];

const HEAD = `#include <Arduino.h>
#define SAMPLES 16
#define DEBOUNCE_MS 20
#define YELLOW_MS 500
const int PWM_PIN = 9;
int samples[SAMPLES];
int integral = 0;

void setup() {
  Serial.begin(115200);
  pinMode(PWM_PIN, OUTPUT);
}

void loop() {
  printf("%d\\n", average1(analogRead(A0), 1));
  delay(10);
}
`;

/** A sketch of just that many lines. */
export function generatedSketch(lines = LINES): string {
  let text = HEAD;
  for (let n = 1; ; n += 1) {
    const part = PARTS[n % PARTS.length]?.(n) ?? '';
    if (countLines(text) + countLines(part) > lines) break;
    text += part;
  }
  return text + '// padding\n'.repeat(Math.max(0, lines - countLines(text)));
}

const countLines = (text: string): number => text.split('\n').length - 1;

/**
 * Compiles a sketch of 1,000 lines again and again.
 * @param clock the time since some beginning
 * @throws HilError (harness) when it doesn't compile
 */
export function measureCompiler(clock: () => Time): CompilerSpeed {
  const source = generatedSketch();
  const timed = (text: string): Time => {
    const begin = clock();
    instructions = compiledLength(text);
    const end = clock();
    return { elapsed: end.elapsed - begin.elapsed, processor: end.processor - begin.processor };
  };
  let instructions = 0;
  const startUp = timed('void setup() { }\nvoid loop() { }\n');
  const times = Array.from({ length: RUNS }, () => timed(source));
  const first = times[0] ?? startUp;
  const ranked = (rank: number): Time => ({
    elapsed: times.map(({ elapsed }) => elapsed).toSorted((a, b) => a - b)[rank] ?? 0,
    processor: times.map(({ processor }) => processor).toSorted((a, b) => a - b)[rank] ?? 0,
  });
  return {
    ...{ lines: countLines(source), instructions, runs: RUNS },
    ...{ startUp, first, best: ranked(0), median: ranked(RUNS >> 1) },
  };
}

/** Number of instructions of a sketch that must compile. */
function compiledLength(source: string): number {
  const result = compile(source, 'generated.ino');
  if (result.ok) return result.program.instructions.length;
  const [first] = result.diagnostics;
  const text = first === undefined ? '' : formatDiagnostic(first, source);
  throw new HilError('harness', `the generated sketch does not compile: ${text}`);
}

/** What is aimed at. */
export const compilerAim = ({ median: { elapsed } }: Pick<CompilerSpeed, 'median'>): Aim => ({
  met: elapsed <= TARGET,
  text: `${elapsed.toFixed(1)} of at most ${TARGET} ms elapsed in the median`,
});

/** The figures as lines of text. */
export function compilerLines(speed: CompilerSpeed, host: string): string[] {
  const { lines, instructions, startUp, first, best, median, runs } = speed;
  const line = (name: string, { elapsed, processor }: Time): string =>
    `${name.padEnd(24)}${elapsed.toFixed(1).padStart(10)}${processor.toFixed(1).padStart(10)}`;
  return [
    `Compiler: a sketch of ${lines} lines to ${instructions} instructions, in milliseconds (${host})`,
    `${''.padEnd(24)}${'elapsed'.padStart(10)}${'processor'.padStart(10)}`,
    line('start-up', startUp),
    line('first run', first),
    line(`median of ${runs} runs`, median),
    line(`best of ${runs} runs`, best),
    aimLine(compilerAim(speed)),
  ];
}
