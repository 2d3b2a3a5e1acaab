/** Ends a subscription; calling it again does nothing. */
export type Unsubscribe = () => void;

/** A set of callbacks. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  add(listener: (value: T) => void): Unsubscribe {
    // Wrapped, so that the same function may subscribe twice.
    const own = (value: T): void => {
      listener(value);
    };
    this.#all.add(own);
    return () => {
      this.#all.delete(own);
    };
  }

  emit(value: T): void {
    for (const listener of [...this.#all]) listener(value);
  }
}
