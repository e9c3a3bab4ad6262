import { SIDE_ARTIFACT } from "../../a2a/parts.ts";
import type { Part } from "../../a2a/types.ts";
import type { AgentEvent, Run } from "../agent.ts";
import { partArtifact } from "../part_artifact.ts";

export interface ToldTextOptions {
  readonly artifactId: string;
  readonly name: string;
  /** Stands beside the answer and is no part of it. */
  readonly isAside: boolean;
}

/** A text of somebody else in an artifact of ours, told as it grows; a text that does not continue is told anew. */
export class ToldText {
  readonly #run: Run;
  readonly #options: ToldTextOptions;
  #told: string | undefined;

  constructor(run: Run, options: ToldTextOptions) {
    this.#run = run;
    this.#options = options;
  }

  /** The text as it is now. Resolves when there is room for more. */
  async tell(text: string): Promise<void> {
    if (text === "" && this.#told === undefined || text === this.#told) return;
    await this.#run.emit(this.#event(text));
    this.#told = text;
  }

  /**
   * The text as it is in the end, by default as it was told, and the files and data beside it; to be said with the result
   * of the step.
   */
  close(text = this.#told ?? "", parts: readonly Part[] = []): AgentEvent[] {
    const { artifactId } = this.#options;
    const others = parts.map((part, at) => partArtifact(part, `${artifactId}:part:${at + 1}`));
    if (text === "" && this.#told === undefined) return others;
    return [{ ...this.#event(text), lastChunk: true }, ...others];
  }

  #event(text: string) {
    const { artifactId, name, isAside } = this.#options;
    const told = this.#told;
    if (told !== undefined && text.startsWith(told)) {
      return { artifact: { artifactId, parts: [{ text: text.slice(told.length) }] }, append: true };
    }
    const metadata = isAside ? { metadata: { [SIDE_ARTIFACT]: "progress" } } : {};
    return { artifact: { artifactId, name, parts: [{ text }], ...metadata }, append: false };
  }
}
