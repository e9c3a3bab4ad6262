import { A2AError } from "../a2a/errors.ts";
import type { A2AService, Caller } from "../a2a/service.ts";
import { timeOfId } from "../lib/ids.ts";
import type { JsonObject } from "../lib/json.ts";
import { isSettled } from "../store/fold.ts";
import { Conflict, type Owner, type Scope, type Store, type StoredTask } from "../store/store.ts";
import { mergeSessions } from "./merge_sessions.ts";

export interface SessionsDeps {
  readonly store: Store;
  /** By agent id. */
  readonly services: ReadonlyMap<string, Pick<A2AService, "cancelTask">>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDv7: sessions are listed in the order of their ids. */
  readonly newId: () => string;
}

/** A context as its owner sees it; who serves sessions (server/sessions.ts) names the same members. */
export interface ContextSession {
  readonly id: string;
  readonly agent: string;
  readonly createdAt: string;
  readonly metadata: JsonObject;
}

/** Which of a caller's sessions: with these agents, behind a session of this id, at most so many. */
export interface SessionQuery {
  readonly agents: readonly string[];
  readonly after?: string | undefined;
  readonly limit: number;
}

function ownerOf({ tenant, subject }: Caller): Owner {
  return { tenant, owner: subject };
}

/** Contexts under the name of sessions, over all agents. */
export function createSessions({ store, services, now, newId }: SessionsDeps) {
  return {
    create: async (
      { agent, metadata }: Pick<ContextSession, "agent" | "metadata">,
      caller: Caller,
    ): Promise<ContextSession> => {
      const session = { id: newId(), agent, metadata, createdAt: new Date(now()).toISOString() };
      await store.contexts.put({ ...ownerOf(caller), ...session });
      return session;
    },
    get: async ({ id, agents }: { id: string; agents: readonly string[] }, caller: Caller) => {
      const owner = ownerOf(caller);
      const created = await store.contexts.get(owner, id);
      if (created !== undefined && agents.includes(created.agent)) return created;
      return await madeByMessages(store, agents, { owner, id });
    },
    list: async ({ agents, after, limit }: SessionQuery, caller: Caller) => {
      const owner = ownerOf(caller);
      const made = agents.map((agent) => openedBy(store.contexts.openings({ ...owner, agent }, after)));
      const created = createdFor(agents, store.contexts.list(owner, after));
      const found = await mergeSessions<ContextSession>([created, ...made], limit + 1);
      const sessions = found.slice(0, limit);
      return { sessions, next: found.length > limit ? sessions.at(-1)?.id : undefined };
    },
    delete: async ({ id, agent }: Pick<ContextSession, "id" | "agent">, caller: Caller): Promise<void> => {
      const scope = { ...ownerOf(caller), agent };
      const service = services.get(agent);
      if (service !== undefined) await cancelOpen(store, scope, { id, service, caller });
      try {
        await store.contexts.delete(scope, id);
      } catch (thrown) {
        if (!(thrown instanceof Conflict)) throw thrown;
        throw new A2AError("UNSUPPORTED_OPERATION", `Cannot delete session "${id}": a task of it is under way`, {
          cause: thrown,
        });
      }
    },
  };
}

async function* createdFor(agents: readonly string[], contexts: AsyncIterable<ContextSession>) {
  for await (const context of contexts) if (agents.includes(context.agent)) yield context;
}

async function* openedBy(openings: AsyncIterable<StoredTask>) {
  for await (const first of openings) yield sessionOf(first);
}

/** A context that nobody began by name is as old as the first message in it. */
function sessionOf({ ref, agent, task: { contextId = "", status } }: StoredTask): ContextSession {
  const bornMs = timeOfId(ref.id);
  const createdAt = bornMs === undefined ? status.timestamp ?? "" : new Date(bornMs).toISOString();
  return { id: contextId, agent, createdAt, metadata: {} };
}

async function madeByMessages(
  store: Store,
  agents: readonly string[],
  { owner, id }: { readonly owner: Owner; readonly id: string },
): Promise<ContextSession | undefined> {
  for (const agent of agents) {
    const tasks = await Array.fromAsync(store.contexts.tasks({ ...owner, agent }, id));
    const oldest = tasks.at(-1);
    if (oldest !== undefined) return sessionOf(oldest);
  }
  return undefined;
}

interface Ending {
  readonly id: string;
  readonly service: Pick<A2AService, "cancelTask">;
  readonly caller: Caller;
}

/** What runs in a session that is to be deleted has nobody to run for. */
async function cancelOpen(store: Store, scope: Scope, { id, service, caller }: Ending): Promise<void> {
  for await (const { ref, task } of store.contexts.tasks(scope, id)) {
    if (isSettled(task.status.state)) continue;
    try {
      await service.cancelTask({ id: ref.id }, { caller, extensions: [], signal: new AbortController().signal });
    } catch (thrown) {
      // It came to its end by itself meanwhile.
      if (!(thrown instanceof A2AError) || thrown.reason !== "TASK_NOT_CANCELABLE") throw thrown;
    }
  }
}
