import type { JsonObject } from "../lib/json.ts";
import { shortRevision } from "../config/revision.ts";
import type { Log } from "../lib/log.ts";
import type { Measure } from "../telemetry/measurement.ts";
import type { Candidate, House, Reload } from "./house.ts";

/** What was tried last, and what came of it. */
export interface Attempt {
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly outcome: Reload["kind"];
  /** Why it was refused: for operators, as it may cite the configuration. */
  readonly reason?: string;
}

/** How it stands with the configuration of a running server. */
export interface ConfigHealth {
  readonly revision: string;
  /** "current": what is served is what stands in the source. "stale": it is another, for a reason that the log tells. */
  readonly state: "current" | "stale";
  readonly attempt?: Attempt;
  /** What keeps the source from being read, for operators. */
  readonly trouble?: string;
}

/** What a source tells of itself while it is watched. */
export type SourceNews =
  | { readonly kind: "changed"; readonly content: JsonObject }
  /** `failure` is one word for it. */
  | { readonly kind: "trouble"; readonly failure: string; readonly reason: string }
  | { readonly kind: "recovered" };

export interface ReloaderDeps {
  readonly house: House;
  /** Throws ConfigError. */
  readonly reread: (content: JsonObject) => Promise<Candidate>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  readonly measure: Measure;
}

/** Brings new configurations to a house, and remembers how that went. */
export class Reloader {
  readonly #deps: ReloaderDeps;
  readonly #counts: Record<Reload["kind"], number> = { applied: 0, unchanged: 0, refused: 0 };
  /** The revision that the source holds, as far as anybody knows; undefined for one that was refused. */
  #inSource: string | undefined;
  #attempt: Attempt | undefined;
  #trouble: string | undefined;
  #isFollowing = false;

  constructor(deps: ReloaderDeps) {
    this.#deps = deps;
    this.#inSource = deps.house.revision;
  }

  /** How often each outcome was had since the start. */
  get counts(): Readonly<Record<Reload["kind"], number>> {
    return this.#counts;
  }

  /** Whether the source that is followed can be read; undefined while none is. */
  get sourceIsReadable(): boolean | undefined {
    return this.#isFollowing ? this.#trouble === undefined : undefined;
  }

  get health(): ConfigHealth {
    const isStale = this.#trouble !== undefined || this.#inSource !== this.#deps.house.revision;
    return {
      revision: this.#deps.house.revision,
      state: isStale ? "stale" : "current",
      ...(this.#attempt === undefined ? {} : { attempt: this.#attempt }),
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    };
  }

  /** Reads what the source holds and serves it, if it can be. Never rejects for what is wrong with it. */
  async reload(content: JsonObject): Promise<Reload> {
    const outcome = await this.#attemptTo(() => this.#deps.reread(content));
    this.#inSource = outcome.kind === "refused" ? undefined : this.#deps.house.revision;
    return outcome;
  }

  /** Serves what an operator has sent, if it can be; where it was served, it goes into the source. Never rejects either. */
  async save(candidate: Candidate): Promise<Reload> {
    const outcome = await this.#attemptTo(() => candidate);
    if (outcome.kind !== "refused") this.#inSource = this.#deps.house.revision;
    return outcome;
  }

  /** Serves what was served before, whatever the source holds. Never rejects either. */
  async goBack(candidate: Candidate): Promise<Reload> {
    return await this.#attemptTo(() => candidate);
  }

  async #attemptTo(read: () => Candidate | Promise<Candidate>): Promise<Reload> {
    const { now, measure } = this.#deps;
    const begunMs = now();
    const outcome = await this.#try(read);
    const endedMs = now();
    measure({ kind: "reload", outcome: outcome.kind, seconds: (endedMs - begunMs) / 1000 });
    this.#counts[outcome.kind]++;
    const at = new Date(endedMs).toISOString();
    const reason = outcome.kind === "refused" ? { reason: outcome.reason } : {};
    this.#attempt = { at, outcome: outcome.kind, ...reason };
    this.#tell(outcome);
    return outcome;
  }

  /** Serves what a source comes to hold, until it ends. */
  async follow(news: AsyncIterable<SourceNews>): Promise<void> {
    const { log, measure } = this.#deps;
    this.#isFollowing = true;
    for await (const piece of news) {
      switch (piece.kind) {
        case "changed":
          this.#trouble = undefined;
          await this.reload(piece.content);
          break;
        case "trouble":
          this.#trouble = piece.reason;
          measure({ kind: "source_trouble", failure: piece.failure });
          log.warn("the source of the configuration has a trouble; what is served stays", { reason: piece.reason });
          break;
        case "recovered":
          this.#trouble = undefined;
          log.info("the source of the configuration is back");
          break;
        default:
          piece satisfies never;
      }
    }
  }

  async #try(read: () => Candidate | Promise<Candidate>): Promise<Reload> {
    try {
      return await this.#deps.house.reload(await read());
    } catch (thrown) {
      return { kind: "refused", reason: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  #tell(outcome: Reload): void {
    const { log } = this.#deps;
    if (outcome.kind === "refused") {
      log.error("the new configuration was refused; the one before is still served", { reason: outcome.reason });
      return;
    }
    if (outcome.kind === "applied") {
      log.info("the new configuration is served", {
        revision: shortRevision(outcome.revision),
        before: shortRevision(outcome.before),
      });
    }
    if (outcome.waiting.length > 0) {
      log.warn("parts of the new configuration wait for a restart", { keys: outcome.waiting.join(", ") });
    }
  }
}
