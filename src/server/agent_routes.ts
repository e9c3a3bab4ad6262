import { jsonRpcHandler } from "../a2a/bindings/jsonrpc.ts";
import type { Face } from "./face.ts";
import { finder } from "./find_target.ts";
import { methodsAt } from "./methods_at.ts";
import { createRestFallback, type RestFallbackDeps } from "./rest_fallback.ts";
import { addToolCallRoutes } from "./tool_call_routes.ts";
import type { WebSockets } from "./websocket.ts";

export interface AgentRoutesOptions extends RestFallbackDeps {
  readonly sockets: WebSockets;
}

/** Where JSON-RPC is answered. */
const RPC_PATHS = ["/agents/:agent", "/v1/agents/:agent", "/", "/rpc"];

/** Where a WebSocket may be opened. */
const SOCKET_PATHS = [
  "/ws",
  ...["/v1/agents", "/agents"].flatMap((prefix) => [`${prefix}/:agent/ws`, `${prefix}/:agent/stream`]),
];

/** From here on what is thrown at a request of JSON-RPC is told in its terms. */
export function markRpc(app: Face): void {
  for (const path of RPC_PATHS) {
    app.post(path, async (context, next) => {
      context.set("isRpc", true);
      await next();
    });
  }
}

/** The operations of agents over JSON-RPC, WebSocket and REST. The last of these takes every path that is left. */
export function addAgentRoutes(app: Face, options: AgentRoutesOptions): void {
  const rpc = jsonRpcHandler(options.bindings);
  for (const path of RPC_PATHS) {
    app.post(path, ({ req, var: { identity } }) => {
      const asked = { request: req.raw, identity };
      return rpc(req.raw, finder(asked, req.param("agent"), options));
    });
  }
  for (const path of SOCKET_PATHS) {
    app.get(path, ({ req, var: { identity } }) => {
      const find = (request: Request) => finder({ request, identity }, req.param("agent"), options);
      return options.sockets.upgrade(req.raw, find);
    });
  }
  addToolCallRoutes(app, options);
  const rest = createRestFallback({ ...options, methodsAt: (pathname) => methodsAt(app.routes, pathname) });
  app.all("*", ({ req, var: { identity } }) => rest({ request: req.raw, identity }));
}
