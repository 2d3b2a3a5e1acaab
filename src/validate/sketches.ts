/** Sketches that the steps run in lockstep: the VM's I/O instructions meet the registers, and there is no second path. */

/** Two jumps of the clock's milliseconds: a pull resistor of 40 kOhm charges 100 pF in 4 us (DS12288, I/O static characteristics). */
const SETTLE = 'delay(2);';

const sketch = (body: readonly string[]): string =>
  `void setup() {\n${body.map((line) => `  ${line}\n`).join('')}}\nvoid loop() {\n}\n`;

const print = (value: string): string => `printf("%d\\n", ${value});`;

/** Prints what a pin reads: as an output high and low, pulled up, pulled down. */
export function outputSketch(pin: number): string {
  const read = [SETTLE, print(`digitalRead(${pin})`)];
  return sketch([
    `pinMode(${pin}, OUTPUT);`,
    `digitalWrite(${pin}, HIGH);`,
    ...read,
    `digitalWrite(${pin}, LOW);`,
    ...read,
    `pinMode(${pin}, INPUT_PULLUP);`,
    ...read,
    `pinMode(${pin}, INPUT_PULLDOWN);`,
    ...read,
  ]);
}

/**
 * Prints what the pins read, the first as bit 0, all of them pulled down, while a wire brings one to a high level.
 * @param pins at most 31
 * @param driver the pin at the other end of a jumper, which drives; undefined: something outside the board does
 */
export function highSketch(pins: readonly number[], driver: number | undefined): string {
  const drive =
    driver === undefined ? [] : [`pinMode(${driver}, OUTPUT);`, `digitalWrite(${driver}, HIGH);`];
  return sketch([
    ...pins.filter((pin) => pin !== driver).map((pin) => `pinMode(${pin}, INPUT_PULLDOWN);`),
    ...drive,
    SETTLE,
    'int seen = 0;',
    ...pins.map((pin, bit) => `seen = seen | digitalRead(${pin}) << ${bit};`),
    print('seen'),
  ]);
}

/** Prints what a pin reads that is pulled up while a wire brings it to a low level. */
export function lowSketch(pin: number, driver: number | undefined): string {
  const drive =
    driver === undefined ? [] : [`pinMode(${driver}, OUTPUT);`, `digitalWrite(${driver}, LOW);`];
  return sketch([`pinMode(${pin}, INPUT_PULLUP);`, ...drive, SETTLE, print(`digitalRead(${pin})`)]);
}

/** Puts values on a DAC's pin and prints what a converter reads of each. */
export function dacSketch(dac: number, adc: number, values: readonly number[]): string {
  return sketch(
    values.flatMap((value) => [
      `analogWrite(${dac}, ${value});`,
      SETTLE,
      print(`analogRead(${adc})`),
    ]),
  );
}

/** Prints the mean of 1,000 reads of an analog pin, while another puts out a duty cycle of 128 / 255. */
export function pwmSketch(pwm: number, adc: number): string {
  return sketch([
    `analogWrite(${pwm}, 128);`,
    SETTLE,
    'int sum = 0;',
    `for (int i = 0; i < 1000; i++) sum += analogRead(${adc});`,
    print('sum / 1000'),
  ]);
}

/** Makes a pin high and low several times, so slowly that a person can count it. */
export function blinkSketch(pin: number, times: number, ms: number): string {
  return sketch([
    `pinMode(${pin}, OUTPUT);`,
    `for (int i = 0; i < ${times}; i++) {`,
    `  digitalWrite(${pin}, HIGH);`,
    `  delay(${ms});`,
    `  digitalWrite(${pin}, LOW);`,
    `  delay(${ms});`,
    '}',
  ]);
}

/** Prints what a pin reads. */
export function readSketch(pin: number): string {
  return sketch([print(`digitalRead(${pin})`)]);
}

/** Prints for each delay what micros() says it took, the first being no delay at all. */
export function delaySketch(delays: readonly number[]): string {
  return sketch([
    'unsigned from = 0;',
    ...[0, ...delays].flatMap((ms) => [
      'from = micros();',
      `delay(${ms});`,
      'printf("%u\\n", micros() - from);',
    ]),
  ]);
}

/** Makes a delay many times. */
export function manyDelaysSketch(ms: number, times: number): string {
  return sketch([`for (int i = 0; i < ${times}; i++) delay(${ms});`]);
}

/** Some 400,000 steps with stores and arithmetic, and their result. */
export const DIGEST_SKETCH = sketch([
  'unsigned crc = 0xffffffffu;',
  'for (int i = 0; i < 1500; i++) {',
  '  crc = crc ^ (i & 255);',
  '  for (int bit = 0; bit < 8; bit++) {',
  '    bool odd = crc & 1;',
  '    crc = (int)crc >> 1 & 0x7fffffff;',
  '    if (odd) crc = crc ^ 0xedb88320u;',
  '  }',
  '}',
  'printf("%x\\n", crc);',
]);

/** Meets the handlers that firmware with a planted defect has: MOD and DELAY. */
export const FATAL_SKETCH = `int total = 7;
void setup() {
}
void loop() {
  total = total % 5;
  delay(3);
}
`;
