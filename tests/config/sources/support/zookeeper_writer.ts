import { JuteReader, JuteWriter } from "../../../../src/config/sources/zookeeper_client/jute.ts";
import { frames } from "../../../../src/config/sources/zookeeper_client/frames.ts";

const OP = { create: 1, delete: 2, setData: 5, auth: 100 };
const ALL_PERMISSIONS = 31;

/** A client that changes nodes. Without a scheme they are open to the world. */
export interface ZooKeeperWriter extends Disposable {
  create(path: string, text: string, scheme?: "auth"): Promise<void>;
  set(path: string, text: string | Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}

export async function zookeeperWriter(port: number, user?: string): Promise<ZooKeeperWriter> {
  const link = await Deno.connect({ hostname: "127.0.0.1", port });
  const writer = link.writable.getWriter();
  const answers = frames(link.readable);
  let xid = 0;
  const send = async (message: JuteWriter) => {
    await writer.write(message.frame());
    const { value } = await answers.next();
    if (value === undefined) throw new Error("ZooKeeper hung up");
    return new JuteReader(value);
  };
  const ask = async (op: number, fill: (message: JuteWriter) => JuteWriter, id = ++xid) => {
    const answer = await send(fill(new JuteWriter().int(id).int(op)));
    answer.int();
    answer.long();
    const code = answer.int();
    if (code !== 0) throw new Error(`ZooKeeper answers ${op} with ${code}`);
  };
  const bytes = (text: string | Uint8Array) => typeof text === "string" ? new TextEncoder().encode(text) : text;
  await send(new JuteWriter().int(0).long(0n).int(30_000).long(0n).buffer(new Uint8Array(16)).bool(false));
  if (user !== undefined) await ask(OP.auth, (message) => message.int(0).text("digest").text(user), -4);
  return {
    create: (path, text, scheme) =>
      ask(OP.create, (message) => {
        const node = message.text(path).buffer(bytes(text)).int(1).int(ALL_PERMISSIONS);
        return (scheme === undefined ? node.text("world").text("anyone") : node.text(scheme).text("")).int(0);
      }),
    set: (path, text) => ask(OP.setData, (message) => message.text(path).buffer(bytes(text)).int(-1)),
    remove: (path) => ask(OP.delete, (message) => message.text(path).int(-1)),
    [Symbol.dispose]: () => link[Symbol.dispose](),
  };
}
