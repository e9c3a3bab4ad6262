import { seeded } from "./random.ts";
import { openTargets } from "./targets.ts";

export interface FuzzOptions {
  /** The first request is made from this seed, each following one from the next: a failure names its own. */
  readonly seed: number;
  readonly times: number;
  /** Binding by binding; all of them if it is left out. */
  readonly only?: string;
}

/** A house forgets nothing, so it is a new one after so many requests. */
const PER_HOUSE = 5000;

/** Throws what was sent, and the seed that makes it again, at the first answer that no peer should see. */
export async function runFuzz({ seed, times, only }: FuzzOptions): Promise<void> {
  for (let done = 0; done < times; done += PER_HOUSE) {
    for (const { name, hit } of await openTargets()) {
      if (only !== undefined && only !== name) continue;
      for (let at = done; at < Math.min(times, done + PER_HOUSE); at++) {
        try {
          await hit(seeded(seed + at));
        } catch (cause) {
          throw new Error(`${name}, again with FUZZ_SEED=${seed + at} FUZZ_TIMES=1: ${cause}`, { cause });
        }
      }
    }
  }
}
