import { retryDelayMs, type RetryPolicy } from "../../lib/retry.ts";
import { Wakeups } from "../../lib/wakeups.ts";
import { type Pace, pause } from "./pause.ts";
import type { ConfigText, SourceChange } from "./source.ts";
import { SourceError } from "./source_error.ts";

/** What is seen at a source: a text, or what is wrong though the source itself goes on. */
export type Sighting = ConfigText | SourceError;

/**
 * One look at a source for as long as it goes well: first what is there now, then whatever it comes to hold. May end or
 * throw at any time; then it is begun again.
 */
export type Observe = (signal: AbortSignal) => AsyncIterable<Sighting>;

export interface SteadyPace extends Pace {
  readonly random: () => number;
}

const POLICY: RetryPolicy = { maxRetries: Infinity, baseMs: 250, maxDelayMs: 10_000 };
/** After a look that went well for so long, a failure is a new one and not another of a row. */
const STEADY_MS = 30_000;

/** The newest state of a source: what was seen last, and what is wrong now. */
interface Board {
  text?: ConfigText;
  trouble?: SourceError | undefined;
}

/** What the reader was told of a board. */
interface Told {
  version: string | undefined;
  trouble?: SourceError | undefined;
}

/**
 * A watch that goes on for ever: observes again after every failure, backing off, and tells each difference once. It
 * observes while its reader is busy, so that what the reader asks for next is always the newest.
 */
export async function* steadyWatch(
  observe: Observe,
  known: string | undefined,
  { timers, random, signal }: SteadyPace,
): AsyncGenerator<SourceChange, void, undefined> {
  const left = new AbortController();
  const both = AbortSignal.any([signal, left.signal]);
  const board: Board = {};
  const wakeups = new Wakeups();
  const sleeper = wakeups.subscribe("", both);
  const observing = keepObserving(observe, (sighting) => {
    put(board, sighting);
    wakeups.wake("");
  }, { timers, random, signal: both });
  const told: Told = { version: known };
  try {
    while (await sleeper.next()) {
      for (let news = difference(board, told); news && !signal.aborted; news = difference(board, told)) yield news;
    }
  } finally {
    left.abort();
    sleeper.close();
    await observing;
  }
}

async function keepObserving(
  observe: Observe,
  tell: (sighting: Sighting) => void,
  { timers, random, signal }: SteadyPace,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const begun = timers.now();
    try {
      for await (const sighting of observe(signal)) tell(sighting);
    } catch (thrown) {
      if (signal.aborted) return;
      tell(SourceError.from(thrown));
    }
    failures = timers.now() - begun >= STEADY_MS ? 0 : failures + 1;
    const delayMs = retryDelayMs(POLICY, failures, { afterMs: 0, random: random() });
    await pause(delayMs, { timers, signal }).catch(() => {});
  }
}

function put(board: Board, sighting: Sighting): void {
  if (sighting instanceof SourceError) {
    board.trouble = sighting;
  } else {
    board.trouble = undefined;
    board.text = sighting;
  }
}

/** The next thing to tell. A trouble of the same kind goes on, whichever endpoint has it. */
function difference({ text, trouble }: Board, told: Told): SourceChange | undefined {
  if (trouble?.failure !== told.trouble?.failure) {
    told.trouble = trouble;
    return trouble === undefined ? { kind: "recovered" } : { kind: "trouble", error: trouble };
  }
  if (text === undefined || text.version === told.version) return undefined;
  told.version = text.version;
  return { kind: "changed", text };
}
