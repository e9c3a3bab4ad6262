import assert from "node:assert/strict";
import { deserializeMessage, type JSONRPCMessage } from "@modelcontextprotocol/client";
import { Secret } from "../../../src/lib/secret.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { StdioTransport } from "../../../src/tool/mcp/stdio_transport.ts";

interface Opened {
  readonly transport: StdioTransport;
  readonly messages: JSONRPCMessage[];
  readonly errors: string[];
  readonly closed: Promise<void>;
}

async function open(script: string, env: Record<string, string> = {}, maxBytes = 10_000): Promise<Opened> {
  const spec = {
    kind: "program",
    command: "/bin/sh",
    args: ["-c", script],
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, new Secret(value)])),
    cwd: "/",
  } as const;
  const surroundings = new Map([["PATH", Deno.env.get("PATH") ?? ""], ["OPENAI_API_KEY", "canary"], [
    "HOME",
    "/home/x",
  ]]);
  const transport = new StdioTransport(spec, {
    env: (name) => surroundings.get(name),
    timers: PROCESS_TIMERS,
    maxBytes,
    parse: deserializeMessage,
  });
  const messages: JSONRPCMessage[] = [];
  const errors: string[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  transport.onmessage = (message) => void messages.push(message);
  transport.onerror = ({ message }) => void errors.push(message);
  transport.onclose = resolve;
  await transport.start();
  return { transport, messages, errors, closed };
}

const notice = (method: string) => `{"jsonrpc":"2.0","method":"${method}"}`;

Deno.test("StdioTransport reads a message a line, and passes over what is none", async () => {
  const { messages, errors, closed } = await open(
    `printf '%s\\n\\nhello\\n%s\\n' '${notice("a")}' '${notice("b")}'; printf '%s' '${notice("cut")}'`,
  );
  await closed;
  assert.deepEqual(messages, [{ jsonrpc: "2.0", method: "a" }, { jsonrpc: "2.0", method: "b" }]);
  assert.deepEqual(errors, ["The server printed a line that is no message"]);
});

Deno.test("StdioTransport writes a message a line", async () => {
  const { transport, messages, closed } = await open("head -n 2");
  await transport.send({ jsonrpc: "2.0", method: "é\nx" });
  await transport.send({ jsonrpc: "2.0", method: "second" });
  await closed;
  assert.deepEqual(messages.map((message) => "method" in message && message.method), ["é\nx", "second"]);
});

Deno.test("StdioTransport gives a program what it needs of our environment, and what is configured", async () => {
  const { messages, closed } = await open(
    `printf '{"jsonrpc":"2.0","method":"env","params":{"names":"%s","token":"%s"}}\\n' "$(env | cut -d= -f1 | sort | tr '\\n' ' ')" "$TOKEN"`,
    { TOKEN: "given" },
  );
  await closed;
  const [message] = messages;
  assert.ok(message !== undefined && "params" in message);
  const { names, token } = Object(message.params);
  assert.equal(token, "given");
  // What a shell sets for itself is not ours.
  assert.deepEqual(names.trim().split(" ").filter((name: string) => !/^(PWD|OLDPWD|SHLVL|_)$/.test(name)), [
    "HOME",
    "PATH",
    "TOKEN",
  ]);
});

Deno.test("StdioTransport ends a program whose message is too long", async () => {
  const { transport, errors, closed } = await open("yes | tr -d '\\n' & cat");
  await closed;
  assert.deepEqual(errors, ["The server sends a message of more than 10000 bytes (max_output_bytes)"]);
  assert.equal(transport.lastWords?.message, errors[0]);
  assert.equal(transport.pid, null);
});

Deno.test("StdioTransport keeps the end of what a program says of itself", async () => {
  const { transport, closed } = await open(`yes noise | head -n 5000 >&2; echo "no such module" >&2; exit 3`);
  await closed;
  const { message = "" } = transport.lastWords ?? {};
  assert.match(message, /^The server's program says: [^]*noise\nno such module$/);
  assert.ok(message.length <= 2100);
});

Deno.test("StdioTransport ends a program by closing its input", async () => {
  const { transport, closed } = await open("cat >/dev/null; exit 0");
  await transport.close();
  await closed;
});

Deno.test("StdioTransport ends a program that will not, and its children", async () => {
  const { transport, messages, closed } = await open(
    `trap '' TERM; sleep 600 & printf '{"jsonrpc":"2.0","method":"%s"}\\n' $!; wait; sleep 600`,
  );
  while (messages.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  const [message] = messages;
  const child = Number(message !== undefined && "method" in message ? message.method : NaN);
  assert.ok(isAlive(child));
  await transport.close();
  await closed;
  assert.ok(!isAlive(child));
});

Deno.test("StdioTransport has ended with its program, though a daemon that it left behind holds its output", async () => {
  // The daemon tells its number when it has left the program's group, and only then does the program end.
  const { messages, transport, closed } = await open(
    `setsid sh -c 'printf "{\\"jsonrpc\\":\\"2.0\\",\\"method\\":\\"%s\\"}\\n" $$; exec sleep 600' &
    head -n 1 > /dev/null; echo "I leave" >&2`,
  );
  while (messages.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  await transport.send({ jsonrpc: "2.0", method: "go" });
  await closed;
  const [message] = messages;
  const daemon = Number(message !== undefined && "method" in message ? message.method : NaN);
  assert.ok(isAlive(daemon));
  Deno.kill(daemon, "SIGKILL");
  assert.equal(transport.lastWords?.message, "The server's program says: I leave");
  await assert.rejects(transport.send({ jsonrpc: "2.0", method: "a" }), /is not running/);
});

Deno.test("StdioTransport.start() rejects for a program that is not there", async () => {
  const spec = { kind: "program", command: "/no/such/program", args: [], env: {}, cwd: "/" } as const;
  const deps = { env: () => undefined, timers: PROCESS_TIMERS, maxBytes: 1, parse: deserializeMessage };
  await assert.rejects(async () => await new StdioTransport(spec, deps).start(), /no\/such\/program|No such file/);
});

Deno.test("StdioTransport.send() rejects when the program has ended", async () => {
  const { transport, closed } = await open("exit 0");
  await closed;
  await assert.rejects(transport.send({ jsonrpc: "2.0", method: "a" }), /is not running/);
  await transport.close();
});

function isAlive(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/\) Z /.test(stat);
  } catch {
    return false;
  }
}
