import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBoard } from '../../../src/bench/board.ts';
import { HilError } from '../../../src/errors/index.ts';

const SMALL = `id: small
name: Small
mcu: none
reserved:
  PA13: SWDIO
pins:
  - { pin: 0, name: D0, at: PA0, pwm: { timer: 2, channel: 1, af: 1 } }
  - { pin: 1, name: D1, at: PB15 }
aliases:
  LED_BUILTIN: 1
buttons:
  - { id: 0, name: B1, pin: 1, active: low, pull: up }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'board-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What loading says of the small board with one piece of its text replaced; the file name is cut off. */
async function refusal(from: string, to: string): Promise<string> {
  expect(SMALL).toContain(from);
  const file = join(folder, 'changed.yaml');
  await writeFile(file, SMALL.replace(from, to));
  try {
    await loadBoard(file);
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    expect(error.causeClass).toBe('usage');
    expect(error.fix).not.toBe('');
    return error.message.replace(`${file}:`, '');
  }
  return 'accepted';
}

describe('loadBoard', () => {
  test('reads pins, aliases and buttons', async () => {
    await writeFile(join(folder, 'small.yaml'), SMALL);
    const board = await loadBoard('small', folder);
    expect(board.pins[1]).toEqual({ pin: 1, name: 'D1', at: { text: 'PB15', port: 1, bit: 15 } });
    expect(board.pins[0]?.pwm).toEqual({ timer: 2, channel: 1, af: 1 });
    expect(board.aliases).toEqual({ LED_BUILTIN: 1 });
    expect(board.buttons).toEqual([{ id: 0, name: 'B1', pin: 1, active: 'low', pull: 'up' }]);
  });

  test.each([
    ['alias', 'aliases:', 'alias:', '9: unknown key "alias"; did you mean "aliases"?'],
    ['pul', 'pull: up', 'pul: up', '12: buttons.0: unknown key "pul"; did you mean "pull"?'],
    [
      'chanel',
      'channel: 1',
      'chanel: 1',
      '7: pins.0.pwm: unknown key "chanel"; did you mean "channel"?',
    ],
    [
      'an unknown key like no other',
      'at: PB15',
      'at: PB15, zzz: 1',
      '8: pins.1: unknown key "zzz"; allowed: pin, name, at, pwm, adc, dac',
    ],
    ['a port pin twice', 'at: PB15', 'at: PA0', '8: pins.1.at: port pin PA0 is taken by D0'],
    ['a name twice', 'name: D1', 'name: D0', '8: pins.1.name: name D0 is taken by D0'],
    ['a reserved pin', 'at: PB15', 'at: PA13', '8: pins.1.at: port pin PA13 is taken by SWDIO'],
    ['a gap', 'pin: 1, name', 'pin: 2, name', '8: pins.1.pin: pin 2 stands where 1 belongs'],
    [
      'a timer channel twice',
      'at: PB15',
      'at: PB15, pwm: { timer: 2, channel: 1, af: 1 }',
      '8: pins.1.pwm: timer channel TIM2_CH1 is taken by D0',
    ],
    ['no such bit', 'at: PB15', 'at: PB16', '8: pins.1.at: must be a port pin PA0..PG15'],
    [
      'an alias of nothing',
      'LED_BUILTIN: 1',
      'LED_BUILTIN: 5',
      '10: aliases.LED_BUILTIN: LED_BUILTIN names pin 5, which is not listed',
    ],
    [
      'a button on nothing',
      'pin: 1, active',
      'pin: 5, active',
      '12: buttons.0.pin: button B1 names pin 5, which is not listed',
    ],
  ])('refuses %s', async (_what, from, to, message) => {
    expect(await refusal(from, to)).toBe(message);
  });

  test('says the line of broken YAML', async () => {
    expect(await refusal('  LED_BUILTIN: 1', '  LED_BUILTIN: [1')).toMatch(/^1[01]: /);
  });

  test('names a near board and lists those there are', async () => {
    await expect(loadBoard('nucleo_g474')).rejects.toMatchObject({
      causeClass: 'usage',
      message: 'there is no board "nucleo_g474"; did you mean "nucleo_g474re"?',
      fix: 'use one of: nucleo_g474re',
    });
  });
});

describe('the Nucleo-G474RE', () => {
  // Arduino numbers, with the port pins as printed beside the headers of the board (UM2505).
  const HEADER =
    'PC5 PC4 PA10 PB3 PB5 PB4 PB10 PA8 PA9 PC7 PB6 PA7 PA6 PA5 PB9 PB8 PA0 PA1 PA4 PB0 PC1 PC0 PC13';

  test('has the Arduino header, the LED and the button', async () => {
    const board = await loadBoard('nucleo_g474re');
    expect(board.pins.map((pin) => pin.at.text).join(' ')).toBe(HEADER);
    expect(board.aliases).toEqual({ LED_BUILTIN: 13, USER_BTN: 22 });
    expect(board.buttons).toEqual([{ id: 0, name: 'B1', pin: 22, active: 'high', pull: 'down' }]);
    const analog = board.pins.filter((pin) => pin.adc !== undefined).map((pin) => pin.name);
    expect(analog).toEqual(['A0', 'A1', 'A2', 'A3', 'A4', 'A5']);
  });

  test('gives the firmware the same table', async () => {
    const header = await readFile(
      join(import.meta.dirname, '../../../firmware/board/nucleo_g474re/generated/board_pins.h'),
      'utf8',
    );
    expect(header).toContain('#define BOARD_PIN_COUNT 23u');
    expect(header).toMatch(/\[22\] = \{2, 13, BOARD_CAP_DIGITAL, /);
    expect(header).toMatch(
      /\[18\] = \{0, 4, BOARD_CAP_DIGITAL \| BOARD_CAP_ADC \| BOARD_CAP_DAC, /,
    );
    expect(header).toContain('[0] = {22, 1, BOARD_PULL_DOWN}');
  });
});
