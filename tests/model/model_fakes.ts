import type { Message, Part } from "../../src/a2a/types.ts";
import type { Connection } from "../../src/model/connection.ts";
import type { Model, ModelDeps, ModelEvent, ModelRequest, ToolSpec } from "../../src/model/model.ts";

/** A clock for a model: a retry's wait is over at once and noted; the idle limit rings when `expire` is called. */
export interface FakeDeps extends ModelDeps {
  readonly waited: number[];
  expire(): void;
}

/** Longer waits than any retry's are the idle limit's. */
const LONGEST_RETRY_MS = 60_000;

export function fakeDeps(env: Readonly<Record<string, string>> = {}): FakeDeps {
  const waited: number[] = [];
  const idle = new Set<() => void>();
  const values = new Map(Object.entries(env));
  return {
    name: "main",
    env: (name) => values.get(name),
    fetch,
    random: () => 0.5,
    waited,
    sleep: (ms, signal) => {
      if (ms <= LONGEST_RETRY_MS) {
        waited.push(ms);
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        idle.add(resolve);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    },
    expire: () => idle.forEach((ring) => ring()),
  };
}

/** A server that nobody asks. */
export const NOWHERE: Connection = {
  title: "Acme",
  model: "m",
  baseUrl: "http://acme.test/v1",
  official: false,
  key: undefined,
  keySource: "ACME_API_KEY",
  timeoutMs: 120_000,
  maxRetries: 0,
};

let messages = 0;

export function said(role: "ROLE_USER" | "ROLE_AGENT", ...parts: Part[]): Message {
  return { messageId: `m${++messages}`, role, parts };
}

export function asks(text: string): Message {
  return said("ROLE_USER", { text });
}

export const WEATHER: ToolSpec = {
  name: "get_weather",
  description: "The weather in a city",
  input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

export function request(over: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [asks("hello")], tools: [], signal: new AbortController().signal, ...over };
}

/** All events of one answer. */
export function ask(model: Model, over: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
  return Array.fromAsync(model.stream(request(over)));
}

export function textOfEvents(events: readonly ModelEvent[]): string {
  return events.map((event) => event.kind === "text" ? event.delta : "").join("");
}

export function callsOfEvents(events: readonly ModelEvent[]) {
  return events.flatMap((event) => event.kind === "call" ? event.call : []);
}

export function stopOf(events: readonly ModelEvent[]) {
  const stops = events.filter((event) => event.kind === "stop");
  if (stops.length !== 1 || events.at(-1)?.kind !== "stop") {
    throw new Error(`${stops.length} stops: ${JSON.stringify(events)}`);
  }
  return stops[0];
}
