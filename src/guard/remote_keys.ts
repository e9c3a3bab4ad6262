import { A2AError } from "../a2a/errors.ts";
import type { JwkSet } from "../lib/jwk_set.ts";
import type { Log } from "../lib/log.ts";
import { type KeySet, type KeySource, readKeySet } from "./key_set.ts";

export interface RemoteKeysOptions {
  /** Asks the provider; throws when it does not answer, or not with keys. */
  readonly fetchKeys: () => Promise<JwkSet>;
  /** How long keys are good without asking again. A key that the provider takes back is trusted no longer than this. */
  readonly refreshMs: number;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * How long one attempt counts, whatever came of it: anybody can send a token whose key is unknown, and none of them shall
 * make us ask the provider more often than this.
 */
export const COOLDOWN_MS = 5000;
/** How long a provider may be down before the keys that are held are believed no more. */
export const STALE_IF_ERROR_MS = 24 * 3_600_000;

/** The keys of a provider: had when the first token comes, kept, had anew when they are old or lack a key. */
export class RemoteKeys implements KeySource {
  readonly #options: RemoteKeysOptions;
  #held: { readonly keys: KeySet; readonly atMs: number } | undefined;
  #triedAtMs = -Infinity;
  #failure: unknown;
  #underWay: Promise<void> | undefined;

  constructor(options: RemoteKeysOptions) {
    this.#options = options;
  }

  async current(): Promise<KeySet> {
    if (this.#ageMs() >= this.#options.refreshMs) await this.#ask();
    const held = this.#held;
    if (held === undefined || this.#ageMs() >= this.#options.refreshMs + STALE_IF_ERROR_MS) throw this.#unavailable();
    return held.keys;
  }

  async renewed(tried: KeySet): Promise<KeySet | undefined> {
    await this.#ask();
    if (this.#failure !== undefined) throw this.#unavailable();
    return this.#held?.keys === tried ? undefined : this.#held?.keys;
  }

  #ageMs(): number {
    return this.#held === undefined ? Infinity : this.#options.now() - this.#held.atMs;
  }

  /** Resolves when the latest attempt is over; begins one only if that is long enough ago. */
  async #ask(): Promise<void> {
    if (this.#underWay !== undefined) return await this.#underWay;
    if (this.#options.now() - this.#triedAtMs < COOLDOWN_MS) return;
    this.#triedAtMs = this.#options.now();
    this.#underWay = this.#fetch();
    await this.#underWay;
  }

  async #fetch(): Promise<void> {
    const { fetchKeys, now, log } = this.#options;
    try {
      const keys = await readKeySet(await fetchKeys());
      this.#held = { keys, atMs: now() };
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
      log.warn("the identity provider's keys cannot be had", { error, kept: this.#held !== undefined });
    } finally {
      this.#triedAtMs = now();
      this.#underWay = undefined;
    }
  }

  /** Whoever sent a good token is not told that it is bad. */
  #unavailable(): A2AError {
    return new A2AError("UNAVAILABLE", "Cannot check the token: the identity provider cannot be asked for its keys", {
      cause: this.#failure,
      retryAfterSeconds: COOLDOWN_MS / 1000,
    });
  }
}
