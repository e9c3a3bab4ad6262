import type { JsonObject } from "../lib/json.ts";
import type { Connection } from "./connection.ts";
import { lineValues, postJson } from "./http_stream.ts";
import type { ModelDeps } from "./model.ts";
import { readOllamaAnswer } from "./ollama_answer.ts";
import { ollamaBody } from "./ollama_messages.ts";
import type { Wire } from "./resilient.ts";
import { type LoadedParts, shownMessages, type Takes } from "./shown_messages.ts";

const TAKES: Takes = { types: ["image/jpeg", "image/png", "image/gif", "image/webp"], maxBytes: 20 * 2 ** 20 };

/** Asks a model of an Ollama server over its own protocol. */
export function ollamaChat(to: Connection, settings: JsonObject, deps: ModelDeps): Wire {
  const loaded: LoadedParts = new WeakMap();
  const url = `${to.baseUrl.replace(/\/$/, "")}/api/chat`;
  const headers: Record<string, string> = to.key === undefined ? {} : { authorization: `Bearer ${to.key.reveal()}` };
  return async function* (request) {
    const { signal } = request;
    const messages = await shownMessages(request, TAKES, { load: deps.loadFile, loaded });
    const body = { ...settings, ...ollamaBody({ ...request, messages }, to) };
    yield* readOllamaAnswer(lineValues(await postJson({ url, headers, body, signal }, deps.fetch)), request, to);
  };
}
