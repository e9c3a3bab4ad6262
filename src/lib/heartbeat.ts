import type { Timers } from "./timers.ts";

/** Beats for any number of members on one timer. */
export interface Heartbeat {
  /** Calls `beat` once per interval until the returned function is called. */
  join(beat: (nowMs: number) => void): () => void;
}

/** Members beat in turn, not all at once: ten thousand idle streams must not hold up the requests between them. */
const TURNS = 16;

/** One timer for all members; it runs while there is one. */
export function createHeartbeat({ intervalMs, timers }: { intervalMs: number; timers: Timers }): Heartbeat {
  const turns = Array.from({ length: TURNS }, () => new Set<{ beat(nowMs: number): void }>());
  let members = 0;
  let joined = 0;
  let turn = 0;
  let stop: (() => void) | undefined;

  const tick = () => {
    const nowMs = timers.now();
    for (const member of turns[turn++ % TURNS] ?? []) member.beat(nowMs);
  };
  return {
    join(beat) {
      const member = { beat };
      const place = turns[joined++ % TURNS];
      place?.add(member);
      members++;
      stop ??= timers.every(intervalMs / TURNS, tick);
      return () => {
        if (place?.delete(member) !== true || --members > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
