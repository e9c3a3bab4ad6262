import assert from "node:assert/strict";
import { ask } from "./one_word_agent.ts";
import { inSandbox } from "./sandbox.ts";

function answering(word: string): string {
  return `# what it says\nagents: {a: {llm: m}}\nllms: {m: {provider: scripted, default: {text: "${word}"}}}\n`;
}

const YAML = { "content-type": "application/yaml" };

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: "POST", body, headers: { ...YAML, ...headers } });
  return { code: response.status, body: await response.json() };
}

Deno.test("the studio reads the file and writes it, and what it wrote is served", () =>
  inSandbox(async ({ write, serve }) => {
    const path = await write("a.yaml", answering("one"));
    const server = await serve([path, "--studio", "--watch"]);
    const api = `${server.url}/api/config`;
    const response = await fetch(api);
    assert.equal(response.headers.get("content-type"), "application/yaml; charset=utf-8");
    assert.equal(await response.text(), answering("one"));

    const saved = await post(api, answering("two"), { "if-match": response.headers.get("etag") ?? "" });
    assert.deepEqual([saved.code, saved.body.status, saved.body.message], [
      200,
      "saved",
      "Configuration saved. Reloading...",
    ]);
    assert.equal(saved.body.reload.outcome, "applied");
    assert.equal(await Deno.readTextFile(path), answering("two"), "with its comments");
    assert.equal(await ask(server), "two");
    const health = await (await fetch(`${server.url}/health`)).json();
    assert.deepEqual([health.studio_mode, health.studio.enabled], [true, true]);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("the studio refuses what would not be served, and leaves the file as it is", () =>
  inSandbox(async ({ write, serve }) => {
    const path = await write("a.yaml", answering("one"));
    const server = await serve([path, "--studio"]);
    const api = `${server.url}/api/config`;
    const rows: [text: string, headers: Record<string, string>, code: number, said: RegExp][] = [
      ["agents: [", {}, 400, /not YAML/],
      [`${answering("two")}nonsense: 1\n`, {}, 400, /"line":4,"column":1,"path":"nonsense"/],
      ["agents: {a: {llm: gpt-4o}}", {}, 422, /OPENAI_API_KEY/],
      [`${answering("two")}server: {port: 1}\n`, {}, 403, /server section/],
      [answering("two"), { "if-match": '"another"' }, 412, /has changed/],
      [answering("two"), { "content-type": "text/plain" }, 415, /application\/yaml/],
      [answering("two"), { origin: "https://evil.example" }, 403, /evil\.example/],
      ["x".repeat(2_000_000), {}, 413, /./],
    ];
    for (const [text, headers, code, said] of rows) {
      const refused = await post(api, text, headers);
      assert.equal(refused.code, code, JSON.stringify(refused.body));
      assert.match(JSON.stringify(refused.body), said);
      assert.equal(await Deno.readTextFile(path), answering("one"));
    }
    assert.equal(await ask(server), "one");
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("the studio lets nobody have the machine's variables and files told", () =>
  inSandbox(async ({ folder, write, serve }) => {
    await write("secret.txt", "hunter2");
    await write(".env", "WORD=one\nOTHER=other\n");
    const allowed = "server: { studio: { allowed_references: [OTHER] } }\n";
    const path = await write("a.yaml", answering("${WORD}") + allowed);
    const server = await serve([path, "--studio"]);
    const api = `${server.url}/api/config`;
    const describing = (text: string) =>
      (answering("${WORD}") + allowed).replace("{llm: m}", `{llm: m, description: "${text}"}`);
    for (const stolen of ["${HOME}", "${WORD}", `\${file:${folder}/secret.txt}`, "${file:.env}", "${X:-${HOME}}"]) {
      for (const place of ["", "/diff"]) {
        const refused = await post(`${api}${place}`, describing(stolen));
        assert.equal(refused.code, 403, stolen);
        const [problem] = refused.body.problems;
        assert.deepEqual([problem.file, problem.path], ["a.yaml", "agents.a.description"]);
        assert.match(problem.message, /server\.studio\.allowed_references/);
        assert.doesNotMatch(JSON.stringify(refused.body), /hunter2|"one"/);
      }
    }
    assert.equal(await Deno.readTextFile(path), answering("${WORD}") + allowed);
    assert.equal((await post(api, describing("an ${OTHER}"))).body.reload?.outcome, "applied");
    const card = await (await fetch(`${server.url}/agents/a`)).json();
    assert.equal(card.description, "an other");
    assert.equal(await ask(server), "one");
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("the studio starts no programs that the file does not, and stays in its folder", () =>
  inSandbox(async ({ write, serve, run }) => {
    const shell = "tools: { sh: { type: execute_command, allowed_commands: [ls] } }\n";
    const path = await write("a.yaml", answering("one") + shell);
    const server = await serve([path, "--studio"]);
    const api = `${server.url}/api/config`;
    const rows: [text: string, place: string, said: RegExp][] = [
      [shell.replace("[ls]", "[ls, sh]"), "tools.sh", /^starts programs/],
      ["tools: { files: { type: mcp, command: sh, args: [-c, id] } }\n", "tools.files", /^starts programs/],
      ["tools: { mine: { type: typescript, path: x.ts } }\n", "tools.mine", /^starts programs/],
      ["tools: { read_file: { working_directory: / } }\n", "tools.read_file", /^reaches "\/"/],
      ["document_stores: { all: { path: ../.. } }\n", "document_stores.all", /^reaches "\.\.\/\.\."/],
    ];
    for (const [part, place, said] of rows) {
      for (const where of ["", "/diff"]) {
        const refused = await post(`${api}${where}`, answering("two") + part);
        assert.equal(refused.code, 403, part);
        const [problem, ...others] = refused.body.problems;
        assert.deepEqual([problem.file, problem.path, others], ["a.yaml", place, []]);
        assert.match(problem.message, said);
        assert.match(problem.message, /set server\.studio\.allow_programs: true there and restart/);
      }
    }
    const own = await post(api, `${answering("two")}${shell}server: { studio: { allow_programs: true } }\n`);
    assert.deepEqual([own.code, /server section/.test(own.body.message)], [403, true]);
    assert.equal(await Deno.readTextFile(path), answering("one") + shell);

    assert.equal((await post(api, answering("two") + shell)).body.reload?.outcome, "applied", "kept");
    assert.equal((await post(api, answering("three"))).body.reload?.outcome, "applied", "removed");
    assert.equal((await post(api, answering("three") + shell)).code, 403, "not added again");
    const history = (await run(["config", "history", "--server", server.url])).out.trim().split("\n");
    const first = /^ {2}([0-9a-f]{12})/.exec(history.at(-1) ?? "")?.[1] ?? assert.fail(history.join("\n"));
    const back = await run(["config", "rollback", first, "--server", server.url]);
    assert.match(back.err, /Cannot start programs .* over HTTP\na\.yaml: tools\.sh: starts programs/);
    assert.equal(await ask(server), "three");
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("the studio writes programs where the file's server section allows it", () =>
  inSandbox(async ({ write, serve }) => {
    const allowed = "server: { studio: { allow_programs: true } }\n";
    const path = await write("a.yaml", answering("one") + allowed);
    const server = await serve([path, "--studio"]);
    const text = `${answering("two")}${allowed}tools: { execute_command: { working_directory: / } }\n`;
    assert.equal((await post(`${server.url}/api/config`, text)).body.reload?.outcome, "applied");
    assert.equal(await Deno.readTextFile(path), text);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("without the studio nobody sees the configuration over HTTP", () =>
  inSandbox(async ({ write, serve }) => {
    const server = await serve([await write("a.yaml", answering("one"))]);
    for (const path of ["", "/state", "/history", "/diff/abcd"]) {
      const response = await fetch(`${server.url}/api/config${path}`);
      assert.equal(response.status, 403);
      assert.match((await response.json()).message, /server\.studio is not enabled/);
    }
    assert.equal((await post(`${server.url}/api/config`, answering("two"))).code, 403);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("the studio asks for a role where the server asks who calls", () =>
  inSandbox(async ({ write, serve }) => {
    const auth = `server: { auth: { api_keys: [
      { key: key-of-ada, subject: ada, roles: [admin] }, { key: key-of-bob, subject: bob } ] } }\n`;
    const server = await serve([await write("a.yaml", answering("one") + auth), "--studio", "--studio-roles", "admin"]);
    const status = async (headers: Record<string, string>) => {
      const response = await fetch(`${server.url}/api/config`, { headers });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status({}), 401);
    assert.equal(await status({ authorization: "Bearer key-of-bob" }), 403);
    assert.equal(await status({ authorization: "Bearer key-of-ada" }), 200);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("a studio beyond this machine needs authentication", () =>
  inSandbox(async ({ write, run }) => {
    const path = await write("a.yaml", answering("one"));
    const { code, err } = await run(["serve", path, "--studio", "--host", "0.0.0.0", "--port", "0"]);
    assert.equal(code, 2);
    assert.match(err, /Cannot open the studio on 0\.0\.0\.0: beyond this machine it needs server\.auth/);
  }));

Deno.test("hector config tells what is served and what differs, and goes back", () =>
  inSandbox(async ({ write, serve, run }) => {
    const path = await write("a.yaml", answering("one"));
    const server = await serve([path, "--studio", "--watch"]);
    const at = ["--server", server.url];
    await write("a.yaml", answering("two"));
    await server.until(/configuration is served/);

    const history = (await run(["config", "history", ...at])).out.trim().split("\n");
    assert.equal(history.length, 2);
    assert.match(history[0] ?? "", /^\* [0-9a-f]{12} {2}20/);
    const first = /^ {2}([0-9a-f]{12})/.exec(history[1] ?? "")?.[1] ?? assert.fail(history[1]);

    const differs = await run(["config", "diff", first, ...at]);
    assert.match(differs.out, /llms\.m\.options\.default\.text\n {2}- "two"\n {2}\+ "one"/);
    const other = await write("b.yaml", `${answering("two")}server: { drain_timeout_seconds: 9 }\n`);
    assert.match(
      (await run(["config", "diff", other, ...at])).out,
      /^server\.drain_timeout_seconds \(needs a restart\)/,
    );
    assert.match((await run(["config", "diff", path, ...at])).out, /nothing differs/);

    assert.match((await run(["config", "rollback", first, ...at])).out, /^serves [0-9a-f]{12}, until/);
    assert.equal(await ask(server), "one");
    assert.equal((await run(["config", "show", ...at])).out, answering("two"), "the file is as it was");
    const state = JSON.parse((await run(["config", "state", ...at])).out);
    assert.deepEqual(state.counts, { applied: 2, unchanged: 0, refused: 0 });

    const unknown = await run(["config", "rollback", "abcdef", ...at]);
    assert.deepEqual([unknown.code, /there is no such revision/.test(unknown.err)], [1, true]);
    assert.equal((await run(["config", ...at])).code, 2);
    const wrong = await run(["config", "diff", await write("wrong.yaml", "agents: {a: {lm: m}}\n"), ...at]);
    assert.deepEqual([wrong.code, /wrong\.yaml:1:\d+: agents\.a\.lm: unknown key/.test(wrong.err)], [2, true]);
    const missing = await run(["config", "diff", "none.yaml", ...at]);
    assert.deepEqual([missing.code, /"none\.yaml": there is no such file/.test(missing.err)], [2, true]);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));
