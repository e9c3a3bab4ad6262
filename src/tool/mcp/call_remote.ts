import type { ElicitResult, Tool } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { JsonObject } from "../../lib/json.ts";
import { NeedsInput, type ToolContext, type ToolResult } from "../tool.ts";
import type { Connection } from "./connection.ts";
import { Elicitation, questionParts, toJson, type Verdict } from "./elicitation.ts";
import type { HeldCalls } from "./held_calls.ts";
import { outputFault } from "./output_fault.ts";
import { progressTeller } from "./progress_teller.ts";
import type { QuestionDesk } from "./question_desk.ts";
import { readAnswer } from "./read_answer.ts";
import type { RunningCall, Step } from "./running_call.ts";
import { toToolResult } from "./to_tool_result.ts";

export interface RemoteCall {
  readonly tool: Tool;
  readonly input: JsonObject;
  readonly timeoutMs: number;
}

export interface CallDeps {
  /** As the configuration calls the server. */
  readonly server: string;
  readonly connection: Connection;
  readonly desk: QuestionDesk;
  readonly held: HeldCalls;
  readonly maxBytes: number;
}

const Responses = z.record(
  z.string(),
  z.object({
    action: z.enum(["accept", "decline", "cancel"]),
    content: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
  }),
);

/** What the server was asked to answer in the middle of a call, and what is known so far. Kept with the task. */
const Waiting = z.discriminatedUnion("kind", [
  /** The server holds the call; the ticket is good for as long as this process and that connection live. */
  z.object({ kind: z.literal("held"), ticket: z.string(), asked: Elicitation }),
  /** The server has forgotten the call and begins it again with the answers (MCP 2026-07-28). */
  z.object({
    kind: z.literal("open"),
    requests: z.array(z.object({ key: z.string(), asked: Elicitation })),
    responses: Responses,
    requestState: z.string().optional(),
  }),
  /** The call has not begun: first something has to be done at a URL (MCP 2025-11-25, error -32042). */
  z.object({ kind: z.literal("first"), requests: z.array(Elicitation) }),
]);
type Waiting = z.infer<typeof Waiting>;

const URL_FIRST = -32042;
const MAX_ROUNDS = 10;

/** One call of a tool of a server, to its result. Throws NeedsInput where the server asks its user. */
export async function callRemote(call: RemoteCall, context: ToolContext, deps: CallDeps): Promise<ToolResult> {
  const { resumed } = context;
  if (resumed === undefined) return await begin({ call, context, deps });
  const waiting = Waiting.parse(resumed.state);
  const [asked] = waiting.kind === "held"
    ? [waiting.asked]
    : waiting.requests.map((each) => "asked" in each ? each.asked : each);
  if (asked === undefined) return await begin({ call, context, deps });
  const read = readAnswer(asked, resumed.answer);
  if ("because" in read) throw question(asked, waiting, { server: deps.server, because: read.because });
  switch (waiting.kind) {
    case "held":
      return await goOn(waiting.ticket, read.verdict, { call, context, deps });
    case "open":
      return await withAnswer(waiting, read.verdict, { call, context, deps });
    case "first":
      return await afterPage(waiting, read.verdict, { call, context, deps });
  }
}

interface Making {
  readonly call: RemoteCall;
  readonly context: ToolContext;
  readonly deps: CallDeps;
}

interface Answers {
  readonly inputResponses?: Record<string, ElicitResult>;
  readonly requestState?: string;
}

async function begin({ call, context, deps }: Making, answers: Answers = {}): Promise<ToolResult> {
  const running = await deps.connection.begin({ ...call, ...answers }, context.signal);
  return await follow(running, { call, context, deps });
}

async function goOn(ticket: string, verdict: Verdict, making: Making): Promise<ToolResult> {
  const { deps: { held, desk, server }, context } = making;
  const running = held.take(ticket);
  if (running === undefined) {
    // Made again, it could do a second time what it had done before it asked.
    const content =
      `The tool server "${server}" has not waited for the answer. What the call had done by then is not known.`;
    return { content, isError: true };
  }
  await desk.answer(running, verdict, context.signal);
  return await follow(running, making);
}

/** Waits for a call until it is over or the server asks something. */
async function follow(running: RunningCall, making: Making, rounds = 0): Promise<ToolResult> {
  const { call: { tool }, context: { signal, say }, deps: { held, desk, server, maxBytes } } = making;
  let step: Step;
  try {
    step = await running.next({ signal, onProgress: progressTeller(say) });
  } catch (thrown) {
    throw urlFirst(thrown, server) ?? thrown;
  }
  if (step.kind === "result") {
    const unfinished = Unfinished.safeParse(step.result).data;
    if (unfinished !== undefined) return await ask(unfinished, making, rounds);
    const fault = outputFault(tool, step.result);
    return fault === undefined ? toToolResult(step.result, { maxBytes }) : { content: fault, isError: true };
  }
  const { data: asked } = Elicitation.safeParse(step.params);
  if (asked === undefined) {
    // A form that cannot be shown is no reason for the call to wait.
    await desk.answer(running, { action: "cancel" }, signal);
    return await follow(running, making);
  }
  throw question(asked, { kind: "held", ticket: held.hold(running), asked }, { server });
}

const Unfinished = z.object({
  resultType: z.literal("input_required"),
  inputRequests: z.record(z.string(), z.looseObject({ method: z.string(), params: z.unknown().optional() })).default(
    {},
  ),
  requestState: z.string().optional(),
});

async function ask(
  { inputRequests, requestState }: z.infer<typeof Unfinished>,
  { call, context, deps }: Making,
  rounds: number,
): Promise<ToolResult> {
  const requests = Object.entries(inputRequests).map(([key, { method, params }]) => ({
    key,
    method,
    asked: method === "elicitation/create" ? Elicitation.safeParse(params).data : undefined,
  }));
  const strange = requests.find(({ asked }) => asked === undefined);
  if (strange !== undefined) {
    return {
      content: `The tool server "${deps.server}" asks for ${strange.method}, which it cannot have here.`,
      isError: true,
    };
  }
  const known = requests.flatMap(({ key, asked }) => asked === undefined ? [] : [{ key, asked }]);
  const [first] = known;
  if (first !== undefined) {
    const waiting: Waiting = { kind: "open", requests: known, responses: {}, requestState };
    throw question(first.asked, waiting, { server: deps.server });
  }
  if (rounds >= MAX_ROUNDS) {
    return { content: `The tool server "${deps.server}" does not come to an end.`, isError: true };
  }
  const state = requestState === undefined ? {} : { requestState };
  const running = await deps.connection.begin({ ...call, ...state }, context.signal);
  return await follow(running, { call, context, deps }, rounds + 1);
}

async function withAnswer(
  waiting: Extract<Waiting, { kind: "open" }>,
  verdict: Verdict,
  { call, context, deps }: Making,
): Promise<ToolResult> {
  const [answered, next, ...rest] = waiting.requests;
  const responses = Responses.parse({ ...waiting.responses, [answered?.key ?? ""]: verdict });
  if (next !== undefined) {
    throw question(next.asked, { ...waiting, requests: [next, ...rest], responses }, { server: deps.server });
  }
  const { requestState } = waiting;
  return await begin({ call, context, deps }, {
    inputResponses: responses,
    ...(requestState === undefined ? {} : { requestState }),
  });
}

async function afterPage(
  waiting: Extract<Waiting, { kind: "first" }>,
  verdict: Verdict,
  { call, context, deps }: Making,
): Promise<ToolResult> {
  if (verdict.action !== "accept") {
    return {
      content: `The call needs a page to be visited first, and the answer was ${verdict.action}.`,
      isError: true,
    };
  }
  const [, next, ...rest] = waiting.requests;
  if (next === undefined) return await begin({ call, context, deps });
  throw question(next, { kind: "first", requests: [next, ...rest] }, { server: deps.server });
}

function urlFirst(thrown: unknown, server: string): NeedsInput | undefined {
  const { data } = z.object({
    code: z.literal(URL_FIRST),
    data: z.object({ elicitations: z.array(Elicitation).min(1) }),
  }).safeParse(thrown);
  const requests = data?.data.elicitations ?? [];
  const [first] = requests;
  return first === undefined ? undefined : question(first, { kind: "first", requests }, { server });
}

function question(asked: Elicitation, waiting: Waiting, about: { server: string; because?: string }): NeedsInput {
  return new NeedsInput(questionParts(asked, about), toJson(waiting), asked.mode === "url" ? "auth" : "input");
}
