import { anthropic } from "../../src/model/anthropic.ts";
import { gemini } from "../../src/model/gemini.ts";
import type { Model, Usage } from "../../src/model/model.ts";
import { ollama } from "../../src/model/ollama.ts";
import { openai } from "../../src/model/openai.ts";
import type { ModelPlugin } from "../../src/model/plugin.ts";
import type { FakeDeps } from "./model_fakes.ts";

/** A provider and the frames of its protocol, so that one test can run over all of them. */
export interface Protocol {
  readonly name: string;
  readonly plugin: ModelPlugin;
  readonly path: string;
  readonly begin: string;
  text(text: string): string;
  thinking(text: string): string;
  call(index: number, call: { id: string; name: string }, ...pieces: string[]): string;
  /** In the provider's words: end, length, refusal, calls. */
  finish(reason: "end" | "length" | "refusal" | "calls"): string;
  /** An error event in the middle of a stream. */
  error(type: string, message: string): string;
  readonly unknown: string;
  readonly malformed: string;
  /** Right JSON of the wrong shape. */
  readonly misshapen: string;
  readonly usage: Usage;
  /** The header that shows the key, and how. */
  readonly keyHeader: readonly [name: string, value: string];
  /** What the protocol has no word for, and why. */
  readonly cannot?: ReadonlyMap<"refusal", string>;
  /** For those that speak more than one. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The body of an HTTP error. */
  errorBody(error: { type: string; message: string; code?: string }): unknown;
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: unknown, finish: string | null = null) =>
  data({ id: "c1", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] });

const CHAT = {
  begin: chunk({ role: "assistant", content: "" }),
  text: (content: string) => chunk({ content }),
  thinking: (reasoning_content: string) => chunk({ reasoning_content }),
  call: (index: number, { id, name }: { id: string; name: string }, ...pieces: string[]) =>
    [
      chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
      ...pieces.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ].join(""),
  finish: (reason: string) =>
    chunk({}, { end: "stop", length: "length", refusal: "content_filter", calls: "tool_calls" }[reason] ?? reason) +
    data({
      choices: [],
      usage: { prompt_tokens: 12, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } },
    }) +
    "data: [DONE]\n\n",
  error: (type: string, message: string) => data({ error: { type, message } }),
  unknown: data({ object: "chat.something.new", payload: { text: "?" } }),
  malformed: 'data: {"choices": [\n\n',
  misshapen: data({ choices: "none" }),
  errorBody: (error: unknown) => ({ error }),
};

const event = (type: string, value: Record<string, unknown>) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
const block = (index: number, content_block: unknown) => event("content_block_start", { index, content_block });
const delta = (index: number, value: unknown) => event("content_block_delta", { index, delta: value });

const MESSAGES = {
  begin: event("message_start", {
    message: {
      id: "msg_1",
      role: "assistant",
      content: [],
      usage: { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 1 },
    },
  }) + event("ping", {}) + block(0, { type: "text", text: "" }),
  text: (text: string) => delta(0, { type: "text_delta", text }),
  thinking: (thinking: string) =>
    block(1, { type: "thinking", thinking: "", signature: "" }) + delta(1, { type: "thinking_delta", thinking }) +
    delta(1, { type: "signature_delta", signature: "sig" }) + event("content_block_stop", { index: 1 }),
  call: (index: number, { id, name }: { id: string; name: string }, ...pieces: string[]) =>
    block(index + 2, { type: "tool_use", id, name, input: {} }) +
    pieces.map((partial_json) => delta(index + 2, { type: "input_json_delta", partial_json })).join("") +
    event("content_block_stop", { index: index + 2 }),
  finish: (reason: string) =>
    event("message_delta", {
      delta: {
        stop_reason: { end: "end_turn", length: "max_tokens", refusal: "refusal", calls: "tool_use" }[reason] ?? reason,
      },
      usage: { output_tokens: 5 },
    }) + event("message_stop", {}),
  error: (type: string, message: string) => event("error", { error: { type, message } }),
  unknown: event("something_new", { payload: 1 }) + delta(0, { type: "new_delta", what: 1 }) +
    block(9, { type: "new_block", what: 1 }),
  malformed: 'event: content_block_delta\ndata: {"type": \n\n',
  misshapen: event("content_block_delta", { index: "zero", delta: { type: "text_delta" } }),
  errorBody: (error: unknown) => ({ type: "error", error }),
};

const responseEvent = (type: string, value: Record<string, unknown>) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;

const RESPONSES = {
  begin: responseEvent("response.created", { response: { id: "resp_1", status: "in_progress", output: [] } }) +
    responseEvent("response.output_item.added", { output_index: 1, item: { type: "message", id: "m", content: [] } }),
  text: (delta: string) => responseEvent("response.output_text.delta", { output_index: 1, delta }),
  thinking: (delta: string) =>
    responseEvent("response.output_item.added", {
      output_index: 0,
      item: { type: "reasoning", id: "rs", summary: [] },
    }) +
    responseEvent("response.reasoning_summary_part.added", { output_index: 0, summary_index: 0 }) +
    responseEvent("response.reasoning_summary_text.delta", { output_index: 0, summary_index: 0, delta }) +
    responseEvent("response.output_item.done", {
      output_index: 0,
      item: {
        type: "reasoning",
        id: "rs",
        summary: [{ type: "summary_text", text: delta }],
        encrypted_content: "sealed",
      },
    }),
  call: (index: number, { id, name }: { id: string; name: string }, ...pieces: string[]) => {
    const item = { type: "function_call", id: `fc_${id}`, call_id: id, name, arguments: "" };
    const output_index = index + 2;
    return [
      responseEvent("response.output_item.added", { output_index, item }),
      ...pieces.map((delta) => responseEvent("response.function_call_arguments.delta", { output_index, delta })),
      responseEvent("response.output_item.done", { output_index, item: { ...item, arguments: pieces.join("") } }),
    ].join("");
  },
  finish: (reason: string) => {
    const why = new Map([["length", "max_output_tokens"], ["refusal", "content_filter"]]).get(reason);
    const usage = { input_tokens: 12, output_tokens: 5, input_tokens_details: { cached_tokens: 4 } };
    return why === undefined
      ? responseEvent("response.completed", { response: { status: "completed", usage } })
      : responseEvent("response.incomplete", { response: { incomplete_details: { reason: why }, usage } });
  },
  error: (code: string, message: string) =>
    responseEvent("response.failed", { response: { error: { code, message } } }),
  unknown: responseEvent("response.something.new", { payload: { text: "?" } }),
  malformed: 'event: response.output_text.delta\ndata: {"type": \n\n',
  misshapen: responseEvent("response.output_text.delta", { delta: 7 }),
  errorBody: (error: unknown) => ({ error }),
};

const piece = (parts: unknown[], more: Record<string, unknown> = {}) =>
  data({ candidates: [{ content: { role: "model", parts }, index: 0, ...more }] });

/** As an object where it is one: the protocol has no other way to write arguments. */
function whole(pieces: readonly string[]): unknown {
  const text = pieces.join("");
  try {
    return JSON.parse(text || "{}");
  } catch {
    return text;
  }
}

const GENERATE = {
  begin: piece([{ text: "" }]),
  text: (text: string) => piece([{ text }]),
  thinking: (text: string) => piece([{ text, thought: true }]),
  call: (_index: number, { id, name }: { id: string; name: string }, ...pieces: string[]) =>
    piece([{ functionCall: { id, name, args: whole(pieces) } }]),
  finish: (reason: string) =>
    data({
      candidates: [{
        finishReason: { end: "STOP", length: "MAX_TOKENS", refusal: "SAFETY", calls: "STOP" }[reason],
      }],
      usageMetadata: { promptTokenCount: 12, cachedContentTokenCount: 4, candidatesTokenCount: 5 },
    }),
  error: (status: string, message: string) => data({ error: { code: 500, message, status } }),
  unknown: data({ somethingNew: { text: "?" } }) + piece([{ somethingNew: 1 }]),
  malformed: 'data: {"candidates": [\n\n',
  misshapen: data({ candidates: "none" }),
  errorBody: (error: unknown) => ({ error }),
};

const line = (value: unknown) => `${JSON.stringify(value)}\n`;
const message = (value: Record<string, unknown>) =>
  line({ model: "m", message: { role: "assistant", content: "", ...value }, done: false });

const OLLAMA = {
  begin: message({}),
  text: (content: string) => message({ content }),
  thinking: (thinking: string) => message({ thinking }),
  call: (_index: number, { id, name }: { id: string; name: string }, ...pieces: string[]) =>
    message({ tool_calls: [{ id, function: { name, arguments: whole(pieces) } }] }),
  finish: (reason: string) =>
    line({
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: reason === "length" ? "length" : "stop",
      prompt_eval_count: 12,
      eval_count: 5,
    }),
  error: (type: string, message: string) => line({ error: { type, message } }),
  unknown: line({ something_new: 1 }),
  malformed: '{"message": \n',
  misshapen: line({ message: "none" }),
  errorBody: (error: unknown) => ({ error }),
};

export const KEY = "sk-planted-canary-0123456789";
const BEARER = ["authorization", `Bearer ${KEY}`] as const;
const USAGE = { inputTokens: 12, outputTokens: 5, cachedInputTokens: 4 };

export const PROTOCOLS: readonly Protocol[] = [
  { name: "openai", plugin: openai, path: "/v1/chat/completions", usage: USAGE, keyHeader: BEARER, ...CHAT },
  {
    name: "openai responses",
    plugin: openai,
    path: "/v1/responses",
    options: { api: "responses" },
    usage: USAGE,
    keyHeader: BEARER,
    ...RESPONSES,
  },
  {
    name: "gemini",
    plugin: gemini,
    path: "/v1beta/models/gemini-3.8-flash:streamGenerateContent",
    usage: USAGE,
    keyHeader: ["x-goog-api-key", KEY],
    ...GENERATE,
  },
  {
    name: "ollama",
    plugin: ollama,
    path: "/api/chat",
    usage: { inputTokens: 12, outputTokens: 5 },
    keyHeader: BEARER,
    cannot: new Map([["refusal", "a local model refuses in its text"]]),
    ...OLLAMA,
  },
  { name: "anthropic", plugin: anthropic, path: "/v1/messages", usage: USAGE, keyHeader: BEARER, ...MESSAGES },
];

/** The provider's model against a server of ours. */
export function modelAt(
  { plugin, options: own }: Protocol,
  url: string,
  deps: FakeDeps,
  options: Record<string, unknown> = {},
): Model {
  const base_url = plugin === openai ? `${url}/v1` : url;
  return plugin.create({ base_url, api_key: KEY, ...own, ...options }, deps);
}
