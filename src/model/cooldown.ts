import type { ModelError, ModelErrorKind } from "./model.ts";

/** How long a model is left alone after it failed so, where its provider does not say. */
const REST_MS: ReadonlyMap<ModelErrorKind, number> = new Map<ModelErrorKind, number>([
  ["rate_limited", 30_000],
  ["overloaded", 30_000],
  ["unavailable", 60_000],
  ["timeout", 60_000],
  ["protocol", 60_000],
  // Somebody has to do something first.
  ["quota", 600_000],
  ["authentication", 600_000],
  ["permission", 600_000],
  ["unknown_model", 600_000],
]);

/** A provider that asks for more has to fail again. */
const MAX_REST_MS = 600_000;

/** Whether a failure says anything of the model's next answers; a bad or long request does not. */
export function isCoolable({ kind }: ModelError): boolean {
  return REST_MS.has(kind);
}

/** The time in which a model that has failed is asked only if there is no other. */
export class Cooldown {
  readonly #now: () => number;
  #until = -Infinity;

  /** `now`: milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isOn(): boolean {
    return this.#now() < this.#until;
  }

  begin({ kind, retryAfterMs }: ModelError): void {
    const restMs = REST_MS.get(kind);
    if (restMs === undefined) return;
    this.#until = this.#now() + Math.min(retryAfterMs ?? restMs, MAX_REST_MS);
  }

  end(): void {
    this.#until = -Infinity;
  }
}
