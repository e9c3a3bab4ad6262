import { textOf } from "./parts.ts";
import type { Artifact } from "./types.ts";

/** Whose turn it is among answers that are given at the same time: one's until it is at its end, then the others'. */
export class AnswerTurns {
  #open: string | undefined;
  /** Who waits, in their order, and whether they are at their end. */
  readonly #waiting = new Map<string, boolean>();

  /** The answers that are to be told as far as they go, now that one goes on. */
  next(artifact: Artifact, isLast: boolean): string[] {
    const { artifactId: id } = artifact;
    // Files mix with nobody's words.
    if (textOf(artifact) === "") return [id];
    if (this.#open !== undefined && this.#open !== id) {
      this.#waiting.set(id, isLast);
      return [];
    }
    this.#open = isLast ? undefined : id;
    const due = [id];
    for (const [next, isNextLast] of this.#waiting) {
      if (this.#open !== undefined) break;
      this.#waiting.delete(next);
      if (!isNextLast) this.#open = next;
      due.push(next);
    }
    return due;
  }

  /** All who wait, as nobody is known to go on: not everybody says that an answer is at its end. */
  all(): string[] {
    const due = [...this.#waiting.keys()];
    this.#open = undefined;
    this.#waiting.clear();
    return due;
  }
}
