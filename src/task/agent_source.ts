import type { Agent } from "../agent/agent.ts";

/** An agent as one revision of the configuration made it. It can be used until it is given back. */
export interface AgentLoan {
  readonly agent: Agent;
  /** Recorded with the tasks that begin with it. */
  readonly revision: string | undefined;
  giveBack(): void;
}

/** Where a task service has its agent from: the configuration may change while it serves. */
export interface AgentSource {
  /** The agent of today, for a task that begins. Throws AgentGone. */
  now(): AgentLoan;
  /** The agent with which a task began; where that cannot be had any more, the one of today. Rejects with AgentGone. */
  at(revision: string | undefined): Promise<AgentLoan>;
}

/** No configuration that can be had knows the agent. */
export class AgentGone extends Error {
  override readonly name = "AgentGone";
}
