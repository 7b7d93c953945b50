/** Something held in the module's memory, which is given back by `free()`, by `using`, or when it is collected. */
export class Handle {
  #handle;

  constructor(handle) {
    this.#handle = handle;
  }

  /** The module's own object. */
  get handle() {
    if (this.#handle === undefined) throw new TypeError(`this ${this.constructor.name} was freed`);
    return this.#handle;
  }

  /** Gives the memory back. Twice does no harm. */
  free() {
    const handle = this.#handle;
    this.#handle = undefined;
    handle?.free();
  }
}

// Node 20 knows the symbol; older browsers do not, and do without.
if (Symbol.dispose) Handle.prototype[Symbol.dispose] = Handle.prototype.free;
