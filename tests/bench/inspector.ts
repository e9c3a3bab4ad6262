import { z } from "zod";

/** V8's inspector of another process (https://chromedevtools.github.io/devtools-protocol/v8/). */
export interface Inspector {
  /** Resolves with the method's result, which the caller has to parse. Throws if the inspector refuses or goes away. */
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

const Targets = z.array(z.object({ webSocketDebuggerUrl: z.string() })).min(1);

/** Connects to a process on this machine that was started with `--inspect=127.0.0.1:port`. */
export async function connectInspector(port: number): Promise<Inspector> {
  const targets = await fetch(`http://127.0.0.1:${port}/json`);
  const [target] = Targets.parse(await targets.json());
  const address = target?.webSocketDebuggerUrl ?? "";
  const socket = new WebSocket(address);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let nextId = 1;
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error(`Cannot reach the inspector at ${address}`));
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error("The inspector went away"));
  };
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(`The inspector refused: ${error.message}`));
    waiting.delete(id);
  };
  await opened.promise;
  return {
    call: (method, params = {}) => {
      const id = nextId++;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ id, method, params }));
      return answer.promise;
    },
    close: () => socket.close(),
  };
}
