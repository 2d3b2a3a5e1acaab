/** A look at the emulated core's memory, as the firmware's own loads and stores see it, in 32-bit words. */
export type Access =
  /** A store. */
  | { readonly write: number; readonly value: number }
  /** A load gives `is` in the bits of `mask`; all bits when left out. */
  | { readonly read: number; readonly is: number; readonly mask?: number }
  /** A load is a bus fault. */
  | { readonly faults: number }
  /** The word changes by itself, or doesn't. */
  | { readonly counts: number }
  | { readonly stands: number };

/** What {@link Peripheral.lacks} may name: needs of a test case that a bench may not meet. */
export type Lack = 'adc' | 'analog-out' | 'dwt' | 'steady-clock' | 'watchdog';

/** A part of the chip that the firmware uses, or that a user may look for. */
export interface Peripheral {
  readonly name: string;
  /** Its first address on the STM32G474. */
  readonly base: number;
  /** First addresses of other blocks of 1 KiB (RM0440 2.2.2) that the row speaks of. */
  readonly others?: readonly number[];
  /** What the firmware uses it for. */
  readonly use: string;
  /** In QEMU: does what the firmware needs; reads 0 or always the same, and stores do nothing; or nothing is there: a bus fault. */
  readonly emulated: 'modelled' | 'stubbed' | 'absent';
  /** What of it, and what not. */
  readonly detail: string;
  /** What the harness does about it. */
  readonly harness: string;
  /** Needs that the emulated bench doesn't meet for it. */
  readonly lacks?: readonly Lack[];
  /** How it shows, each list from a reset on. */
  readonly evidence: readonly (readonly Access[])[];
}

const RCC = 0x4002_1000;
const GPIOA = 0x4800_0000;
const LPUART1 = 0x4000_8000;
const SYSTICK = 0xe000_e010;
const SCB = 0xe000_ed00;
const DWT = 0xe000_1000;
const DEMCR = 0xe000_edfc;
const EXTI = 0x4001_0400;
const ADC1 = 0x5000_0000;
const DAC1 = 0x5000_0800;
const FLASH = 0x4002_2000;
const PWR = 0x4000_7000;
const IWDG = 0x4000_3000;
const DBGMCU = 0xe004_2000;
const UID = 0x1fff_7590;
const CALIBRATION = 0x1fff_75a8;
/** TIM1, TIM3, TIM4, TIM8, TIM15, TIM16, TIM17; TIM2's is the row's own. */
const TIM2 = 0x4000_0000;
const TIMERS = [
  0x4001_2c00, 0x4000_0400, 0x4000_0800, 0x4001_3400, 0x4001_4000, 0x4001_4400, 0x4001_4800,
];

/** Stores that a register of the chip keeps, and a stub reads as 0. */
const ignored = (...stores: readonly (readonly [at: number, value: number])[]): Access[] =>
  stores.flatMap(([at, value]) => [
    { write: at, value },
    { read: at, is: 0 },
  ]);
const kept = (at: number, value: number, mask = 0xffff_ffff): Access[] => [
  { write: at, value },
  { read: at, is: value, mask },
];

/** ARR, CCR1 and CR1 of a timer (RM0440, timer registers). */
const timer = (base: number): Access[] =>
  ignored([base + 0x2c, 0xff], [base + 0x34, 0x80], [base, 1]);

/** What QEMU's `b-l475e-iot01a` gives a firmware for the STM32G474; addresses and bits from RM0440 and DDI 0403. */
export const FIDELITY: readonly Peripheral[] = [
  {
    name: 'GPIO',
    base: GPIOA,
    use: 'digital pins, LED, buttons',
    emulated: 'modelled',
    detail:
      'modes, pulls, output levels; a pin in alternate or analog mode behaves as an input, no electrical property counts',
    harness: 'watches and drives the pins at the wires of the emulator',
    evidence: [
      // PA5 as an output, set and reset through BSRR, seen in IDR.
      [
        { write: GPIOA, value: 0xabff_f7ff },
        { write: GPIOA + 0x18, value: 1 << 5 },
        { read: GPIOA + 0x14, is: 1 << 5, mask: 1 << 5 },
        { read: GPIOA + 0x10, is: 1 << 5, mask: 1 << 5 },
        { write: GPIOA + 0x18, value: 1 << 21 },
        { read: GPIOA + 0x10, is: 0, mask: 1 << 5 },
      ],
      // PA8 as an input with a pull-up.
      [
        { write: GPIOA, value: 0xabfc_ffff },
        { write: GPIOA + 0x0c, value: 1 << 16 },
        { read: GPIOA + 0x10, is: 1 << 8, mask: 1 << 8 },
      ],
    ],
  },
  {
    name: 'EXTI',
    base: EXTI,
    use: 'nothing: buttons are polled and debounced in the agent’s loop',
    emulated: 'modelled',
    detail: 'lines and masks; LPUART1’s interrupt passes line 31',
    harness: 'leaves it as it is after reset',
    evidence: [kept(EXTI, 0xff82_2000)],
  },
  {
    name: 'LPUART1',
    base: LPUART1,
    use: 'the serial line to the host',
    emulated: 'modelled',
    detail:
      'bytes and their interrupts; no baud rate (BRR keeps 16 of its 20 bits), no FIFO, no overrun or framing error; interrupt 70 in place of 91',
    harness:
      'has the handler in both vectors, switches FIFOs on that are only stored, changes no rate, and keeps QEMU’s loop turning while it writes; a bad line is injected on the host’s side',
    evidence: [
      [
        { write: LPUART1 + 0x0c, value: 0x5_c3b2 },
        { read: LPUART1 + 0x0c, is: 0xc3b2 },
        { write: LPUART1, value: 0x0d },
        { read: LPUART1, is: 0x0d },
        // TXE and TC; with FIFOEN there would be TXFE too.
        { read: LPUART1 + 0x1c, is: 0xc0, mask: 0x8000_00c0 },
      ],
    ],
  },
  {
    name: 'NVIC',
    base: 0xe000_e100,
    use: 'the interrupt of LPUART1',
    emulated: 'modelled',
    detail: '96 interrupts in place of 102',
    harness: 'uses none above 91',
    evidence: [
      // ISER: 70 and 91, and 96..101, which aren't there.
      [
        ...kept(0xe000_e108, (1 << 6) | (1 << 27)),
        { write: 0xe000_e10c, value: 0x3f },
        { read: 0xe000_e10c, is: 0 },
      ],
    ],
  },
  {
    name: 'SysTick',
    base: SYSTICK,
    use: 'millis(), micros(), delays on the real clock',
    emulated: 'modelled',
    detail: 'counts with the host’s clock, and its tick comes when the host has time for it',
    harness:
      'compares real time with the host’s only where the bench has a steady clock; otherwise programs run on the virtual clock',
    lacks: ['steady-clock'],
    evidence: [
      [
        { write: SYSTICK + 4, value: 0xff_ffff },
        { write: SYSTICK + 8, value: 0 },
        { write: SYSTICK, value: 5 },
        { counts: SYSTICK + 8 },
      ],
    ],
  },
  {
    name: 'SCB',
    base: SCB,
    use: 'faults and their status, vector table, system reset, FPU access',
    emulated: 'modelled',
    detail: 'CFSR, HFSR, MMFAR, BFAR; every store fault is precise, where silicon’s may not be',
    harness: 'takes what it tells as it is; DFSR, for the probe, is the virtual ST-LINK’s',
    evidence: [
      [...kept(SCB + 0x24, 7 << 16), ...kept(SCB + 0x88, 0xf << 20), ...kept(SCB + 8, 0x200)],
    ],
  },
  {
    name: 'RCC, clocks',
    base: RCC,
    use: '170 MHz from HSI16 and the PLL, clocks of the peripherals',
    emulated: 'modelled',
    detail:
      'ready flags follow at once and clocks gate nothing; starts on MSI, which the G474 has not. The core’s speed is the host’s',
    harness:
      'goes the whole way that silicon needs; counts no cycles (docs/performance.md counts instructions)',
    evidence: [
      [
        // HSION and HSIRDY, then SW = HSI16 and SWS.
        { write: RCC, value: 0x163 },
        { read: RCC, is: 0x500, mask: 0x500 },
        { write: RCC + 8, value: 1 },
        { read: RCC + 8, is: 5, mask: 0xf },
      ],
    ],
  },
  {
    name: 'RCC, reset flags',
    base: RCC + 0x94,
    use: 'why the board was reset',
    emulated: 'stubbed',
    detail: 'CSR says brown-out and pin after every reset; a store clears the flags for good',
    harness: 'the firmware neither believes nor clears them there: BOARD has `reset=unknown`',
    evidence: [[{ read: RCC + 0x94, is: 0x0c00_0000, mask: 0xff80_0000 }]],
  },
  {
    name: 'PWR',
    base: PWR,
    use: 'core voltage for 170 MHz; takes the USB-C pull-downs off D5 and D10',
    emulated: 'stubbed',
    detail: 'reads 0; there are no such pull-downs',
    harness: 'VOSF = 0 is what the firmware waits for',
    evidence: [ignored([PWR + 0x80, 0x100], [PWR + 8, 0x4000]), [{ read: PWR + 0x14, is: 0 }]],
  },
  {
    name: 'FLASH interface',
    base: FLASH,
    use: 'wait states and caches',
    emulated: 'stubbed',
    detail: 'reads 0; stores to flash memory are dropped',
    harness:
      'the firmware doesn’t wait for the wait states there and never programs flash; the virtual ST-LINK has a controller of its own for the probe',
    evidence: [ignored([FLASH, 0x704], [FLASH + 0x14, 1])],
  },
  {
    name: 'DWT',
    base: DWT,
    use: 'nothing in the agent: time is SysTick’s; cycles per opcode are for a real chip',
    emulated: 'stubbed',
    detail: 'reads 0, CYCCNT stands still',
    harness: 'counts instructions in QEMU instead; a case that needs `dwt` is skipped',
    lacks: ['dwt'],
    evidence: [
      [
        { write: DEMCR, value: 1 << 24 },
        { write: DWT, value: 1 },
        { read: DWT, is: 0 },
        { stands: DWT + 4 },
      ],
    ],
  },
  {
    name: 'ADC1, ADC2',
    base: ADC1,
    use: 'analogRead(); `vdda` of BOARD, from VREFINT',
    emulated: 'stubbed',
    detail: 'reads 0: no unit ever gets ready',
    harness:
      'the firmware asks which chip it is and says `adc=0` in HELLO and `vdda=-` in BOARD; analogRead() is fault 9, on the model too; a case that needs `adc` is skipped. Scripted inputs don’t help: they replace only the value of a pin that has a converter',
    lacks: ['adc'],
    evidence: [
      // ADVREGEN, ADEN, and ADRDY; ADC2's; the common clock.
      [...ignored([ADC1 + 8, 0x1000_0001]), { read: ADC1, is: 0 }],
      ignored([ADC1 + 0x108, 0x1000_0001], [ADC1 + 0x308, 0x3_0000]),
    ],
  },
  {
    name: 'DAC1',
    base: DAC1,
    use: 'analogWrite() on A2',
    emulated: 'stubbed',
    detail: 'reads 0',
    harness:
      'analogWrite() is executed and compared as an effect; no level leaves the pin; a case that measures one needs `analog-out` and is skipped',
    lacks: ['analog-out'],
    evidence: [ignored([DAC1, 1], [DAC1 + 8, 0xfff], [DAC1 + 0x3c, 0x8000])],
  },
  {
    name: 'TIM1–TIM4, TIM8, TIM15–TIM17',
    base: TIM2,
    others: TIMERS,
    use: 'analogWrite() on the PWM pins',
    emulated: 'stubbed',
    detail: 'reads 0',
    harness: 'as DAC1: the effect is compared, no waveform leaves a pin',
    lacks: ['analog-out'],
    evidence: [TIM2, ...TIMERS].map(timer),
  },
  {
    name: 'IWDG',
    base: IWDG,
    use: 'the agent’s watchdog, when the host asks for it',
    emulated: 'stubbed',
    detail: 'reads 0, never resets',
    harness: 'WATCHDOG is refused as `unsupported`, and a case that needs `watchdog` is skipped',
    lacks: ['watchdog'],
    evidence: [
      [
        { write: IWDG, value: 0xcccc },
        { write: IWDG, value: 0x5555 },
        ...ignored([IWDG + 4, 1], [IWDG + 8, 0x100]),
      ],
    ],
  },
  {
    name: 'System memory',
    base: UID,
    use: 'unique number: `uid` of HELLO; VREFINT_CAL: `vdda` of BOARD',
    emulated: 'absent',
    detail: 'system memory is not there',
    harness:
      'the firmware doesn’t read it there and says 0 and `-`; the virtual ST-LINK shows the probe a made-up number. The two are compared only where both tell something',
    evidence: [
      [{ faults: UID }],
      [{ faults: UID + 4 }],
      [{ faults: UID + 8 }],
      [{ faults: CALIBRATION }],
    ],
  },
  {
    name: 'DBGMCU',
    base: DBGMCU,
    use: 'tells the firmware which chip it is on; freezes the watchdog while a debugger holds the core',
    emulated: 'stubbed',
    detail: 'reads 0',
    harness:
      'IDCODE 0 is how the firmware knows that units are missing; the virtual ST-LINK shows the probe a G474’s',
    evidence: [[{ read: DBGMCU, is: 0 }], ignored([DBGMCU + 8, 0x1000])],
  },
  {
    name: 'CCM SRAM',
    base: 0x1000_0000,
    use: 'uploaded images and trace chunks, or the VM’s hot code (`CVM_HOT_CODE=CCM`)',
    emulated: 'modelled',
    detail: '32 KiB at 0x10000000; not at 0x20018000',
    harness: 'uses the first address only; the virtual ST-LINK has the second for the probe',
    evidence: [kept(0x1000_0000, 0x1234_5678), kept(0x1000_7ffc, 1), [{ faults: 0x2001_8000 }]],
  },
];

/** Needs that the emulated bench doesn't meet. */
export const EMULATED_LACKS: ReadonlySet<string> = new Set(
  FIDELITY.flatMap(({ lacks = [] }) => lacks),
);
