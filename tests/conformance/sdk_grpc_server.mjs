// Agents of @a2a-js/sdk over gRPC in Node, of both generations: started by sdk_grpc_servers.ts with the folder of its
// packages and, for TLS, files of a certificate and a key. Prints its port; ends with its standard input.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, certificate, key] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const load = async (name) => await import(pathToFileURL(require.resolve(name)).href);
const grpc = require("@grpc/grpc-js");
const { AgentCard, Task, TaskArtifactUpdateEvent, TaskStatusUpdateEvent } = await load("@a2a-js/sdk");
const { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } = await load("@a2a-js/sdk/server");
const { A2AService, grpcService, UserBuilder } = await load("@a2a-js/sdk/server/grpc");
const { LegacyA2AService, legacyGrpcService } = await load("@a2a-js/sdk/compat/v0_3/server/grpc");

/** Answers in two pieces, with time between them to come in. */
const executor = {
  async execute({ taskId, contextId, userMessage }, bus) {
    const status = (state) =>
      AgentEvent.statusUpdate(TaskStatusUpdateEvent.fromJSON({ taskId, contextId, status: { state } }));
    const artifact = (text, append) =>
      AgentEvent.artifactUpdate(TaskArtifactUpdateEvent.fromJSON({
        taskId,
        contextId,
        append,
        artifact: { artifactId: "a", parts: [{ text }] },
      }));
    const submitted = { id: taskId, contextId, status: { state: "TASK_STATE_SUBMITTED" }, history: [] };
    bus.publish(AgentEvent.task({ ...Task.fromJSON(submitted), history: [userMessage] }));
    bus.publish(status("TASK_STATE_WORKING"));
    bus.publish(artifact("Hel", false));
    await new Promise((resolve) => setTimeout(resolve, 300));
    bus.publish(artifact("lo", true));
    bus.publish(status("TASK_STATE_COMPLETED"));
    bus.finished();
  },
  cancelTask: () => Promise.resolve(),
};

const card = AgentCard.fromJSON({
  name: "SDK",
  description: "An agent of the SDK",
  supportedInterfaces: ["1.0", "0.3"].map((protocolVersion) => ({
    url: "127.0.0.1:1",
    protocolBinding: "GRPC",
    protocolVersion,
  })),
  version: "1",
  capabilities: { streaming: true },
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain"],
  skills: [],
});
const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
const userBuilder = UserBuilder.noAuthentication;
const server = new grpc.Server();
server.addService(A2AService, grpcService({ requestHandler, userBuilder }));
server.addService(LegacyA2AService, legacyGrpcService({ requestHandler, userBuilder }));
const credentials = certificate === undefined
  ? grpc.ServerCredentials.createInsecure()
  : grpc.ServerCredentials.createSsl(
    null,
    [{ cert_chain: readFileSync(certificate), private_key: readFileSync(key) }],
  );
server.bindAsync("127.0.0.1:0", credentials, (error, port) => console.log(error ? String(error) : port));
process.stdin.on("end", () => process.exit(0)).resume();
