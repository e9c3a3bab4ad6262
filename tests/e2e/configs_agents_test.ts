import assert from "node:assert/strict";
import { copyConfigs } from "./copy_configs.ts";
import { installNpx } from "./reference_servers.ts";
import { inSandbox } from "./sandbox.ts";
import { type Asked, call, type Reply, withModel } from "./simulated_model.ts";

const TASK = /hector call --task (\S+)/;

/** A SearXNG that knows one page. */
async function withSearch(act: (url: string, queries: readonly string[]) => Promise<void>): Promise<void> {
  const queries: string[] = [];
  const results = [{ title: "Fares", url: "https://rail.example/fares", content: "First class costs 90 euro." }];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ url }) => {
    const { searchParams } = new URL(url);
    queries.push(`${searchParams.get("q")} ${searchParams.get("format")}`);
    return Response.json({ results });
  });
  await act(`http://127.0.0.1:${server.addr.port}`, queries);
}

const TODOS = [
  { id: "rules", content: "What our rules say", status: "in_progress" },
  { id: "fares", content: "What a ticket costs", status: "in_progress" },
];

/** Plans, searches both places at once, tries to read where it must not, and cites. */
function researcher({ results }: Asked): Reply {
  if (results.length === 0) return { calls: [call("todo_write", { todos: TODOS })] };
  if (results.length === 1) {
    return {
      calls: [
        call("search", { query: "train second class" }),
        call("web_search", { query: "train fares first class" }),
        call("web_fetch", { url: "http://169.254.169.254/latest/meta-data" }),
      ],
    };
  }
  if (results.length === 4) {
    const [, found = "", web = "", secret = ""] = results;
    const file = /documents\/travel\.md:[\d-]+/.exec(found)?.[0];
    const page = /https:\S+/.exec(web)?.[0];
    const refused = /Cannot|refus/i.test(secret) ? "" : ` ${secret}`;
    return {
      text: `First class costs 90 euro [2], which our rules do not pay [1].${refused}\n\n[1] ${file}\n[2] ${page}\n`,
      calls: [call("todo_write", { merge: true, todos: TODOS.map(({ id }) => ({ id, status: "completed" })) })],
    };
  }
  if (results.length === 5) return { calls: [call("write_file", { path: "fares.md", content: "# Fares\n" })] };
  return `The report: ${results[5]}`;
}

Deno.test("research-assistant.yaml: a plan, searches in two places, an answer with its sources, and a report after a yes", async () => {
  await withModel(researcher, ({ env }) =>
    withSearch((searxng, queries) =>
      inSandbox(async (sandbox) => {
        await copyConfigs(sandbox.folder);
        const server = await sandbox.serve(["research-assistant.yaml"], { env: { ...env, SEARXNG_URL: searxng } });
        const asks = "May I go first class, and what would it cost? Write a report.";
        const { out, err } = await sandbox.run(["call", asks, "--server", server.url]);
        assert.deepEqual(queries, ["train fares first class json"]);
        assert.match(
          out,
          /90 euro \[2\], which our rules do not pay \[1\]\.\n\n\[1\] documents\/travel\.md:[\d-]+\n/,
          err,
        );
        assert.match(out, /\n\[2\] https:\/\/rail\.example\/fares\n/);
        assert.match(err, /^ +\[>\] rules: What our rules say\n +\[>\] fares: What a ticket costs$/m);
        assert.match(err, /^ +2 of 2 todos completed\n +\[x\] rules/m);
        assert.match(err, /^✗ web_fetch /m);
        assert.match(out, /Write the report fares\.md\?\n# Fares/);
        await assert.rejects(Deno.stat(`${sandbox.folder}/reports/fares.md`));
        const [, task = ""] = TASK.exec(err) ?? [];
        const second = await sandbox.run(["call", "yes", "--task", task, "--server", server.url]);
        assert.match(second.out, /The report: .*fares\.md/, second.err);
        assert.equal(await Deno.readTextFile(`${sandbox.folder}/reports/fares.md`), "# Fares\n");
      })
    ));
});

const SUBTASKS = [
  { id: "travel", title: "Rules for travel", agent: "analyst", task: "facts about travel", depends_on: [] },
  { id: "office", title: "Rules for the office", agent: "analyst", task: "facts about the door", depends_on: [] },
  { id: "page", title: "A page", agent: "writer", task: "text for new colleagues", depends_on: ["travel", "office"] },
];

/** Answers as whoever the prompt says it is; both analysts wait until the other has begun, too. */
function colleagues(): (asked: Asked) => Promise<Reply> {
  let begun = 0;
  const both = Promise.withResolvers<void>();
  return async ({ system, said, results, tools }) => {
    if (tools.includes("carry_out_plan")) {
      if (results.length === 0) {
        return { calls: [call("carry_out_plan", { goal: "A page for new colleagues", subtasks: SUBTASKS })] };
      }
      const cited = [...(results[0] ?? "").matchAll(/^\[(\d)\] (\w+), subtask "(\w+)"/gm)].map(([, at, who]) =>
        `[${at}] ${who}`
      );
      return `Here is the page: ${/Welcome[^\n]*/.exec(results[0] ?? "")?.[0]}\n\n${cited.join(", ")}`;
    }
    if (system.includes("Search before you answer")) {
      if (++begun === 2) both.resolve();
      await both.promise;
      return `What I know: ${said}`;
    }
    const heard = ["facts about travel", "facts about the door"].filter((each) => said.includes(each));
    return `Welcome! I was told of ${heard.join(" and ")}.`;
  };
}

Deno.test("orchestrator-example.yaml: a plan whose parts run at the same time, joined with their sources", async () => {
  await withModel(colleagues(), ({ env }) =>
    inSandbox(async (sandbox) => {
      await copyConfigs(sandbox.folder);
      const server = await sandbox.serve(["orchestrator-example.yaml"], { env });
      const asks = "A page for new colleagues about travel and the office";
      const { out, err, code } = await sandbox.run(["call", asks, "--server", server.url]);
      assert.equal(code, 0, err);
      assert.match(out, /Welcome! I was told of facts about travel and facts about the door\./, err);
      assert.match(out, /\[1\] analyst, \[2\] analyst, \[3\] writer/);
      assert.match(err, /^ +\[ \] travel: Rules for travel \(analyst\)\n +\[ \] office/m);
      assert.match(err, /^ +3 of 3 todos completed\n +\[x\] travel: Rules for travel \(analyst\)/m);
    }));
});

/** [agent, what is asked, the answer] of the agents that work together in other ways */
const TOGETHER: readonly [agent: string, answer: RegExp][] = [
  ["editor", /^Edited: analyst says facts; reviewer says 3 weak points\n$/],
  ["briefing", /^reviewer says 3 weak points\n$/],
  ["second_opinion", /^(?=[\s\S]*analyst says facts)[\s\S]*reviewer says 3 weak points/],
  ["desk", /^writer says text\n$/],
];

function together({ system, tools, results }: Asked): Reply {
  if (system.includes("Search before you answer")) return "analyst says facts";
  if (system.includes("three weakest points")) return "reviewer says 3 weak points";
  if (system.includes("Write short sentences")) return "writer says text";
  if (tools.includes("transfer_to_writer")) return { calls: [call("transfer_to_writer", {})] };
  if (results.length > 0) return `Edited: ${results.join("; ")}`;
  return {
    calls: [call("agent_call", { agent: "analyst", task: "facts" }), call("reviewer", { request: "review the facts" })],
  };
}

Deno.test("orchestrator-example.yaml: agents ask, follow, stand beside and hand over to each other", async () => {
  await withModel(together, ({ env }) =>
    inSandbox(async (sandbox) => {
      await copyConfigs(sandbox.folder);
      const server = await sandbox.serve(["orchestrator-example.yaml"], { env });
      for (const [agent, answer] of TOGETHER) {
        const { out, err } = await sandbox.run(["call", "A text", "--agent", agent, "--server", server.url]);
        assert.match(out, answer, `${agent}: ${err}`);
      }
    }));
});

/** Uses a server's tools, one of its own, and one of the server's that asks. */
function assistant({ results, tools }: Asked): Reply {
  if (results.length === 0) {
    return {
      calls: [
        call("files_read_text_file", { path: "office.md" }),
        call("count_words", { text: "one two three" }),
        call("write_notes", { path: "note.md", content: "Read the rules.\n" }),
      ],
    };
  }
  if (results.length === 3) {
    return { calls: [call("files_write_file", { path: "office.md", content: "No rules.\n" })] };
  }
  const others = tools.filter((name) => name.startsWith("files_")).sort();
  return `${results.join("\n")}\n${others.join(" ")}`;
}

Deno.test("tools-mcp-example.yaml: a server's tools, one of one's own, and a yes before documents change", async () => {
  await withModel(assistant, ({ env }) =>
    inSandbox(async (sandbox) => {
      await copyConfigs(sandbox.folder);
      await installNpx(sandbox);
      const office = await Deno.readTextFile(`${sandbox.folder}/documents/office.md`);
      const server = await sandbox.serve(["tools-mcp-example.yaml"], { env });
      const first = await sandbox.run(["call", "Note the rules", "--server", server.url]);
      assert.match(first.out, /^May "files_write_file" be called with /m, first.err);
      assert.equal(await Deno.readTextFile(`${sandbox.folder}/notes/note.md`), "Read the rules.\n");
      const [, task = ""] = TASK.exec(first.err) ?? [];
      const second = await sandbox.run(["call", "no, documents stay", "--task", task, "--server", server.url]);
      assert.ok(second.out.includes(office.trim()), `${second.out}\n${second.err}`);
      assert.match(second.out, /The text has 3 words/);
      assert.match(second.out, /"files_write_file" was not approved, because: documents stay/);
      assert.match(second.out, /^files_directory_tree files_edit_file files_list_directory files_read_text_file /m);
      assert.equal(await Deno.readTextFile(`${sandbox.folder}/documents/office.md`), office);
    }));
});
