import { LLMock } from "@copilotkit/aimock";

/** What a model is asked, in the terms of Chat Completions. */
export interface Asked {
  readonly system: string;
  /** The newest words of the user. */
  readonly said: string;
  /** What tools have answered since then, in order. */
  readonly results: readonly string[];
  readonly tools: readonly string[];
  /** All of the conversation, as text. */
  readonly transcript: string;
}

export interface SimulatedCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Reply = string | { readonly text?: string; readonly calls: readonly SimulatedCall[] };

export interface SimulatedModel {
  /** What makes hector ask it. */
  readonly env: Readonly<Record<string, string>>;
  readonly asked: readonly Asked[];
}

/** Plays a provider's server whose model is `reply`. */
export async function withModel(
  reply: (asked: Asked) => Reply | Promise<Reply>,
  act: (model: SimulatedModel) => Promise<void>,
): Promise<void> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  const asked: Asked[] = [];
  let calls = 0;
  mock.on({}, async ({ messages, tools }) => {
    const texts = messages.map(({ role, content }) => ({ role, text: textOf(content) }));
    const last = texts.findLastIndex(({ role }) => role === "user");
    const now: Asked = {
      system: texts.find(({ role }) => role === "system")?.text ?? "",
      said: texts[last]?.text ?? "",
      results: texts.slice(last + 1).flatMap(({ role, text }) => role === "tool" ? [text] : []),
      tools: (tools ?? []).map(({ function: { name } }) => name),
      transcript: texts.map(({ text }) => text).join("\n"),
    };
    asked.push(now);
    const said = await reply(now);
    if (typeof said === "string") return { content: said };
    const toolCalls = said.calls.map(({ name, input }) => ({
      id: `call_${++calls}`,
      name,
      arguments: JSON.stringify(input),
    }));
    return said.text === undefined ? { toolCalls } : { content: said.text, toolCalls };
  });
  await mock.start();
  try {
    await act({ env: { OPENAI_API_KEY: "a-key-of-the-test", OPENAI_BASE_URL: `${mock.url}/v1` }, asked });
  } finally {
    await mock.stop();
  }
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return content === null || content === undefined ? "" : JSON.stringify(content);
}

/** A call, briefly. */
export function call(name: string, input: Readonly<Record<string, unknown>>): SimulatedCall {
  return { name, input };
}
