import { run } from "../../../conformance/tool_folder.ts";
import { debianFolder } from "./debian_folder.ts";
import { Service } from "./service.ts";
import { freePort } from "../../../lib/free_port.ts";

/** The path of etcd: the machine's, or Debian's unpacked. */
export async function findEtcd(): Promise<string> {
  const { code } = await run("sh", ["-c", "command -v etcd"]);
  return code === 0 ? "etcd" : `${await debianFolder("etcd", ["etcd-server"])}/usr/bin/etcd`;
}

export interface EtcdTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface EtcdServer {
  readonly service: Service;
  /** `host:port` */
  readonly endpoint: string;
  /** Calls the gateway: `call("kv/put", { key, value })`; texts of `key` and `value` are encoded. */
  call(method: string, body: Readonly<Record<string, unknown>>, token?: string): Promise<unknown>;
  put(key: string, value: string): Promise<unknown>;
  remove(key: string): Promise<unknown>;
}

/** A cluster of one, with its data in a folder of its own. With TLS it asks for certificates of clients. */
export async function startEtcd(program: string, tls?: EtcdTls): Promise<EtcdServer> {
  const [port, peerPort] = [freePort(), freePort()];
  const scheme = tls === undefined ? "http" : "https";
  const [url, peerUrl] = [`${scheme}://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  const client = tls === undefined ? undefined : Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(tls.ca)],
    cert: await Deno.readTextFile(tls.cert),
    key: await Deno.readTextFile(tls.key),
  });
  const options = {
    name: "one",
    "listen-client-urls": url,
    "advertise-client-urls": url,
    "listen-peer-urls": peerUrl,
    "initial-advertise-peer-urls": peerUrl,
    "initial-cluster": `one=${peerUrl}`,
    // Elections of one member need no patience.
    "heartbeat-interval": "10",
    "election-timeout": "100",
    logger: "zap",
    "log-level": "error",
    ...(tls && { "cert-file": tls.cert, "key-file": tls.key, "trusted-ca-file": tls.ca }),
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const send = async (path: string, init: RequestInit) => {
    const answer = await fetch(`${url}${path}`, { ...init, ...(client && { client }) });
    return { ok: answer.ok, body: await answer.json() };
  };
  const service = new Service(
    await Deno.makeTempDir(),
    (folder) =>
      new Deno.Command(program, {
        args: [...args, ...(tls ? ["--client-cert-auth"] : []), "--unsafe-no-fsync", "--data-dir", folder],
        stdout: "null",
        stderr: "null",
      }),
    () => send("/health", {}).then(({ body }) => body.health === "true", () => false),
  );
  await service.start();
  const call = async (method: string, { key, value, ...rest }: Readonly<Record<string, unknown>>, token?: string) => {
    const body = JSON.stringify({ ...rest, ...encoded({ key, value }) });
    const headers = token === undefined ? undefined : { authorization: token };
    const answer = await send(`/v3/${method}`, { method: "POST", body, ...(headers && { headers }) });
    if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    service,
    endpoint: `127.0.0.1:${port}`,
    call,
    put: (key, value) => call("kv/put", { key, value }),
    remove: (key) => call("kv/deleterange", { key }),
  };
}

function encoded(texts: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(texts).filter(([, text]) => typeof text === "string")
      .map(([name, text]) => [name, new TextEncoder().encode(String(text)).toBase64()]),
  );
}
