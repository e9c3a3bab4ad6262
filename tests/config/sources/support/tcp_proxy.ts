export interface TcpProxy extends AsyncDisposable {
  /** `host:port` */
  readonly endpoint: string;
  readonly port: number;
  /** How many connections came. */
  readonly count: number;
  /** Ends all connections now. */
  cut(): void;
}

/** Passes connections on, over TLS when it is given a certificate; or takes them and says nothing, without a target. */
export function tcpProxy(target: number | undefined, tls?: { readonly cert: string; readonly key: string }): TcpProxy {
  const at = { hostname: "127.0.0.1", port: 0 };
  const listener = tls === undefined ? Deno.listen(at) : Deno.listenTls({ ...at, ...tls });
  const open = new Set<Disposable>();
  let count = 0;
  const splice = async (inner: Deno.Conn) => {
    open.add(inner);
    if (target === undefined) return;
    const outer = await Deno.connect({ hostname: "127.0.0.1", port: target });
    open.add(outer);
    const close = () => {
      for (const side of [inner, outer]) {
        side[Symbol.dispose]();
        open.delete(side);
      }
    };
    await Promise.all([inner.readable.pipeTo(outer.writable), outer.readable.pipeTo(inner.writable)]).then(
      close,
      close,
    );
  };
  const accepting = (async () => {
    for await (const inner of listener) {
      count++;
      splice(inner).catch(() => inner[Symbol.dispose]());
    }
  })();
  const cut = () => {
    for (const side of open) side[Symbol.dispose]();
    open.clear();
  };
  return {
    endpoint: `127.0.0.1:${listener.addr.port}`,
    port: listener.addr.port,
    get count() {
      return count;
    },
    cut,
    async [Symbol.asyncDispose]() {
      listener.close();
      cut();
      await accepting.catch(() => {});
    },
  };
}
