import type OpenAI from "openai";
import { z } from "zod";
import { cacheKey } from "./cache_key.ts";
import { carriedBy } from "./carried.ts";
import { closedSchema, isStrictSchema } from "./closed_schema.ts";
import type { Connection } from "./connection.ts";
import { type Content, fileName, fileUrl } from "./content.ts";
import type { ModelDeps, ModelRequest } from "./model.ts";
import { openClient } from "./openai_client.ts";
import { Kept, readResponse } from "./openai_responses_answer.ts";
import type { Wire } from "./resilient.ts";
import { type LoadedParts, shownMessages, type Takes } from "./shown_messages.ts";
import { toTurns, type Turn } from "./turns.ts";

/*
 * The Responses protocol (https://platform.openai.com/docs/api-reference/responses), stateless: nothing is stored at the
 * provider, so what a model reasoned before a call goes with us, encrypted, and goes back with the call's outcome.
 */

type Params = OpenAI.Responses.ResponseCreateParamsStreaming;
type InputItem = OpenAI.Responses.ResponseInputItem;
type InputContent = OpenAI.Responses.ResponseInputContent;
type ModelTurn = Extract<Turn, { by: "model" }>;

/** Parameters that do not come from the conversation. */
export type ResponsesSettings = Pick<Params, "temperature" | "max_output_tokens" | "reasoning">;

const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const TAKES: Takes = {
  types: [...IMAGES, "application/pdf"],
  maxBytes: 20 * 2 ** 20,
  byUrl: () => true,
};

/** Asks `to` over its own client, which is loaded and made with the first request. */
export function openaiResponses(to: Connection, settings: ResponsesSettings, deps: ModelDeps): Wire {
  let client: Promise<OpenAI> | undefined;
  const loaded: LoadedParts = new WeakMap();
  return async function* (request) {
    client ??= openClient(to, deps);
    const messages = await shownMessages(request, TAKES, { load: deps.loadFile, loaded });
    const params = toParams({ ...request, messages }, settings, to);
    const { responses } = await client;
    const ask = (asked: Params) => responses.create(asked, { signal: request.signal });
    const events = await ask(params).catch((thrown: unknown) => {
      if (!refusesSummary(thrown)) throw thrown;
      const { summary: _summary, ...reasoning } = params.reasoning ?? {};
      return ask({ ...params, reasoning });
    });
    yield* readResponse(events, request, to);
  };
}

/** Organizations that are not verified may not read what a model thinks; it thinks all the same. */
function refusesSummary(thrown: unknown): boolean {
  return z.object({ status: z.literal(400), param: z.literal("reasoning.summary") }).safeParse(thrown).success;
}

function toParams(request: ModelRequest, settings: ResponsesSettings, to: Connection): Params {
  const { system, tools, toolChoice, output, messages } = request;
  return {
    ...settings,
    model: to.model,
    ...(system ? { instructions: system } : {}),
    input: toTurns(messages).flatMap((turn) => toItems(turn, to)),
    ...(tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(toolChoice === undefined || tools.length === 0 ? {} : { tool_choice: toolChoice }),
    ...(output === undefined ? {} : { text: { format: toFormat(output) } }),
    ...(to.official ? { prompt_cache_key: cacheKey(request) } : {}),
    // A model that does not reason refuses to be asked for what it reasoned.
    ...(reasons(to.model) || settings.reasoning !== undefined ? { include: ["reasoning.encrypted_content"] } : {}),
    store: false,
    stream: true,
  };
}

/** The o-series, and gpt-5 and later without the chat models beside them. */
function reasons(model: string): boolean {
  return /^(o\d|gpt-([5-9]|\d\d))/.test(model) && !model.includes("-chat");
}

function toTool({ name, description, input }: ModelRequest["tools"][number]): OpenAI.Responses.Tool {
  // Strict is the default here, and few tools' schemas are.
  return { type: "function", name, description, parameters: { ...input }, strict: false };
}

function toFormat(
  { name, schema, strict }: NonNullable<ModelRequest["output"]>,
): OpenAI.Responses.ResponseFormatTextConfig {
  const closed = closedSchema(schema);
  return { type: "json_schema", name, schema: { ...closed }, strict: strict && isStrictSchema(closed) };
}

function toItems(turn: Turn, to: Connection): InputItem[] {
  switch (turn.by) {
    case "user":
      return [{ role: "user", content: turn.content.map(toContent) }];
    case "model":
      return toModelItems(turn, to);
    case "tools":
      return turn.outcomes.map(({ id, output }) => ({ type: "function_call_output", call_id: id, output }));
    default:
      return turn satisfies never;
  }
}

/** What was reasoned stands where it stood: in front of the text or the call to which it led. */
function toModelItems({ text, calls }: ModelTurn, to: Connection): InputItem[] {
  const items: InputItem[] = [];
  const said: InputItem[] = text === "" ? [] : [{ role: "assistant", content: text }];
  for (const call of calls) {
    const kept = Kept.safeParse(carriedBy(call, to)?.before).data ?? [];
    for (const item of kept) items.push(...(item.type === "text" ? said.splice(0) : [item]));
    items.push(...said.splice(0));
    items.push({ type: "function_call", call_id: call.id, name: call.name, arguments: JSON.stringify(call.arguments) });
  }
  return [...items, ...said];
}

function toContent(content: Content): InputContent {
  if ("text" in content) return { type: "input_text", text: content.text };
  if (IMAGES.includes(content.mediaType)) return { type: "input_image", image_url: fileUrl(content), detail: "auto" };
  if ("url" in content) return { type: "input_file", file_url: content.url };
  return { type: "input_file", filename: fileName(content), file_data: fileUrl(content) };
}
