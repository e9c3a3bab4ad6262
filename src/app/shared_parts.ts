/** A part that several revisions of a configuration may use at one time. */
export interface SharedPart<T> {
  readonly value: T;
  /** Whether it was made for this use. */
  readonly isFirst: boolean;
  release(): void;
}

/** Parts that are costly to make and the same in many revisions: made once, closed when nobody uses them any more. */
export class SharedParts<T extends { close(): void }> {
  readonly #parts = new Map<string, { readonly value: T; uses: number }>();

  /** The part with this identity, which `create` makes if there is none. */
  use(identity: string, create: () => T): SharedPart<T> {
    const part = this.#parts.get(identity) ?? { value: create(), uses: 0 };
    this.#parts.set(identity, part);
    part.uses++;
    let isReleased = false;
    return {
      value: part.value,
      isFirst: part.uses === 1,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        if (--part.uses > 0) return;
        this.#parts.delete(identity);
        part.value.close();
      },
    };
  }
}
