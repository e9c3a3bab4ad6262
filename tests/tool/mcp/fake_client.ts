import type { CallToolRequestOptions, CallToolResult, Client } from "@modelcontextprotocol/client";

export interface FakeCall {
  readonly name: string;
  readonly options: CallToolRequestOptions;
  readonly params: unknown;
}

export interface FakeServer {
  readonly client: Client;
  readonly calls: FakeCall[];
  /** Ends the call of a tool. */
  end(name: string, result?: CallToolResult): void;
  fail(name: string, error: Error): void;
}

/** The one operation of a client that calls need; a test says when it ends. */
export function fakeServer(): FakeServer {
  const calls: FakeCall[] = [];
  const open = new Map<string, PromiseWithResolvers<CallToolResult>>();
  const callTool: Client["callTool"] = (params, options = {}) => {
    calls.push({ name: params.name, options, params });
    const ending = Promise.withResolvers<CallToolResult>();
    open.set(params.name, ending);
    options.signal?.addEventListener("abort", () => ending.reject(new Error(`aborted: ${options.signal?.reason}`)));
    return ending.promise;
  };
  return {
    client: fakeClient({ callTool }),
    calls,
    end: (name, result = { content: [] }) => open.get(name)?.resolve(result),
    fail: (name, error) => open.get(name)?.reject(error),
  };
}

/** A client of which only these operations work. */
export function fakeClient(operations: object): Client {
  const client: unknown = operations;
  assertClient(client);
  return client;
}

function assertClient(client: unknown): asserts client is Client {
  if (typeof client !== "object") throw new TypeError("no client");
}
