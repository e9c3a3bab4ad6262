// A client of gRPC in Node, on @grpc/grpc-js: started by grpc_peers.ts with the folder of its packages, the folder of the
// definitions, the server's port and the scenario's name. Prints one line of JSON.
import { createRequire } from "node:module";

const [packages, definitions, port, scenario, argument = ""] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const load = (file) =>
  grpc.loadPackageDefinition(
    loader.loadSync(file, {
      includeDirs: [definitions],
      keepCase: false,
      longs: String,
      enums: String,
      oneofs: true,
    }),
  );
const address = `127.0.0.1:${port}`;
const credentials = grpc.credentials.createInsecure();
const options = { "grpc.max_receive_message_length": 32 << 20, "grpc.max_send_message_length": 32 << 20 };
const v1 = () => new (load("lf/a2a/v1/a2a.proto").lf.a2a.v1.A2AService)(address, credentials, options);
const v03 = () => new (load("a2a/v1/a2a.proto").a2a.v1.A2AService)(address, credentials, options);
const health = () => new (load("grpc/health/v1/health.proto").grpc.health.v1.Health)(address, credentials);

const message = (text) => ({ messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] });
const oldMessage = (text) => ({ messageId: crypto.randomUUID(), role: "ROLE_USER", content: [{ text }] });
const metadata = (entries) => {
  const made = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) made.set(name, value);
  return made;
};

function unary(client, method, request, extra = {}, callOptions = {}) {
  return new Promise((resolve, reject) => {
    client[method](
      request,
      metadata(extra),
      callOptions,
      (error, response) => error ? reject(error) : resolve(response),
    );
  });
}

function follow(call, { until } = {}) {
  return new Promise((resolve) => {
    const events = [];
    let status;
    call.on("data", (event) => {
      events.push(event);
      if (until?.(events)) call.cancel();
    });
    call.on("error", (error) => resolve({ events, error, status }));
    call.on("status", (given) => status = given);
    call.on("end", () => setImmediate(() => resolve({ events, status })));
  });
}

/** The answer's text, folded: an update that does not append replaces what was said before. */
const textOf = (events, before = "") =>
  events.flatMap((event) => event.artifactUpdate ?? []).reduce((text, { artifact, append }) => {
    const said = artifact.parts.map((part) => part.text).join("");
    return append ? text + said : said;
  }, before);
const resume = "https://hector.dev/a2a/extensions/resume/v1";

const SCENARIOS = {
  async unary() {
    const response = await unary(v1(), "sendMessage", { message: message("Hello") });
    return { state: response.task.status.state, parts: response.task.artifacts.length };
  },
  async unary_v0_3() {
    const response = await unary(v03(), "sendMessage", { request: oldMessage("Hello") });
    return { state: response.task.status.state };
  },
  async stream() {
    const { events, error, status } = await follow(v1().sendStreamingMessage({ message: message("Hello") }));
    return {
      error: error?.message,
      last: events.at(-1)?.statusUpdate?.status.state,
      length: textOf(events).length,
      lastEventId: Number(status?.metadata.get("last-event-id")[0]) > 0,
    };
  },
  async stream_v0_3() {
    const { events } = await follow(v03().sendStreamingMessage({ request: oldMessage("Hello") }));
    return { final: events.at(-1)?.statusUpdate?.final };
  },
  async errors() {
    const error = await unary(v1(), "getTask", { id: "nope" }).catch((error) => error);
    const bin = error.metadata.get("grpc-status-details-bin")[0];
    return { code: error.code, details: error.details, info: bin.toString("latin1").includes("TASK_NOT_FOUND") };
  },
  async deadline() {
    const before = Date.now();
    const error = await unary(v1(), "sendMessage", { message: message("slow") }, {}, { deadline: before + 300 })
      .catch((error) => error);
    return { code: error.code, soon: Date.now() - before < 3000 };
  },
  async cancel() {
    const client = v1();
    const call = client.sendStreamingMessage({ message: message("slow") });
    const { events, error } = await follow(call, { until: (events) => events.length >= 2 });
    const id = events[0].task.id;
    const { status } = await unary(client, "getTask", { id });
    await unary(client, "cancelTask", { id });
    return { code: error?.code, state: status.state };
  },
  async gzip() {
    const client = new (load("lf/a2a/v1/a2a.proto").lf.a2a.v1.A2AService)(address, credentials, {
      ...options,
      "grpc.default_compression_algorithm": 2,
    });
    const response = await unary(client, "sendMessage", { message: message("packed ".repeat(20_000)) });
    return { state: response.task.status.state };
  },
  async large() {
    const text = "x".repeat(3_900_000);
    const response = await unary(v1(), "sendMessage", { message: message(text) });
    return { same: response.task.history[0].parts[0].text === text };
  },
  async too_large() {
    const error = await unary(v1(), "sendMessage", { message: message("x".repeat(11_000_000)) }).catch((error) =>
      error
    );
    return { code: error.code };
  },
  async parallel() {
    const client = v1();
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => follow(client.sendStreamingMessage({ message: message("Hello") }))),
    );
    const ends = answers.filter(({ events }) => events.at(-1)?.statusUpdate?.status.state === "TASK_STATE_COMPLETED");
    return { completed: ends.length };
  },
  async sequential() {
    const client = v1();
    for (let at = 0; at < 300; at++) await unary(client, "getTask", { id: "nope" }).catch(() => {});
    return { done: true };
  },
  async polite_goodbyes() {
    for (let at = 0; at < 50; at++) {
      const client = health();
      await unary(client, "check", {});
      client.close();
    }
    return { done: true };
  },
  async cancelled_all() {
    const client = v1();
    await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          follow(client.sendStreamingMessage({ message: message("slow") }), { until: (events) => events.length > 0 }),
      ),
    );
    return await unary(health(), "check", {});
  },
  async health() {
    return await unary(health(), "check", { service: "lf.a2a.v1.A2AService" });
  },
  /** Follows until the server goes; tells the task and the number of the last event. */
  async until_drained() {
    const call = v1().sendStreamingMessage({ message: message("slow") }, metadata({ "a2a-extensions": resume }));
    call.once("data", () => console.error("begun"));
    const { events, error } = await follow(call);
    const numberOf = (event) => {
      const { metadata } = event.task ?? event.statusUpdate ?? event.artifactUpdate;
      return metadata.fields[resume].structValue.fields.seq.numberValue;
    };
    return { id: events[0].task.id, seq: numberOf(events.at(-1)), text: textOf(events), code: error?.code };
  },
  async resumed() {
    const { id, seq, text } = JSON.parse(argument);
    const { events, error } = await follow(v1().subscribeToTask({ id }, metadata({ "last-event-id": String(seq) })));
    return { text: textOf(events, text), last: events.at(-1)?.statusUpdate?.status.state, code: error?.code };
  },
};

console.log(JSON.stringify(await SCENARIOS[scenario]()));
process.exit(0);
