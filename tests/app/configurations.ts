import { openEphemeralStore, PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { type Candidate, type House, type HouseDeps, openHouse } from "../../src/app/house.ts";
import { ANONYMOUS, type Call } from "../../src/a2a/service.ts";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createIds } from "../../src/lib/ids.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import type { Store } from "../../src/store/store.ts";
import { MEASURE_NOTHING } from "../../src/telemetry/measurement.ts";
import { z } from "zod";

export function configOf(text: string, baseDir = "/") {
  return loadConfig({ text, file: "test.yaml", env: () => undefined, tables: PLUGIN_TABLES, baseDir });
}

/** A configuration with what is kept of it. */
export function candidateOf(text: string): Candidate {
  return { config: configOf(text), content: { text } };
}

const Kept = z.object({ text: z.string() });

/** Reads what `candidateOf` keeps. */
export function reread(content: JsonObject): Promise<Candidate> {
  const { text } = Kept.parse(content);
  return Promise.resolve().then(() => candidateOf(text));
}

/** Agents that answer with a word, or ask and then answer with it. */
export function wordAgents(words: Readonly<Record<string, string>>): string {
  const agents = Object.keys(words).map((id) => `  ${id}: {llm: ${id}}`);
  const llms = Object.entries(words).map(([id, word]) =>
    `  ${id}: {provider: scripted, rules: [` +
    `{match: {text: "ask"}, reply: {text: "which?", stop: input_required}}, ` +
    `{match: {text: "slow"}, reply: {text: "${word}", chunk_chars: 1, delay_ms: 10}}], default: {text: "${word}"}}`
  );
  return `agents:\n${agents.join("\n")}\nllms:\n${llms.join("\n")}\n`;
}

export interface Logged {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface TestHouse {
  readonly house: House;
  readonly store: Store;
  readonly logged: Logged[];
  /** Says something to an agent. */
  say(agent: string, text: string, over?: Partial<Message>): Promise<Task>;
  close(): Promise<void>;
}

const newId = createIds({ now: () => Date.now(), random: (bytes) => crypto.getRandomValues(bytes) });
const now = () => Date.now();

/** A house with everything in memory, or over a store that another one had. */
export async function openTestHouse(first: Candidate, over: Partial<HouseDeps> = {}): Promise<TestHouse> {
  const { holder = newId() } = over;
  const store = over.store ?? await openEphemeralStore({ defaultPath: "", baseDir: "/", holder, now });
  const logged: Logged[] = [];
  const note = (level: Logged["level"]) => (message: string, fields = {}) =>
    void logged.push({ level, message, fields });
  const log = { info: note("info"), warn: note("warn"), error: note("error") };
  const deps = {
    store,
    holder,
    now,
    newId,
    env: () => undefined,
    log,
    protectedPaths: [],
    reread,
    measure: MEASURE_NOTHING,
    ...over,
  };
  const house = await openHouse(first, deps);
  return {
    house,
    store,
    logged,
    say: async (agent, text, over = {}) => {
      const service = house.services.get(agent);
      if (service === undefined) throw new TypeError(`No agent "${agent}"`);
      const message: Message = { messageId: newId(), role: "ROLE_USER", parts: [{ text }], ...over };
      const response = await service.sendMessage({ message }, callOf());
      if (!("task" in response)) throw new TypeError("The answer is no task");
      return response.task;
    },
    close: async () => {
      await house.drain(AbortSignal.abort());
      house.close();
      await store.close();
    },
  };
}

export function callOf(over: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [], ...over };
}

/** What an agent answered: its artifacts' text. */
export function answerOf({ artifacts = [] }: Task): string {
  return artifacts.map(textOf).join("");
}
