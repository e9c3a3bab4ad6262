import { grpcPeer } from "./grpc_peer.ts";
import { jsonRpcPeer, restPeer } from "./http_peers.ts";
import { inProcessPeer } from "./in_process_peer.ts";
import type { Live } from "./live_server.ts";
import type { BindingName, Peer, Version } from "./peer.ts";
import { SPELLINGS } from "./spelling.ts";
import { webSocketPeer } from "./websocket_peer.ts";

/** Every binding, and the service itself. */
export const PEERS: readonly [BindingName, (live: Live, version: Version) => Peer][] = [
  ["in process", ({ service }, version) => inProcessPeer(service, version)],
  ["JSON-RPC", ({ address }, version) => jsonRpcPeer(address, SPELLINGS[version])],
  ["REST", ({ address }, version) => restPeer(address, SPELLINGS[version])],
  ["gRPC", ({ address }, version) => grpcPeer(address, SPELLINGS[version])],
  ["WebSocket", ({ address }, version) => webSocketPeer(address, SPELLINGS[version])],
];
