import { z } from "zod";
import { Part } from "../a2a/types.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Tool, ToolContext, ToolResult } from "./tool.ts";

export interface ContractSubject {
  /** The tool, made anew for each check. */
  readonly open: () => Promise<Tool>;
  /** Arguments of a call that works. */
  readonly input: JsonObject;
  /** What the call is given besides. Default: a task of its own, and nobody who listens. */
  readonly context?: Partial<ToolContext>;
  /** Called when a check is done. */
  readonly close?: () => Promise<void>;
}

export interface ContractCheck {
  readonly name: string;
  /** Throws an Error that says what a tool may not do. */
  run(): Promise<void>;
}

/** What hector expects of every tool, its own ones included. */
export function toolContract({ open, input, context = {}, close }: ContractSubject): readonly ContractCheck[] {
  const call = async (tool: Tool, changes: Partial<ToolContext> = {}) =>
    await tool.run(input, { ...STRANGER, signal: new AbortController().signal, ...context, ...changes });
  const checks: readonly (readonly [name: string, check: (tool: Tool) => void | Promise<void>])[] = [
    ["says what it does and what it takes", checkWords],
    ["takes its example", (tool) => checkExample(tool, input)],
    ["gives a result that can be kept", async (tool) => checkResult(await call(tool))],
    ["says to a call that is canceled already what it was canceled with", async (tool) => {
      await mustThrow(() => call(tool, { signal: AbortSignal.abort(new Error("canceled")) }), "canceled");
    }],
    ["says whether a call may be repeated after a crash, and whether a person has to agree", checkPolicy],
  ];
  return checks.map(([name, check]) => ({
    name,
    run: async () => {
      try {
        await check(await open());
      } finally {
        await close?.();
      }
    },
  }));
}

const STRANGER: Omit<ToolContext, "signal"> = {
  callId: "call-1",
  key: "contract-call-1",
  contextId: "context-1",
  taskId: "task-1",
  owner: { tenant: "default", owner: "anonymous" },
  earlier: [],
  metadata: {},
  say: () => Promise.resolve(),
};

function expect(holds: boolean, said: string): void {
  if (!holds) throw new Error(said);
}

/** Names as all providers of models take them. */
function checkWords({ name, description, input }: Tool): void {
  expect(/^[a-zA-Z0-9_-]{1,64}$/.test(name), `its name is ${JSON.stringify(name)}, expected letters, digits, _ and -`);
  expect(description.trim() !== "", "it has no description: a model would not know what it is for");
  expect(input["type"] === "object", 'its input has to be a JSON Schema with type: "object"');
  const { data: properties = {} } = z.record(z.string(), z.looseObject({})).safeParse(input["properties"] ?? {});
  const { data: required = [] } = z.array(z.string()).safeParse(input["required"] ?? []);
  for (const argument of required) {
    expect(argument in properties, `it requires "${argument}", which is none of its properties`);
  }
}

function checkExample({ input: schema }: Tool, input: JsonObject): void {
  const parsed = z.fromJSONSchema(JSON.parse(JSON.stringify(schema))).safeParse(input);
  if (!parsed.success) throw new Error(`its input does not allow the example: ${z.prettifyError(parsed.error)}`);
}

function checkResult({ content, display, parts = [] }: ToolResult): void {
  expect(typeof content === "string" && content.isWellFormed(), "its content is no well-formed text");
  expect(display === undefined || display.isWellFormed(), "its display is no well-formed text");
  for (const part of parts) {
    const parsed = Part.safeParse(part);
    if (!parsed.success) throw new Error(`one of its parts is none of A2A 1.0: ${z.prettifyError(parsed.error)}`);
  }
}

async function mustThrow(act: () => Promise<unknown>, message: string): Promise<void> {
  let thrown: unknown;
  try {
    await act();
  } catch (caught) {
    thrown = caught;
  }
  expect(thrown instanceof Error && thrown.message === message, "it goes on though it was canceled before it began");
}

function checkPolicy({ replay, needsApproval, input }: Tool): void {
  expect(["safe", "once", "ask"].includes(replay), `its replay is ${replay}, expected safe, once or ask`);
  expect(typeof (needsApproval?.(input) ?? false) === "boolean", "needsApproval answers something else than yes or no");
}
