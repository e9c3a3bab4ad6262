import { agentMessage } from "../../a2a/parts.ts";
import type { Message, Part } from "../../a2a/types.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Run, RunEnd, RunInput } from "../agent.ts";
import { TurnClock, type TurnClockOptions } from "../turn_clock.ts";
import { childContext } from "./child_context.ts";
import { askChild, dropChild } from "./ask_child.ts";
import { ChildOutcome } from "./child_outcome.ts";
import type { Colleagues } from "./colleagues.ts";
import { hopsOf, passedOn, whyNotFurther } from "./hops.ts";
import { waitedMs, waitingSince } from "./waited.ts";
import { ToldText } from "./told_text.ts";

export interface FlowParts extends Pick<TurnClockOptions, "now" | "timeoutSeconds"> {
  /** Whose flow it is. */
  readonly id: string;
  readonly colleagues: Colleagues;
}

/** One child at one place of the flow. */
export interface Place {
  readonly agent: string;
  /** Of the artifact that holds what it says. Places that share it rewrite it. */
  readonly artifactId: string;
  /** What it says is told beside the answer. */
  readonly isAside: boolean;
}

type Turn = (signal: AbortSignal) => Promise<() => void>;

const atOnce: Turn = () => Promise.resolve(() => {});

/** A flow that cannot go on ends its turn: a child failed, or waits for the peer. */
export class FlowEnded extends Error {
  override readonly name = "FlowEnded";
  constructor(readonly end: RunEnd) {
    super("The flow has ended its turn");
  }
}

/**
 * One turn of a workflow: each child that is asked is a durable step, and a task of the child. Ids follow from the order in
 * which children are asked, so a turn that runs again after a crash asks for the same tasks.
 */
export class Flow {
  readonly input: RunInput;
  readonly run: Run;
  readonly #parts: FlowParts;
  readonly #clock: TurnClock;
  readonly #metadata: JsonObject;
  /** How many of the peer's answers have gone to children. */
  #answered = 0;
  #asked = 0;

  constructor(parts: FlowParts, input: RunInput, run: Run) {
    this.#parts = parts;
    this.input = input;
    this.run = run;
    this.#clock = new TurnClock(run, { ...parts, sleep: parts.colleagues.sleep, waitedMs: waitedMs(input) });
    const hop = { agent: parts.id, task: run.task.id };
    this.#metadata = passedOn(input.message.metadata ?? {}, hop);
  }

  /** Asks a child; its answer, its failure, or its question. It waits for its `turn`, which gives back what ends it. */
  begin(place: Place, parts: readonly Part[], turn: Turn = atOnce): Promise<ChildOutcome> {
    const { id: from, colleagues } = this.#parts;
    const { owner, task: { contextId = "" } } = this.run;
    const refusal = whyNotFurther(place.agent, hopsOf(this.#metadata), colleagues);
    if (refusal !== undefined) throw this.failed(refusal);
    return this.#say(place, {
      messageId: this.run.nextId("message"),
      role: "ROLE_USER",
      contextId: childContext({ owner, contextId, from, to: place.agent }),
      parts: [...parts],
    }, turn);
  }

  /** Brings the peer's answers to a child that waits for them, one after the other; ends the turn where one is missing. */
  async finish(place: Place, outcome: ChildOutcome): Promise<ChildOutcome> {
    let now = outcome;
    while (now.kind === "input" || now.kind === "auth") {
      const answered = this.input.answers[this.#answered++];
      if (answered === undefined) throw this.#waits(now);
      const { message: { messageId, metadata, parts } } = answered;
      now = await this.#say(place, {
        messageId: `${this.run.nextId("message")}:${messageId}`,
        role: "ROLE_USER",
        taskId: now.taskId,
        contextId: now.contextId,
        parts,
        ...(metadata === undefined ? {} : { metadata }),
      });
    }
    if (now.kind === "failure") throw this.failed(now.text);
    return now;
  }

  async ask(place: Place, parts: readonly Part[]): Promise<ChildOutcome> {
    return await this.finish(place, await this.begin(place, parts));
  }

  /** A child whose question nobody will answer has nothing to wait for. */
  async drop({ agent }: Place, { taskId, kind }: ChildOutcome): Promise<void> {
    if (kind === "input" || kind === "auth") {
      await dropChild(this.#parts.colleagues.serviceOf(agent), { id: taskId }, this.run.owner);
    }
  }

  failed(text: string): FlowEnded {
    return new FlowEnded({ state: "TASK_STATE_FAILED", message: this.#message([{ text }]) });
  }

  #say({ agent, artifactId, isAside }: Place, said: Message, turn: Turn = atOnce): Promise<ChildOutcome> {
    const service = this.#parts.colleagues.serviceOf(agent);
    if (service === undefined) throw this.failed(`Cannot ask "${agent}": there is no such agent`);
    const told = new ToldText(this.run, { artifactId, name: agent, isAside });
    const message = { ...said, metadata: { ...said.metadata, ...this.#metadata } };
    const { owner } = this.run;
    const act = async (signal: AbortSignal): Promise<ChildOutcome> => {
      const leave = await turn(signal);
      try {
        return await askChild(agent, { service, message, owner, signal, tell: (text) => told.tell(text) });
      } finally {
        leave();
      }
    };
    return this.run.step({
      id: `child:${++this.#asked}`,
      result: ChildOutcome,
      act: (signal) => this.#clock.within(signal, act),
      events: ({ kind, text, parts }) => kind === "answer" ? told.close(text, parts) : told.close(),
    });
  }

  #waits({ kind, parts }: ChildOutcome): FlowEnded {
    const state = kind === "auth" ? "TASK_STATE_AUTH_REQUIRED" : "TASK_STATE_INPUT_REQUIRED";
    return new FlowEnded({
      state,
      message: this.#message(parts),
      suspended: true,
      kept: waitingSince(this.#parts.now()),
    });
  }

  #message(parts: readonly Part[]): Message {
    const { id: taskId, contextId } = this.run.task;
    // Each end of the turn has an id of its own: what was answered has been asked before.
    const messageId = `${this.run.nextId("end")}:${this.#answered}`;
    return agentMessage(parts, { messageId, taskId, contextId });
  }
}
