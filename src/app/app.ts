import type { Config } from "../config/config.ts";
import { PLUGINS } from "../plugins.ts";
import type { AgentDirectory } from "../server/directory.ts";
import { PROCESS_TIMERS } from "../server/timers.ts";
import { failAbandoned } from "../task/fail_abandoned.ts";
import { createTaskService, type TaskService } from "../task/service.ts";
import { createAgent, createModel } from "./create_agent.ts";
import { createDirectory } from "./create_directory.ts";
import { pick } from "./pick.ts";
import type { Runtime } from "./runtime.ts";

/** One configuration, running. */
export interface App {
  readonly config: Config;
  /** By agent id, private ones too: for callers inside the process. */
  readonly services: ReadonlyMap<string, TaskService>;
  readonly directory: AgentDirectory;
  /** Takes up what an earlier process left open. Resolves with the number of tasks when the last of them has ended. */
  recover(): Promise<number>;
  /** Takes nothing new; what is under way may end until `deadline` aborts, then it stays open for recovery. */
  drain(deadline: AbortSignal): Promise<void>;
  /** Tells where the agents are reached over gRPC: their cards name it from then on. */
  announceGrpc(address: string): void;
  /** Frees what the agents held. */
  close(): void;
}

/** Config → App. Throws ModelError for a model that cannot be used, such as one without its key. */
export function buildApp(config: Config, runtime: Runtime): App {
  const models = new Map([...config.llms].map(([name, llm]) => [name, createModel(name, llm, runtime)]));
  const stores = new Map(
    [...config.document_stores].map(([name, { source, options }]) => [
      name,
      pick(PLUGINS.documentSources, source).create(options, {
        name,
        baseDir: config.base_dir,
        protectedPaths: runtime.protectedPaths,
      }),
    ]),
  );
  const services = new Map<string, TaskService>();
  for (const [id, agent] of config.agents) {
    const parts = { config, model: pick(models, agent.llm), stores, runtime };
    services.set(
      id,
      createTaskService({
        ...runtime,
        timers: PROCESS_TIMERS,
        agentId: id,
        agent: createAgent(agent, parts),
        repeatedMessages: config.server.a2a.repeated_messages,
      }),
    );
  }
  let grpcAddress: string | undefined;
  return {
    config,
    services,
    directory: createDirectory(config, services, { push: runtime.push, grpcAddress: () => grpcAddress }),
    recover: () => recover(services, runtime),
    drain: async (deadline) => {
      await Promise.all([...services.values()].map((service) => service.drain(deadline)));
    },
    announceGrpc: (address) => grpcAddress = address,
    close: () => {
      for (const store of stores.values()) store.close();
    },
  };
}

async function recover(services: ReadonlyMap<string, TaskService>, { store, holder, now, log, push }: Runtime) {
  const [, ...counts] = await Promise.all([
    push?.resume(),
    failAbandoned({ store, holder, now, log, agents: new Set(services.keys()) }),
    ...[...services.values()].map((service) => service.recover()),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}
