/** A provider's server, byte by byte: what it gets, it keeps; what it answers, the test writes. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly bodies: unknown[];
  readonly headers: Headers[];
  readonly paths: string[];
}

export type Answer = (request: Request, count: number) => Response | Promise<Response>;

export function rawServer(answer: Answer): RawServer {
  const bodies: unknown[] = [];
  const headers: Headers[] = [];
  const paths: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    headers.push(request.headers);
    paths.push(new URL(request.url).pathname);
    bodies.push(await request.json());
    return await answer(request, bodies.length);
  });
  const host = `127.0.0.1:${server.addr.port}`;
  return { url: `http://${host}`, host, bodies, headers, paths, [Symbol.asyncDispose]: () => server.shutdown() };
}

const SSE = { "content-type": "text/event-stream" };

/** A stream of these frames that ends cleanly behind them. */
export function sse(...frames: string[]): Response {
  return new Response(frames.join(""), { headers: SSE });
}

/** A stream of these frames that then hangs; `left` is called when the client goes away. */
export function hanging(frames: readonly string[], left: () => void = () => {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(`\n${frames.join("")}`)),
    cancel: left,
  });
  return new Response(body, { headers: SSE });
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

export interface TcpServer extends AsyncDisposable {
  readonly url: string;
  readonly count: () => number;
}

/** A server without HTTP of its own: `answer` gets the connection once a whole request has come, and may break it. */
export function tcpServer(answer: (connection: Deno.TcpConn, count: number) => Promise<void>): TcpServer {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let count = 0;
  const serve = async () => {
    for await (const connection of listener) {
      await readRequest(connection);
      await answer(connection, ++count);
      connection.close();
    }
  };
  const served = serve();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    count: () => count,
    [Symbol.asyncDispose]: () => {
      listener.close();
      return served;
    },
  };
}

async function readRequest(connection: Deno.TcpConn): Promise<void> {
  let text = "";
  while (!isWhole(text)) {
    const buffer = new Uint8Array(65_536);
    const read = await connection.read(buffer);
    if (read === null) return;
    text += new TextDecoder().decode(buffer.subarray(0, read));
  }
}

function isWhole(text: string): boolean {
  const [head = "", body] = text.split("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(head)?.[1] ?? "0";
  return body !== undefined && body.length >= Number(length);
}

/** The head of a stream and these frames, with more announced than comes. */
export async function writeStream(connection: Deno.TcpConn, ...frames: string[]): Promise<void> {
  const chunk = (text: string) => `${new TextEncoder().encode(text).length.toString(16)}\r\n${text}\r\n`;
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  await connection.write(new TextEncoder().encode(head + frames.map(chunk).join("")));
}

/** The same, whole. */
export async function writeWhole(connection: Deno.TcpConn, ...frames: string[]): Promise<void> {
  await writeStream(connection, ...frames);
  await connection.write(new TextEncoder().encode("0\r\n\r\n"));
}
