import type { AgentCard } from "../card/card_types.ts";
import { userMessage } from "../parts.ts";
import { ANONYMOUS, type Call, type Numbered } from "../service.ts";
import type {
  ListTasksRequest,
  ListTasksResponse,
  Message,
  Part,
  SendMessageConfiguration,
  SendMessageResponse,
  StreamResponse,
  Task,
} from "../types.ts";
import type { A2AClient } from "./create_client.ts";

/** What is said to an agent: a text, parts of a message, or a message of one's own. */
export type Said = string | readonly Part[] | Message;

export interface AskOptions {
  /** Calls the operation off; the task goes on. */
  readonly signal?: AbortSignal;
  /** URIs of the extensions that are asked for. */
  readonly extensions?: readonly string[];
}

export interface SayOptions extends AskOptions {
  /** The conversation that this belongs to. */
  readonly contextId?: string;
  /** The task that this answers. */
  readonly taskId?: string;
  readonly configuration?: SendMessageConfiguration;
}

/** A remote agent for people who write programs: the usual questions in few words, and all of A2A below `service`. */
export interface AgentClient extends AsyncDisposable {
  card(options?: AskOptions): Promise<AgentCard>;
  /** Waits until the agent is done, or needs an answer. */
  send(said: Said, options?: SayOptions): Promise<SendMessageResponse>;
  /** The events of the agent's turn as they come, across connections that break. */
  stream(said: Said, options?: SayOptions): AsyncIterable<Numbered<StreamResponse>>;
  getTask(id: string, options?: AskOptions & { readonly historyLength?: number }): Promise<Task>;
  listTasks(filter?: ListTasksRequest, options?: AskOptions): Promise<ListTasksResponse>;
  cancelTask(id: string, options?: AskOptions): Promise<Task>;
  /** The events of a task from now on, or from behind the number `afterSeq`. */
  watchTask(id: string, options?: AskOptions & { readonly afterSeq?: number }): AsyncIterable<Numbered<StreamResponse>>;
  /** Every operation of A2A, as the specification has it. */
  readonly service: A2AClient;
  /** Lets go of connections. */
  close(): void;
}

export interface AgentClientDeps {
  /** Names messages, so that one that is sent twice is taken once. */
  readonly newId: () => string;
}

export function createAgentClient(service: A2AClient, { newId }: AgentClientDeps): AgentClient {
  const request = (said: Said, { contextId, taskId, configuration }: SayOptions) => {
    const ids = {
      messageId: newId(),
      ...(contextId === undefined ? {} : { contextId }),
      ...(taskId === undefined ? {} : { taskId }),
    };
    return { message: messageOf(said, ids), ...(configuration === undefined ? {} : { configuration }) };
  };
  return {
    service,
    card: (options = {}) => service.card(callOf(options).signal),
    send: (said, options = {}) => service.sendMessage(request(said, options), callOf(options)),
    stream: (said, options = {}) => service.sendStreamingMessage(request(said, options), callOf(options)),
    getTask: (id, options = {}) => {
      const { historyLength } = options;
      return service.getTask({ id, ...(historyLength === undefined ? {} : { historyLength }) }, callOf(options));
    },
    listTasks: (filter = {}, options = {}) => service.listTasks(filter, callOf(options)),
    cancelTask: (id, options = {}) => service.cancelTask({ id }, callOf(options)),
    watchTask: (id, options = {}) => {
      const { afterSeq } = options;
      return service.subscribeToTask({ id }, { ...callOf(options), ...(afterSeq === undefined ? {} : { afterSeq }) });
    },
    close: () => service.close(),
    [Symbol.asyncDispose]: () => Promise.resolve(service.close()),
  };
}

type Ids = Parameters<typeof userMessage>[1];

function messageOf(said: Said, ids: Ids): Message {
  if (typeof said === "string") return userMessage(said, ids);
  // A message of one's own keeps its id: sent again, it is the same message.
  return "messageId" in said ? { ...ids, ...said } : { ...ids, role: "ROLE_USER", parts: [...said] };
}

function callOf({ signal, extensions = [] }: AskOptions): Call {
  return { signal: signal ?? new AbortController().signal, caller: ANONYMOUS, extensions };
}
