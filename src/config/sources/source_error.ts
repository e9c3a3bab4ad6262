/** Why a configuration cannot be read: nothing there, not allowed, no connection, or not a text. */
export type SourceFailure = "missing" | "refused" | "unreachable" | "unreadable";

/** A source that cannot be read now. The message is for people and holds no secret; the cause is for the log. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  constructor(readonly failure: SourceFailure, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
  }

  /** Whatever was thrown, as a SourceError. */
  static from(thrown: unknown): SourceError {
    if (thrown instanceof SourceError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new SourceError("unreadable", message, { cause: thrown });
  }
}
