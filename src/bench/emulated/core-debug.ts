import { BreakpointUnit } from './breakpoint-unit.ts';
import { CoreRegisters, PC_SELECTOR } from './core-registers.ts';
import {
  AIRCR_KEY,
  AIRCR_RESETS,
  DBGMCU,
  DBGMCU_IDCODE,
  DEBUG_REGISTER,
  DEMCR_VC_CORERESET,
  DFSR,
  DHCSR,
  DHCSR_CONTROL,
  FPB,
  HARDFAULT_VECTOR,
} from './debug-registers.ts';
import type { Awaitable } from './flash-store.ts';
import { CCM_SRAM, FLASH, FLASH_ALIAS, inRegion, SRAM } from './memory-map.ts';
import type { QmpClient } from './qmp.ts';
import type { QtestClient } from './qtest.ts';
import { STOP_ASKED, type RspClient, type StopSignal } from './rsp.ts';

/**
 * What the core does. `locked` is a core that has nothing sensible to run (erased flash): QEMU would abort where silicon
 * locks up, so it is kept stopped. `reset` is a core whose reset line is held low.
 */
export type CoreState = 'running' | 'halted' | 'locked' | 'reset';

/** What run control needs of the rest of the emulated board. */
export interface CoreDebugSettings {
  readonly rsp: Omit<RspClient, 'writeMemory'>;
  readonly qmp: Pick<QmpClient, 'executeAndAwait' | 'onEvent'>;
  readonly qtest: Pick<QtestClient, 'readValue' | 'writeValue'>;
  /** Brings pending flash writes into the emulator. */
  readonly flushFlash: () => Awaitable<void>;
  /** Called after each system reset, the core's own included, before a stopped core runs again. */
  readonly afterReset: () => Promise<void>;
}

/** The core's debug registers, acting on QEMU: halt, step, run, reset, vector catch, register access and breakpoints. */
export class CoreDebug {
  readonly #with: CoreDebugSettings;
  readonly #registers: CoreRegisters;
  readonly #breakpoints = new BreakpointUnit();
  /** QEMU starts paused, with nothing to run. */
  #state: CoreState = 'locked';
  #control = 0;
  #resetSeen = true;
  #dfsr = 0;
  #demcr = 0;
  #dcrdr = 0;
  #resetting = false;
  /** Settles when the last stop that nobody asked for has been judged. */
  #judging: Promise<void> = Promise.resolve();
  readonly #dbgmcu = new Map<number, number>();

  private constructor(settings: CoreDebugSettings, registers: CoreRegisters) {
    this.#with = settings;
    this.#registers = registers;
    settings.rsp.onStop((signal) => {
      this.#stopped(signal);
    });
    settings.qmp.onEvent((event) => {
      if (event === 'RESET' && !this.#resetting) this.#resetByCore().catch(() => undefined);
    });
  }

  static async open(settings: CoreDebugSettings): Promise<CoreDebug> {
    return new CoreDebug(settings, await CoreRegisters.open(settings.rsp));
  }

  get state(): CoreState {
    return this.#state;
  }

  /** Whether a word address is one of the registers kept here. */
  static owns(address: number): boolean {
    if (inRegion(FPB, address) || inRegion(DBGMCU, address)) return true;
    if (address === DEBUG_REGISTER.AIRCR || address === DEBUG_REGISTER.DFSR) return true;
    return address >= DEBUG_REGISTER.DHCSR && address <= DEBUG_REGISTER.DEMCR;
  }

  /** Reads a register that {@link owns} names. */
  readWord(address: number): Awaitable<number> {
    if (inRegion(FPB, address)) return this.#breakpoints.read(address - FPB.base);
    if (address === DBGMCU.base) return DBGMCU_IDCODE;
    if (inRegion(DBGMCU, address)) return this.#dbgmcu.get(address) ?? 0;
    switch (address) {
      case DEBUG_REGISTER.DHCSR:
        return this.#status();
      case DEBUG_REGISTER.DCRDR:
        return this.#dcrdr;
      case DEBUG_REGISTER.DEMCR:
        return this.#demcr;
      case DEBUG_REGISTER.DFSR:
        return this.#dfsr;
      case DEBUG_REGISTER.AIRCR:
        return this.#with.qtest.readValue(address, 4);
      default:
        return 0;
    }
  }

  /** Writes a register that {@link owns} names; settles when the effect has happened. */
  writeWord(address: number, value: number): Awaitable<void> {
    if (inRegion(FPB, address)) return this.#writeBreakpoint(address - FPB.base, value);
    if (inRegion(DBGMCU, address)) {
      this.#dbgmcu.set(address, value >>> 0);
      return undefined;
    }
    switch (address) {
      case DEBUG_REGISTER.DHCSR:
        return value >>> 16 === DHCSR.KEY ? this.#writeControl(value & DHCSR_CONTROL) : undefined;
      case DEBUG_REGISTER.DCRSR:
        return this.#selectRegister(value);
      case DEBUG_REGISTER.DCRDR:
        this.#dcrdr = value >>> 0;
        return undefined;
      case DEBUG_REGISTER.DEMCR:
        this.#demcr = value >>> 0;
        return undefined;
      case DEBUG_REGISTER.DFSR:
        this.#dfsr &= ~value;
        return undefined;
      case DEBUG_REGISTER.AIRCR:
        if (value >>> 16 === AIRCR_KEY && (value & AIRCR_RESETS) !== 0) return this.reset();
        return this.#with.qtest.writeValue(address, 4, value);
      default:
        return undefined;
    }
  }

  /**
   * A core register by its DCRSR selector.
   * @returns undefined when the core is not halted or there is no such register
   */
  async readRegister(selector: number): Promise<number | undefined> {
    if (this.#state !== 'halted' || !CoreRegisters.isSelector(selector)) return undefined;
    return this.#registers.read(selector);
  }

  /** @returns false when the core is not halted or there is no such register */
  async writeRegister(selector: number, value: number): Promise<boolean> {
    if (this.#state !== 'halted' || !CoreRegisters.isSelector(selector)) return false;
    await this.#registers.write(selector, value);
    return true;
  }

  /** Runs `work` with the emulator stopped, whatever the core does, and lets it go on afterwards. */
  async whileStopped<T>(work: () => Promise<T>): Promise<T> {
    await this.#judging;
    if (this.#state !== 'running') return work();
    await this.#interrupt();
    try {
      return await work();
    } finally {
      // A breakpoint may have come before the interruption; the core then stays halted.
      if (this.state === 'running') this.#with.rsp.resume('continue');
    }
  }

  /** Pulls the reset line low: the core stops and stays in reset. */
  async assertReset(): Promise<void> {
    await this.#interrupt();
    this.#state = 'reset';
    this.#resetSeen = true;
  }

  /** Lets the reset line go high when it was low. */
  releaseReset(): Awaitable<void> {
    return this.#state === 'reset' ? this.reset() : undefined;
  }

  /**
   * A system reset. The core then runs from its vector table, or halts before the first instruction when vector catch or
   * C_HALT asks for it. Debug registers keep their values: they belong to the power-on reset domain.
   */
  async reset(): Promise<void> {
    await this.#with.flushFlash();
    await this.#interrupt();
    this.#resetting = true;
    try {
      await this.#with.qmp.executeAndAwait('system_reset', 'RESET');
    } finally {
      this.#resetting = false;
    }
    this.#resetSeen = true;
    await this.#with.afterReset();
    const debugEnabled = (this.#control & DHCSR.C_DEBUGEN) !== 0;
    if (debugEnabled && (this.#demcr & DEMCR_VC_CORERESET) !== 0) this.#halted(DFSR.VCATCH);
    else if (debugEnabled && (this.#control & DHCSR.C_HALT) !== 0) this.#halted(DFSR.HALTED);
    else await this.#run();
  }

  #status(): number {
    let status = this.#control | DHCSR.S_REGRDY;
    if (this.#state === 'halted') status |= DHCSR.S_HALT;
    if (this.#state === 'locked') status |= DHCSR.S_LOCKUP;
    if (this.#state === 'running') status |= DHCSR.S_RETIRE_ST;
    if (this.#resetSeen) status |= DHCSR.S_RESET_ST;
    this.#resetSeen = this.#state === 'reset';
    return status >>> 0;
  }

  #writeControl(control: number): Awaitable<void> {
    this.#control = (control & DHCSR.C_DEBUGEN) === 0 ? 0 : control;
    if ((this.#control & DHCSR.C_HALT) !== 0) {
      if (this.#state === 'running') return this.#halt();
      if (this.#state === 'locked') this.#halted(DFSR.HALTED);
      return undefined;
    }
    if (this.#state !== 'halted') return undefined;
    return (this.#control & DHCSR.C_STEP) === 0 ? this.#run() : this.#step();
  }

  /** Stops the core, and has judged a stop that came before that one. */
  async #interrupt(): Promise<void> {
    await this.#judging;
    await this.#with.rsp.interrupt();
    await this.#judging;
    // Judged to be no breakpoint, and let go.
    await this.#with.rsp.interrupt();
  }

  async #halt(): Promise<void> {
    await this.#interrupt();
    if (this.#state === 'running') this.#halted(DFSR.HALTED);
  }

  async #run(): Promise<void> {
    await this.#with.flushFlash();
    await this.#breakpoints.apply(this.#with.rsp);
    this.#control &= ~DHCSR.C_HALT;
    if (await this.#hasSomethingToRun()) {
      this.#state = 'running';
      this.#with.rsp.resume('continue');
    } else {
      this.#state = 'locked';
    }
  }

  async #step(): Promise<void> {
    await this.#with.flushFlash();
    await this.#breakpoints.apply(this.#with.rsp);
    if (await this.#hasSomethingToRun()) await this.#stepOnce();
    this.#halted(DFSR.HALTED);
  }

  /**
   * QEMU 10.0 now and then reports a step after a removed breakpoint without having executed anything. An instruction that
   * truly leaves the program counter where it was is a branch to itself, which may as well be executed twice.
   */
  async #stepOnce(): Promise<void> {
    const before = await this.#registers.read(PC_SELECTOR);
    await this.#with.rsp.step();
    if ((await this.#registers.read(PC_SELECTOR)) === before) await this.#with.rsp.step();
  }

  /** Whether the program counter and the HardFault vector point at memory that can hold code. */
  async #hasSomethingToRun(): Promise<boolean> {
    const pc = await this.#registers.read(PC_SELECTOR);
    const vectors = await this.#with.qtest.readValue(DEBUG_REGISTER.VTOR, 4);
    const hardFault = await this.#with.qtest.readValue(vectors + HARDFAULT_VECTOR, 4);
    return isExecutable(pc) && (hardFault & 1) === 1 && isExecutable(hardFault & ~1);
  }

  async #selectRegister(value: number): Promise<void> {
    const selector = value & 0x7f;
    if ((value & (1 << 16)) !== 0) await this.writeRegister(selector, this.#dcrdr);
    else this.#dcrdr = (await this.readRegister(selector)) ?? 0;
  }

  #writeBreakpoint(offset: number, value: number): Awaitable<void> {
    this.#breakpoints.write(offset, value);
    if (this.#state !== 'running' || !this.#breakpoints.changed) return undefined;
    return this.whileStopped(() => this.#breakpoints.apply(this.#with.rsp));
  }

  #halted(reason: number): void {
    this.#state = 'halted';
    this.#control |= DHCSR.C_HALT;
    this.#dfsr |= reason;
  }

  #stopped(signal: StopSignal): void {
    if (this.#state !== 'running' || signal === STOP_ASKED) return;
    // Only a dead stub does not tell the program counter; whoever waits for the core then finds that out.
    this.#judging = this.#judgeStop().catch(() => undefined);
  }

  /**
   * QEMU 10.0 now and then reports a stop soon after a core that was stepped is let go, where there is no breakpoint. A real core
   * stops by itself at breakpoints only, so that the core is let go again.
   */
  async #judgeStop(): Promise<void> {
    const pc = await this.#registers.read(PC_SELECTOR);
    if (this.#breakpoints.breaksOn(pc)) this.#halted(DFSR.BKPT);
    else this.#with.rsp.resume('continue');
  }

  /** The firmware or a watchdog reset the system; vector catch then comes a little after the first instructions. */
  async #resetByCore(): Promise<void> {
    this.#resetSeen = true;
    await this.#with.afterReset();
    const caught = (this.#demcr & DEMCR_VC_CORERESET) !== 0;
    if (caught && (this.#control & DHCSR.C_DEBUGEN) !== 0) {
      await this.#with.rsp.interrupt();
      this.#halted(DFSR.VCATCH);
    }
  }
}

function isExecutable(address: number): boolean {
  return [FLASH, FLASH_ALIAS, SRAM, CCM_SRAM].some((region) => inRegion(region, address, 2));
}
