import type { AgentCapabilities, AgentCard } from "./card/card_types.ts";
import { A2AError } from "./errors.ts";
import { requireExtensions } from "./extensions.ts";
import type { A2AService, Call, Numbered } from "./service.ts";
import type { StreamResponse } from "./types.ts";

/** What an agent's card says that it takes. */
export interface Offer {
  readonly capabilities: AgentCapabilities;
  /** Absent where the capability is declared but no extended card is configured. */
  readonly extendedCard?: (() => AgentCard) | undefined;
  /** Whether callers prove who they are: then nobody else sees the extended card. */
  readonly authenticates: boolean;
}

type Stream = AsyncIterable<Numbered<StreamResponse>>;

/**
 * A service that keeps to its card (A2A v1 §3.3.4): what is not declared is not done, and no call is taken without the
 * extensions that are required. Push notifications are refused by the service itself.
 */
export function offeredService(service: A2AService, offer: Offer): A2AService {
  const { capabilities } = offer;
  const unary =
    <Request, Response>(ask: (request: Request, call: Call) => Promise<Response>) =>
    async (request: Request, call: Call): Promise<Response> => {
      requireExtensions(call.extensions, capabilities);
      return await ask(request, call);
    };
  const streaming =
    <Request>(ask: (request: Request, call: Call) => Stream) => (request: Request, call: Call): Stream => {
      try {
        requireExtensions(call.extensions, capabilities);
        requireStreaming(capabilities);
      } catch (thrown) {
        return failing(thrown);
      }
      return ask(request, call);
    };
  return {
    sendMessage: unary((request, call) => service.sendMessage(request, call)),
    sendStreamingMessage: streaming((request, call) => service.sendStreamingMessage(request, call)),
    subscribeToTask: streaming((request, call) => service.subscribeToTask(request, call)),
    getTask: unary((request, call) => service.getTask(request, call)),
    listTasks: unary((request, call) => service.listTasks(request, call)),
    cancelTask: unary((request, call) => service.cancelTask(request, call)),
    createTaskPushNotificationConfig: unary((request, call) => service.createTaskPushNotificationConfig(request, call)),
    getTaskPushNotificationConfig: unary((request, call) => service.getTaskPushNotificationConfig(request, call)),
    listTaskPushNotificationConfigs: unary((request, call) => service.listTaskPushNotificationConfigs(request, call)),
    deleteTaskPushNotificationConfig: unary((request, call) => service.deleteTaskPushNotificationConfig(request, call)),
    getExtendedAgentCard: unary((_request, call) => Promise.resolve(extendedCard(offer, call))),
  };
}

function requireStreaming({ streaming }: AgentCapabilities): void {
  if (streaming === true) return;
  throw new A2AError("UNSUPPORTED_OPERATION", "Cannot stream: this agent answers in one piece, as its card says");
}

/** A2A v1 §3.1.11. */
function extendedCard({ capabilities, extendedCard, authenticates }: Offer, { caller }: Call): AgentCard {
  if (capabilities.extendedAgentCard !== true) {
    throw new A2AError("UNSUPPORTED_OPERATION", "This agent has no extended card");
  }
  if (authenticates && caller.anonymous) {
    throw new A2AError("UNAUTHENTICATED", "Cannot show the extended card to a stranger: say who you are");
  }
  if (extendedCard === undefined) {
    throw new A2AError("EXTENDED_AGENT_CARD_NOT_CONFIGURED", "This agent's extended card is not configured");
  }
  return extendedCard();
}

/** A stream's errors are told by its first `next()`, as those of every service. */
function failing(thrown: unknown): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }) };
}
