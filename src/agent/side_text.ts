import { SIDE_ARTIFACT } from "../a2a/parts.ts";
import type { AgentEvent, Run } from "./agent.ts";

/** What an artifact beside the answer holds. */
export type Side = "thinking" | "progress";

export interface SideTextOptions {
  readonly artifactId: string;
  readonly name: string;
  readonly side: Side;
}

/**
 * Text beside the answer, in an artifact of its own, written piece by piece: what a tool tells while it works, what a
 * model thinks. What a life before a crash wrote is written anew.
 */
export class SideText {
  readonly #run: Run;
  readonly #options: SideTextOptions;
  /** Whether peers have something there from an earlier life. */
  readonly #isLeft: boolean;
  #isWritten = false;

  constructor(run: Run, options: SideTextOptions) {
    this.#run = run;
    this.#options = options;
    this.#isLeft = run.task.artifacts?.some(({ artifactId }) => artifactId === options.artifactId) ?? false;
  }

  /** Resolves when there is room for more. */
  async write(delta: string): Promise<void> {
    if (delta === "") return;
    const event = this.#isWritten ? this.#more(delta) : this.#whole(delta);
    this.#isWritten = true;
    await this.#run.emit(event);
  }

  /** The end of it, to be said with the result of the step. */
  close(): AgentEvent[] {
    if (this.#isWritten) return [{ ...this.#more(""), lastChunk: true }];
    return this.#isLeft ? [{ ...this.#whole(""), lastChunk: true }] : [];
  }

  #whole(text: string) {
    const { artifactId, name, side } = this.#options;
    return { artifact: { artifactId, name, parts: [{ text }], metadata: { [SIDE_ARTIFACT]: side } }, append: false };
  }

  #more(text: string) {
    return { artifact: { artifactId: this.#options.artifactId, parts: [{ text }] }, append: true };
  }
}
