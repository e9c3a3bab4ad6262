import { anthropic } from "../../src/model/anthropic.ts";
import { gemini } from "../../src/model/gemini.ts";
import type { Model } from "../../src/model/model.ts";
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

export const PROTOCOLS: readonly Protocol[] = [
  { name: "openai", plugin: openai, path: "/v1/chat/completions", ...CHAT },
  { name: "gemini", plugin: gemini, path: "/v1/chat/completions", ...CHAT },
  { name: "anthropic", plugin: anthropic, path: "/v1/messages", ...MESSAGES },
];

export const KEY = "sk-planted-canary-0123456789";

/** The provider's model against a server of ours. */
export function modelAt(
  { plugin, name }: Protocol,
  url: string,
  deps: FakeDeps,
  options: Record<string, unknown> = {},
): Model {
  const base_url = name === "anthropic" ? url : `${url}/v1`;
  return plugin.create({ base_url, api_key: KEY, ...options }, deps);
}
