import type { AgentEvent, Run } from "./agent.ts";
import { textOf } from "../a2a/parts.ts";
import type { Json } from "../lib/json.ts";

/** Between the texts of two model calls of one turn. */
const BLANK_LINE = "\n\n";

/**
 * The one artifact in which a turn answers, written piece by piece. A turn that runs again after a crash finds there what
 * its peers have read: `#shown`. As long as that is the text of the recorded steps, new text is appended; when it is
 * anything else (a model call was cut in the middle), the first new piece replaces the whole.
 */
export class Answer {
  readonly #run: Run;
  readonly #id: string;
  /** What the peers had when this run began; undefined where they had no such artifact. */
  readonly #shown: string | undefined;
  /** Whether the artifact is there, and whether it holds exactly `#settled` and `#current`; the latter is asked late. */
  #exists: boolean;
  #exact: boolean | undefined;
  /** The text of the steps that have ended. */
  #settled = "";
  /** The text of the step under way, with the blank line before it. */
  #current = "";

  constructor(run: Run) {
    this.#run = run;
    this.#id = run.nextId("artifact");
    const shown = run.task.artifacts?.find(({ artifactId }) => artifactId === this.#id);
    this.#shown = shown === undefined ? undefined : textOf(shown);
    this.#exists = shown !== undefined;
  }

  get isEmpty(): boolean {
    return this.#settled === "" && this.#current === "";
  }

  /** Tells the peers more of the answer. Resolves when there is room for more. */
  write(delta: string): Promise<void> | undefined {
    if (delta === "") return undefined;
    const exact = this.#isExact();
    const piece = this.#current === "" && this.#settled !== "" ? BLANK_LINE + delta : delta;
    this.#current += piece;
    this.#exists = true;
    this.#exact = true;
    return this.#run.emit(exact ? this.#more(piece) : this.#whole(this.#settled + this.#current));
  }

  /** What the end of a step leaves to say: `last` closes the artifact. To be said with the step's result. */
  close(last: boolean): AgentEvent[] {
    if (!this.#exists) return [];
    if (!this.#isExact()) return [this.#restored(last)];
    return last ? [{ ...this.#more(""), lastChunk: true }] : [];
  }

  /** As `close(true)`, but what the step under way has said is taken back: it turned out to be no answer. */
  takeBack(): AgentEvent[] {
    if (this.#current === "") return this.close(true);
    this.#current = "";
    return [this.#restored(true)];
  }

  /** A step has ended, now or before a crash, and this is what it added to the answer. */
  settle(text: string): void {
    this.#current = "";
    if (text === "") return;
    this.#settled = this.#settled === "" ? text : this.#settled + BLANK_LINE + text;
  }

  /** The whole answer where it is data. */
  asData(data: Json): AgentEvent {
    const parts = [{ data, mediaType: "application/json" }];
    return { artifact: { artifactId: this.#id, name: "answer", parts }, append: false, lastChunk: true };
  }

  #isExact(): boolean {
    return this.#exact ??= this.#shown === this.#settled;
  }

  #restored(last: boolean): AgentEvent {
    this.#exact = true;
    const event = this.#whole(this.#settled);
    return last ? { ...event, lastChunk: true } : event;
  }

  #whole(text: string) {
    return { artifact: { artifactId: this.#id, name: "answer", parts: [{ text }] }, append: false };
  }

  #more(text: string) {
    return { artifact: { artifactId: this.#id, parts: [{ text }] }, append: true };
  }
}
