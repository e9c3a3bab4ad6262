import { idleLimit } from "../lib/idle_limit.ts";
import { retry, type RetryPolicy } from "../lib/retry.ts";
import type { Connection } from "./connection.ts";
import {
  type Model,
  type ModelDeps,
  ModelError,
  type ModelErrorKind,
  type ModelEvent,
  type ModelRequest,
} from "./model.ts";
import { providerError } from "./provider_error.ts";

/**
 * One request to a provider, without any care: it may throw what it likes, end early, hang or go on after its stop. Usage
 * and calls come before the stop.
 */
export type Wire = (request: ModelRequest) => AsyncIterable<ModelEvent>;

/** Failures that may be gone a moment later. A timeout is none: who asked has waited that long already. */
const PASSING: ReadonlySet<ModelErrorKind> = new Set<ModelErrorKind>(["rate_limited", "overloaded", "unavailable"]);

const BASE_MS = 1_000;
/** A provider may ask for minutes; a person waits behind this. */
const MAX_DELAY_MS = 60_000;

/** A wire with the promises of Model kept: retries, an idle watchdog, one stop, known errors, `signal.reason` on abort. */
export function resilient(wire: Wire, to: Connection, deps: Pick<ModelDeps, "random" | "sleep">): Model {
  const policy: RetryPolicy = { maxRetries: to.maxRetries, baseMs: BASE_MS, maxDelayMs: MAX_DELAY_MS };
  return {
    id: to.model,
    async *stream(request) {
      const { signal } = request;
      const begun = await retry(() => begin(wire, request, { to, sleep: deps.sleep }), policy, {
        random: deps.random,
        sleep: deps.sleep,
        signal,
        retryAfterMs: (thrown) =>
          thrown instanceof ModelError && PASSING.has(thrown.kind) ? thrown.retryAfterMs ?? 0 : undefined,
      });
      yield* finish(begun, to, signal);
    },
  };
}

interface Begun {
  readonly first: ModelEvent;
  readonly rest: AsyncGenerator<ModelEvent, void, undefined>;
}

/** Reads up to the first event: as long as nobody has seen one, all can be done again. */
async function begin(
  wire: Wire,
  request: ModelRequest,
  { to, sleep }: { readonly to: Connection; readonly sleep: ModelDeps["sleep"] },
): Promise<Begun> {
  const rest = idleLimit((signal) => wire({ ...request, signal }), {
    idleMs: to.timeoutMs,
    signal: request.signal,
    sleep,
    expired: () => silent(to),
  });
  try {
    const first = await rest.next();
    if (first.done) throw unfinished(to);
    return { first: first.value, rest };
  } catch (thrown) {
    throw request.signal.aborted ? request.signal.reason : providerError(thrown, to);
  }
}

async function* finish(
  { first, rest }: Begun,
  to: Connection,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  try {
    yield first;
    if (first.kind === "stop") return;
    for await (const event of rest) {
      yield event;
      if (event.kind === "stop") return;
    }
    throw unfinished(to);
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    yield { kind: "stop", reason: "error", error: providerError(thrown, to) };
  } finally {
    await rest.return();
  }
}

function silent({ title, model, timeoutMs }: Connection): ModelError {
  return new ModelError(
    "timeout",
    `Cannot go on with model "${model}" of ${title}: it sent nothing for ${
      timeoutMs / 1_000
    } s (option timeout_seconds)`,
  );
}

/** Both SDKs end such a stream without a word. */
function unfinished({ title, model }: Connection): ModelError {
  return new ModelError(
    "protocol",
    `Cannot read the answer of model "${model}" of ${title}: it ended before the model had finished; check base_url`,
  );
}
