import { isUnreachable } from "../../lib/unreachable.ts";
import { A2AError } from "../errors.ts";
import type { Operation } from "../operations.ts";
import type { ChosenInterface } from "./choose_interfaces.ts";
import type { Peer } from "./peer.ts";

/** One agent over all the interfaces that can be spoken. */
export interface Peers {
  /** Does `act` over the interface that worked last, or else over the others in the card's order (A2A v1 §8.3.2). */
  use<T>(operation: Operation, act: (peer: Peer) => Promise<T>): Promise<T>;
  close(): void;
}

/** `connect` makes a peer of an interface, once for each. */
export function fallback(
  interfaces: readonly ChosenInterface[],
  connect: (chosen: ChosenInterface) => Promise<Peer>,
): Peers {
  const peers = new Map<ChosenInterface, Promise<Peer>>();
  const peerAt = (chosen: ChosenInterface): Promise<Peer> => {
    const peer = peers.get(chosen) ?? connect(chosen);
    peers.set(chosen, peer);
    return peer;
  };
  let preferred = interfaces[0];
  return {
    async use(operation, act) {
      const order = interfaces.toSorted((a, b) => Number(b === preferred) - Number(a === preferred));
      const failures: unknown[] = [];
      for (const chosen of order) {
        try {
          const done = await act(await peerAt(chosen));
          preferred = chosen;
          return done;
        } catch (thrown) {
          failures.push(thrown);
          if (!mayGoElsewhere(operation, thrown)) throw thrown;
        }
      }
      throw allFailed(order, failures);
    },
    close: () => {
      for (const peer of peers.values()) peer.then(({ close }) => close(), () => {});
    },
  };
}

/** These change nothing, or nothing more when they are asked again. */
const REPEATABLE: ReadonlySet<Operation> = new Set<Operation>([
  "GetTask",
  "ListTasks",
  "CancelTask",
  "SubscribeToTask",
  "GetTaskPushNotificationConfig",
  "ListTaskPushNotificationConfigs",
  "DeleteTaskPushNotificationConfig",
  "GetExtendedAgentCard",
]);

/** A message that may have arrived is not sent a second time: only who was never reached was never asked. */
function mayGoElsewhere(operation: Operation, thrown: unknown): boolean {
  if (!(thrown instanceof A2AError) || thrown.reason !== "UNAVAILABLE") return false;
  return isUnreachable(thrown) || REPEATABLE.has(operation);
}

function allFailed(order: readonly ChosenInterface[], failures: readonly unknown[]): unknown {
  if (failures.length < 2) return failures[0];
  const tried = order.map(({ binding, url }) => `${binding} ${url}`).join(", ");
  return new A2AError("UNAVAILABLE", `Cannot reach the agent over any of its interfaces: ${tried}`, {
    cause: new AggregateError(failures),
  });
}
