import type { ChosenInterface } from "./choose_interfaces.ts";
import { jsonRpcWire } from "./jsonrpc_wire.ts";
import type { PeerNetwork } from "./peer_network.ts";
import type { PeerWire } from "./peer_wire.ts";
import { restWire } from "./rest_wire.ts";

/** The binding of an interface. Throws A2AError INVALID_AGENT_RESPONSE for a URL that is none. */
export async function createWire(chosen: ChosenInterface, network: PeerNetwork): Promise<PeerWire> {
  const { openBytes } = network;
  switch (chosen.binding) {
    case "jsonrpc":
      return jsonRpcWire(chosen, network);
    case "rest":
      return restWire(chosen, network);
    case "grpc": {
      if (openBytes === undefined) {
        throw new TypeError("gRPC was chosen, and there is nothing to open connections with");
      }
      // Loaded by who speaks it: most clients never do.
      const { grpcWire } = await import("./grpc_wire.ts");
      return await grpcWire(chosen, { ...network, openBytes });
    }
  }
}
