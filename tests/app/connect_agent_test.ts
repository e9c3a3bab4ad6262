import assert from "node:assert/strict";
import { answerOf, apply, connectAgent, type Task } from "../../client.ts";
import { SCRIPTED_AGENTS } from "../cli/scripted_agents.ts";
import { inSandbox } from "../e2e/sandbox.ts";

const OFFERS = ["JSONRPC 1.0", "HTTP+JSON 1.0", "GRPC 1.0", "JSONRPC 0.3", "HTTP+JSON 0.3", "GRPC 0.3"];

Deno.test("connectAgent() talks with a running server over each of its interfaces", async (test) => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    const server = await sandbox.serve(["agents.yaml", "--grpc-port", "0"]);
    await using any = connectAgent(`http://localhost:${server.port}/agents/first`);
    const card = await any.card();
    const offered = card.supportedInterfaces.map((one) => `${one.protocolBinding} ${one.protocolVersion}`);
    assert.deepEqual(offered.toSorted(), OFFERS.toSorted());
    for (const offer of OFFERS) {
      const supportedInterfaces = card.supportedInterfaces.filter((_, at) => offered[at] === offer);
      await test.step(offer, async () => {
        await using agent = connectAgent({ ...card, supportedInterfaces });
        const sent = await agent.send("which");
        assert.ok("task" in sent);
        assert.equal(sent.task.status.state, "TASK_STATE_INPUT_REQUIRED");
        const { id } = sent.task;
        let task: Task | undefined;
        let last = 0;
        for await (const { seq, event } of agent.stream([{ text: "the second" }], { taskId: id })) {
          if ("message" in event) continue;
          assert.ok(seq > last);
          last = seq;
          task = apply(task, event);
        }
        assert.deepEqual([task?.id, task?.status.state], [id, "TASK_STATE_COMPLETED"]);
        assert.equal(task === undefined ? "" : answerOf(task), "Turn 2: the second");
        assert.equal(answerOf(await agent.getTask(id)), "Turn 2: the second");
        await assert.rejects(agent.cancelTask(id), { reason: "TASK_NOT_CANCELABLE" });
        await assert.rejects(agent.getTask("nobody"), { reason: "TASK_NOT_FOUND" });
        if (offer.endsWith("1.0")) assert.ok((await agent.listTasks({ pageSize: 1 })).totalSize > 0);
      });
    }
  });
});
