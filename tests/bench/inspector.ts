/** V8's inspector of another process (https://chromedevtools.github.io/devtools-protocol/v8/). */
export interface Inspector {
  /** Resolves with the method's result, which the caller has to parse. Throws if the inspector refuses or goes away. */
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

/** Connects to the `ws://` address that a process prints when it is started with --inspect. */
export async function connectInspector(address: string): Promise<Inspector> {
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
