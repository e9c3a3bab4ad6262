import { sha256 } from "../../lib/sha256.ts";
import type { TaskOwner } from "../../tool/tool.ts";

export interface ChildContext {
  readonly owner: TaskOwner;
  /** The context of the task that asks. */
  readonly contextId: string;
  /** Who asks. */
  readonly from: string;
  /** Who is asked. */
  readonly to: string;
  /** Parts conversations of the same two in the same context. */
  readonly key?: string;
}

/** The context of what one agent says to another: the same whenever it is asked for, and nobody else's. */
export function childContext({ owner, contextId, from, to, key = "" }: ChildContext): string {
  const name = JSON.stringify([owner.tenant, owner.owner, contextId, from, to, key]);
  return sha256(name, "hex").slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
