import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { demoCall } from "./demo_call.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import type { Scene } from "./scene.ts";
import { compileScript, Reply, Rule, type Script } from "./script.ts";
import { scriptedModel } from "./scripted.ts";

const NAME = "demo";

const Options = late(() =>
  z.strictObject({
    model: z.literal(NAME).default(NAME).meta({ description: "There is one demo model." }),
    delay_ms: z.int().min(0).max(1_000).default(20).meta({ description: "Wait between two pieces of an answer." }),
  })
);

/** Longer than this, an echo is no fun to read. */
const MAX_ECHO_CHARS = 280;
const MAX_RESULT_CHARS = 1_500;
const CHUNK_CHARS = 12;

/** The model of a first start: it answers anything at once, and tells how to connect one of the `real` ones. */
export function demoModel(real: readonly Pick<ModelPlugin, "title" | "credentials">[]): ModelPlugin {
  return {
    ...definePlugin({
      options: Options,
      create({ model, delay_ms }: z.output<ReturnType<typeof Options>>, deps: ModelDeps): Model {
        // Made by the first question: most of the time of a start goes into what nobody asks.
        let script: Script | undefined;
        return scriptedModel(model, (scene) => (script ??= demoScript(connectText(real), delay_ms))(scene), deps);
      },
    }),
    title: "Demo",
    credentials: [],
    defaultModel: NAME,
    owns: (model) => model === NAME,
  };
}

function connectText(real: readonly Pick<ModelPlugin, "title" | "credentials">[]): string {
  const lines = real.flatMap(({ title, credentials: [name] }) =>
    name === undefined ? [] : [`  export ${name}=…   (${title})`]
  );
  return `To talk to a real model, set one of these and start hector again:\n\n${lines.join("\n")}`;
}

function demoScript(connect: string, delayMs: number): Script {
  const pace = { chunk_chars: CHUNK_CHARS, delay_ms: delayMs };
  const say = (text: string) => Reply().parse({ ...pace, text });
  const answers = compileScript(
    [
      Rule().parse({
        match: { tool_result: true },
        reply: {
          ...pace,
          text:
            `I called a tool, and it answered:\n\n{{tool_result}}\n\nA real model would read this and go on; I am the demo model and only pass it on.`,
        },
      }),
      Rule().parse({
        match: { text: "/^\\W*(hi|hello|hey|hallo|good (morning|afternoon|evening))\\b.{0,20}$/i" },
        reply: {
          ...pace,
          text:
            `Hello! I am hector's built-in demo model. I need no key and no network, and everything around me is real: the streaming you see, tasks, sessions and tools. Ask me anything, or ask "help".`,
        },
      }),
      Rule().parse({
        match: { text: "/^\\W*(help|what can you do|who are you|what are you)\\b/i" },
        reply: {
          ...pace,
          text:
            `I am hector's built-in demo model. I understand nothing, but I show how an agent behaves: I stream, I remember nothing by myself, and I call a tool when you name it or ask me to list, search or show something that a tool of this agent is for.\n\n${connect}`,
        },
      }),
      Rule().parse({
        match: { text: "/\\b(api.?key|connect|real model|provider)\\b/i" },
        reply: { ...pace, text: `${connect}\n\nOr name a model and its key under llms in the configuration.` },
      }),
    ],
    say(`You asked: {{message}}\n\nI am hector's built-in demo model, so I can only repeat it.\n\n${connect}`),
  );
  return (scene) => callLine(scene, delayMs) ?? answers(clipped(scene));
}

/** Once for each message: the next step tells what came of it. */
function callLine({ message, step, outcomes, tools }: Scene, delayMs: number): ReturnType<Script> {
  const call = step === 1 && outcomes.length === 0 ? demoCall(message, tools) : undefined;
  return call === undefined ? undefined : {
    text: `Let me use ${call.name} for that.`,
    thinking: "",
    parts: [],
    calls: [call],
    chunkChars: CHUNK_CHARS,
    firstDelayMs: 0,
    delayMs,
    stop: "end",
  };
}

function clipped({ turn, ...scene }: Scene): Scene {
  return {
    ...scene,
    turn,
    message: clip(scene.message.trim(), MAX_ECHO_CHARS),
    outcomes: scene.outcomes.map((outcome) => ({ ...outcome, output: clip(outcome.output, MAX_RESULT_CHARS) })),
  };
}

function clip(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)}…`;
}
