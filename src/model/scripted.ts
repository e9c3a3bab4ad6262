import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { freshCallId, takenCallIds } from "./call_buffer.ts";
import { isAside, type Model, type ModelDeps, ModelError, type ModelEvent, type ModelRequest } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { toScene } from "./scene.ts";
import { compileScript, type Line, Reply, Rule, type Script } from "./script.ts";

const DEFAULT_MODEL = "scripted";

const Options = late(() =>
  z.strictObject({
    model: z.string().min(1).default(DEFAULT_MODEL).meta({
      description: "A name for it, shown where a model's name is shown.",
    }),
    rules: z.array(Rule()).default([]).meta({ description: "The first rule that matches answers." }),
    default: Reply().optional().meta({
      description: "The answer where no rule matches. Without it such a call fails.",
    }),
  })
);

/** A model that follows rules: the same answer to the same question, for tests, examples and load. */
export const scripted: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: z.output<ReturnType<typeof Options>>, deps: ModelDeps): Model {
      return scriptedModel(options.model, compileScript(options.rules, options.default), deps);
    },
  }),
  title: "Scripted",
  credentials: [],
  defaultModel: DEFAULT_MODEL,
  owns: () => false,
};

/** Plays what `script` says. Without delays it starts no timer. */
export function scriptedModel(id: string, script: Script, deps: Pick<ModelDeps, "name" | "sleep">): Model {
  return {
    id,
    async *stream(request) {
      request.signal.throwIfAborted();
      const line = script(toScene(request));
      if (line === undefined) {
        throw new ModelError(
          "invalid_request",
          `Cannot answer with "${deps.name}": no rule matches, and it has no default`,
        );
      }
      yield* play(line, request, deps);
    },
  };
}

async function* play(
  line: Line,
  request: ModelRequest,
  { name, sleep }: Pick<ModelDeps, "name" | "sleep">,
): AsyncGenerator<ModelEvent, void, undefined> {
  const { signal } = request;
  if (line.firstDelayMs > 0) await sleep(line.firstDelayMs, signal);
  if (line.error?.after_chunks === 0) throw toError(line.error, name);
  let chunks = 0;
  for (const event of chunksOf(line)) {
    if (chunks > 0 && line.delayMs > 0) await sleep(line.delayMs, signal);
    signal.throwIfAborted();
    yield event;
    if (++chunks === line.error?.after_chunks) break;
  }
  if (line.error !== undefined) {
    yield { kind: "stop", reason: "error", error: toError(line.error, name) };
    return;
  }
  if (line.calls.length > 0) yield* callsOf(line, request);
  if (line.usage !== undefined) yield { kind: "usage", usage: line.usage };
  yield { kind: "stop", reason: line.calls.length > 0 && line.stop === "end" ? "calls" : line.stop };
}

function* chunksOf({ thinking, text, parts, chunkChars, stop }: Line): Generator<ModelEvent, void, undefined> {
  const mark = isAside(stop) ? { aside: true as const } : {};
  for (const delta of slices(thinking, chunkChars)) yield { kind: "thinking", delta };
  for (const delta of slices(text, chunkChars)) yield { kind: "text", delta, ...mark };
  for (const part of parts) yield { kind: "part", part };
}

const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** Never parts the two halves of a character. */
function* slices(text: string, chars: number): Generator<string, void, undefined> {
  for (let at = 0; at < text.length;) {
    const slice = text.slice(at, at + chars);
    const end = at + slice.length + (HIGH_SURROGATE.test(slice) ? 1 : 0);
    yield text.slice(at, end);
    at = end;
  }
}

function* callsOf({ calls }: Line, request: ModelRequest): Generator<ModelEvent, void, undefined> {
  const taken = takenCallIds(request);
  for (const call of calls) {
    const id = freshCallId(request, taken);
    taken.add(id);
    yield { kind: "call", call: { id, ...call } };
  }
}

function toError({ kind, message, status }: NonNullable<Line["error"]>, name: string): ModelError {
  const said = message ?? `Cannot answer with "${name}": its script says ${kind}`;
  return new ModelError(kind, said, status === undefined ? {} : { status });
}
