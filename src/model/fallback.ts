import { type Log, SILENT } from "../lib/log.ts";
import { type Cooldown, isCoolable } from "./cooldown.ts";
import { type Model, ModelError, type ModelErrorKind, type ModelEvent, type ModelRequest } from "./model.ts";

/** A model that may answer in place of another. */
export interface Candidate {
  /** The configuration's name for it. */
  readonly name: string;
  readonly model: Model;
  /** Shared by all chains in which it stands. */
  readonly cooldown: Cooldown;
}

/** What another model would answer just as badly. A conversation that is too long may fit into another. */
const HOPELESS: ReadonlySet<ModelErrorKind> = new Set<ModelErrorKind>(["invalid_request"]);

/**
 * The first candidate that begins to answer: in their order, those that have failed lately behind the others. As soon as
 * anything of an answer was heard no other is asked, because its answer would be another one.
 */
export function withFallback(
  first: Candidate,
  others: readonly Candidate[],
  { log = SILENT }: { readonly log?: Log } = {},
): Model {
  const chain = [first, ...others];
  return {
    id: first.model.id,
    async *stream(request) {
      const [rested, resting] = [chain.filter(isReady), chain.filter((candidate) => !isReady(candidate))];
      const order = [...rested, ...resting];
      for (const [at, candidate] of order.entries()) {
        const begun = await begin(candidate, request);
        if (!(begun instanceof ModelError)) return yield* finish(candidate, begun);
        const next = order[at + 1];
        if (next === undefined || HOPELESS.has(begun.kind)) throw begun;
        log.warn("model failed, another is asked", { model: candidate.name, next: next.name, error: begun });
      }
    },
  };
}

function isReady({ cooldown }: Candidate): boolean {
  return !cooldown.isOn;
}

interface Begun {
  readonly first: ModelEvent;
  readonly rest: AsyncIterator<ModelEvent>;
}

async function begin({ model, cooldown }: Candidate, request: ModelRequest): Promise<Begun | ModelError> {
  const rest = model.stream(request)[Symbol.asyncIterator]();
  try {
    const next = await rest.next();
    if (next.done) throw new ModelError("protocol", `Cannot use the answer of model "${model.id}": it is none`);
    if (next.value.kind === "stop" && next.value.reason === "error") throw next.value.error;
    cooldown.end();
    return { first: next.value, rest };
  } catch (thrown) {
    request.signal.throwIfAborted();
    if (!(thrown instanceof ModelError)) throw thrown;
    cooldown.begin(thrown);
    return thrown;
  }
}

async function* finish({ cooldown }: Candidate, { first, rest }: Begun): AsyncGenerator<ModelEvent, void, undefined> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      const { value } = next;
      // What was heard stands, but the next call had better ask another.
      if (value.kind === "stop" && value.reason === "error" && isCoolable(value.error)) cooldown.begin(value.error);
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}
