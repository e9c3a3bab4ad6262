import type { ConfigSource, ConfigText, SourceChange } from "../../../../src/config/sources/source.ts";
import type { SourceDeps } from "../../../../src/config/sources/source.ts";
import type { SourceFailure } from "../../../../src/config/sources/source_error.ts";
import { hastyTimers } from "./hasty_timers.ts";

/** What a source needs; by default not so fast that a busy machine would look like a hanging server. */
export function hastyDeps(directory = "/nowhere", factor = 3, leastMs?: number): SourceDeps {
  const timers = hastyTimers(factor, leastMs);
  return { directory, standardInput: ReadableStream.from([]), timers, random: () => 0.5 };
}

/** A watch that is read as its changes come. */
export class Changes implements AsyncDisposable {
  /** Everything that was told, in short: `changed TEXT`, `trouble FAILURE`, `recovered`. */
  readonly log: string[] = [];
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;
  readonly #waiting = new Set<() => void>();
  readonly #changes: SourceChange[] = [];
  #at = 0;

  constructor(source: ConfigSource, known?: string) {
    this.#reading = this.#read(source.watch(known, this.#stop.signal));
  }

  /** Waits for this text, whatever comes before it. */
  async text(text: string): Promise<ConfigText> {
    const change = await this.#until((change) => change.kind === "changed" && textOf(change.text) === text);
    if (change.kind !== "changed") throw new Error("unreachable");
    return change.text;
  }

  /** Waits for a trouble of this kind, and returns what is said of it. */
  async trouble(failure: SourceFailure): Promise<string> {
    const change = await this.#until((change) => change.kind === "trouble" && change.error.failure === failure);
    return change.kind === "trouble" ? change.error.message : "";
  }

  async recovered(): Promise<void> {
    await this.#until((change) => change.kind === "recovered");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #until(isIt: (change: SourceChange) => boolean): Promise<SourceChange> {
    for (;;) {
      for (; this.#at < this.#changes.length; this.#at++) {
        const change = this.#changes[this.#at];
        if (change === undefined || !isIt(change)) continue;
        this.#at++;
        return change;
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async #read(changes: AsyncIterable<SourceChange>): Promise<void> {
    for await (const change of changes) {
      this.#changes.push(change);
      this.log.push(inShort(change));
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }
}

export function inShort(change: SourceChange): string {
  switch (change.kind) {
    case "changed":
      return `changed ${textOf(change.text)}`;
    case "trouble":
      return `trouble ${change.error.failure}`;
    case "recovered":
      return "recovered";
  }
}

export function textOf({ pieces }: ConfigText): string {
  return pieces.map(({ text }) => text).join("\n");
}
