import { A2AError } from "../errors.ts";
import type { Call } from "../service.ts";
import type { A2AClient } from "./create_client.ts";

/**
 * The agent at the first of these places at which there is one: a server may keep its agents below other paths than the one
 * that people know it by. Looked for at the first call; a failure is not kept.
 */
export function foundClient(places: readonly string[], connect: (place: string) => A2AClient): A2AClient {
  let found: A2AClient | undefined;
  const find = async (signal: AbortSignal) => found ??= await findClient(places, connect, signal);
  const at = (call: Call) => find(call.signal);
  return {
    card: async (signal) => await (await find(signal)).card(signal),
    close: () => found?.close(),
    sendMessage: async (request, call) => await (await at(call)).sendMessage(request, call),
    sendStreamingMessage: async function* (request, call) {
      yield* (await at(call)).sendStreamingMessage(request, call);
    },
    subscribeToTask: async function* (request, call) {
      yield* (await at(call)).subscribeToTask(request, call);
    },
    getTask: async (request, call) => await (await at(call)).getTask(request, call),
    listTasks: async (request, call) => await (await at(call)).listTasks(request, call),
    cancelTask: async (request, call) => await (await at(call)).cancelTask(request, call),
    createTaskPushNotificationConfig: async (config, call) =>
      await (await at(call)).createTaskPushNotificationConfig(config, call),
    getTaskPushNotificationConfig: async (request, call) =>
      await (await at(call)).getTaskPushNotificationConfig(request, call),
    listTaskPushNotificationConfigs: async (request, call) =>
      await (await at(call)).listTaskPushNotificationConfigs(request, call),
    deleteTaskPushNotificationConfig: async (request, call) =>
      await (await at(call)).deleteTaskPushNotificationConfig(request, call),
    getExtendedAgentCard: async (request, call) => await (await at(call)).getExtendedAgentCard(request, call),
  };
}

async function findClient(places: readonly string[], connect: (place: string) => A2AClient, signal: AbortSignal) {
  let missing: unknown;
  for (const place of places) {
    const client = connect(place);
    try {
      await client.card(signal);
      return client;
    } catch (thrown) {
      client.close();
      if (!(thrown instanceof A2AError) || thrown.reason !== "AGENT_NOT_FOUND") throw thrown;
      missing = thrown;
    }
  }
  throw missing;
}

/**
 * Where an agent may be that somebody knows by `url`. On a hector server agents have ids; `named` is one that was asked for,
 * `own` one that would fit.
 */
export function agentPlaces(url: string, { named, own }: { readonly named: string | undefined; readonly own: string }) {
  const base = url.replace(/\/+$/, "");
  if (/\.json$|\/agents\/[^/]+$/.test(base)) return [base];
  const root = base.replace(/\/v1$/, "");
  const below = [`${root}/v1/agents/${named ?? own}`];
  return named === undefined ? [...new Set([...below, base, root])] : below;
}
