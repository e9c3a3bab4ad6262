import assert from "node:assert/strict";
import { inTempDir, namesIn } from "../run_tool.ts";
import { AT, BUBBLEWRAP, command, LEVELS, said } from "./command_line.ts";
import { inScene } from "./scene.ts";

const isLinux = Deno.build.os === "linux";

/** How many processes have `text` on their command line. */
async function running(text: string): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (line.includes(text)) count++;
  }
  return count;
}

/** A number of seconds that no other process sleeps. */
const nap = () => `9${crypto.getRandomValues(new Uint32Array(1))[0]}.5`;

const SHELL = { allowed_commands: ["bash", "sleep", "yes", "env", "cat", "echo", "true", "head", "printf", "perl"] };

for (const level of LEVELS) {
  const options = { ...SHELL, ...AT[level] };

  Deno.test({
    name: `executeCommand at ${level}: what is too late is killed with all it started, sessions of their own included`,
    ignore: !isLinux,
    fn: () =>
      inTempDir(async (folder) => {
        const seconds = nap();
        const line = `bash -c 'setsid sleep ${seconds} & (sleep ${seconds} &) ; echo started; sleep ${seconds}'`;
        // A busy machine may not have come to the first word when the time is over.
        for (const limit of [1, 4, 16, 64]) {
          const result = await command(folder, line, { options: { ...options, max_execution_time: `${limit}s` } });
          assert.match(result.content, /^\[stopped: it ran longer than \d+ s\]\n/);
          assert.equal(result.isError, true);
          assert.equal(await running(seconds), 0);
          if (result.content.endsWith("\nstarted\n")) return;
        }
        assert.fail("it never began");
      }),
  });

  Deno.test({
    name: `executeCommand at ${level}: nothing outlives a command that ends`,
    ignore: !isLinux,
    fn: () =>
      inTempDir(async (folder) => {
        const seconds = nap();
        const line =
          `bash -c 'setsid sleep ${seconds} & sleep ${seconds} & disown; nohup sleep ${seconds} & echo done'`;
        assert.match(await said(folder, line, { options }), /^\[exit code 0\]\ndone\n/);
        assert.equal(await running(seconds), 0);
      }),
  });

  Deno.test({
    name: `executeCommand at ${level}: a call that is given up kills what it started`,
    ignore: !isLinux,
    fn: () =>
      inTempDir(async (folder) => {
        const seconds = nap();
        const givenUp = new AbortController();
        const reason = new Error("given up");
        const say = () => Promise.resolve(givenUp.abort(reason));
        await assert.rejects(
          command(folder, `bash -c 'setsid sleep ${seconds} & echo here; sleep ${seconds}'`, {
            options,
            context: { signal: givenUp.signal, say },
          }),
          reason,
        );
        assert.equal(await running(seconds), 0);
      }),
  });

  Deno.test(`executeCommand at ${level}: endless output is stopped, the model reads both ends, peers get more`, () =>
    inTempDir(async (folder) => {
      const told: string[] = [];
      const result = await command(folder, "yes 🙂", {
        options: { ...options, max_output_size: 100_000, max_output_chars: 1000 },
        context: { say: (delta) => Promise.resolve(void told.push(delta)) },
      });
      assert.match(result.content, /^\[stopped: its output is longer than 100000 bytes\]\n🙂\n/);
      assert.match(result.content, /\[… \d+ characters are left out …\]/);
      assert.ok(result.content.length < 1200 && result.content.isWellFormed());
      const [part] = result.parts ?? [];
      assert.equal(part?.filename, "output.txt");
      assert.ok((part?.text ?? "").length > 50_000 && (part?.text ?? "").isWellFormed());
      assert.ok(told.join("").length <= 1000 && told.join("").isWellFormed());
    }));

  Deno.test({
    name: `executeCommand at ${level}: too many processes are refused or stopped, and none is left`,
    ignore: !isLinux,
    fn: () =>
      inTempDir(async (folder) => {
        const seconds = nap();
        const { sandbox } = options;
        // A shell would try again and again to begin another.
        const child = `defined($p = fork) or die "fork: Cannot: $!"; $p or exec "sleep", "${seconds}"`;
        const line = `perl -e 'for (1..150) { ${child} } sleep 900'`;
        const result = await said(folder, line, {
          options: { ...options, sandbox: { ...sandbox, max_processes: 50 }, max_execution_time: "30s" },
        });
        // The watch ends it, or the kernel lets no more begin.
        assert.match(result, /^\[stopped: it started too many processes\]|fork: .*(?:retry|Resource|Cannot)/);
        assert.equal(await running(seconds), 0);
      }),
  });

  Deno.test({
    name: `executeCommand at ${level}: memory of all processes together is bounded`,
    ignore: !isLinux,
    fn: () =>
      inTempDir(async (folder) => {
        const line = `perl -e 'for (1..6) { fork() or do { $x = "a" x 30000000; sleep 20; exit } } sleep 20'`;
        const { sandbox } = options;
        const result = await said(folder, line, {
          options: { ...options, sandbox: { ...sandbox, max_memory: 100_000_000 }, max_execution_time: "15s" },
        });
        assert.equal(result, "[stopped: it used too much memory]\n");
      }),
  });

  Deno.test(`executeCommand at ${level}: a command gets nothing of the server's environment`, () =>
    inScene(async ({ work, holds }) => {
      const result = await said(work, "env; cat ok.txt", { options: { ...options, env: { MINE: "yes" } } });
      assert.match(result, /^MINE=yes$/m);
      const names = [...result.matchAll(/^(\w+)=/gm)].map(([, name]) => name ?? "");
      const known = /^(?:PATH|HOME|TMPDIR|LANG|PAGER|PWD|MINE|SHLVL|_|GIT_\w+|HECTOR_COMMAND)$/;
      assert.deepEqual(names.filter((name) => !known.test(name)), []);
      await holds(result, "env");
    }));

  Deno.test(`executeCommand at ${level}: a reader that has enough ends its writer`, () =>
    inTempDir(async (folder) => {
      const result = await said(folder, "yes | head -n 2", { options });
      assert.equal(result, "[exit code 0]\ny\ny\n");
    }));

  Deno.test(`executeCommand at ${level}: calls side by side do not hear of each other`, () =>
    inTempDir(async (folder) => {
      const lines = Array.from({ length: 6 }, (_, at) => `echo ${at}; bash -c 'echo ${at} >&2; exit ${at}'`);
      const results = await Promise.all(lines.map((line) => said(folder, line, { options })));
      results.forEach((result, at) => assert.equal(result, `[exit code ${at}]\n${at}\n[errors]\n${at}\n`));
    }));
}

Deno.test("executeCommand reads all output, however long its reader takes for a piece of it", () =>
  inTempDir(async (folder) => {
    let isFirst = true;
    const say = async () => {
      // Longer than the runner waits for silent leftovers of a command.
      if (isFirst) await new Promise((resolve) => setTimeout(resolve, 2_300));
      isFirst = false;
    };
    const result = await said(folder, "head -c 100000 /dev/zero", {
      options: { ...SHELL, ...AT.permissions, max_output_chars: 400_000 },
      context: { say },
    });
    assert.equal(result.length, "[exit code 0]\n".length + 100_000);
  }));

Deno.test("executeCommand without a kernel sandbox: a program that cannot be started is told without the machine's paths", () =>
  inTempDir(async (folder) => {
    const result = await said(folder, "./missing", { options: AT.permissions });
    assert.equal(result, '[refused: "missing" cannot be started: NotFound]\n');
  }));

const kernel = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `executeCommand at kernel: ${name}`, ignore: BUBBLEWRAP === undefined, fn });
const options = { ...SHELL, allowed_commands: [...SHELL.allowed_commands, "ls", "mkdir"], ...AT.kernel };

kernel("output goes to files and comes from them", () =>
  inTempDir(async (folder) => {
    const rows: [line: string, result: string][] = [
      ["echo one > a.txt; echo two >> a.txt; cat < a.txt", "[exit code 0]\none\ntwo\n"],
      ["bash -c 'echo out; echo err >&2' > both.txt 2>&1; cat both.txt", "[exit code 0]\nout\nerr\n"],
      ["bash -c 'echo out; echo err >&2' 2> err.txt; cat err.txt", "[exit code 0]\nout\nerr\n"],
      ["bash -c 'echo out; echo err >&2' 2>&1 >/dev/null | cat -n", "[exit code 0]\n     1\terr\n"],
      ["mkdir -p d; cd d && echo x > f && cat f", "[exit code 0]\nx\n"],
      ["echo kept > /tmp/note; cat /tmp/note", "[exit code 0]\nkept\n"],
      ["echo 'a b' > 'file name; echo no'; ls 'file name; echo no'", "[exit code 0]\nfile name; echo no\n"],
    ];
    for (const [line, result] of rows) assert.equal(await said(folder, line, { options }), result, line);
    assert.match(await said(folder, "cat /tmp/note", { options }), /^\[exit code 1\]/);
    assert.match(
      await said(folder, "echo x > /usr/x", { options }),
      /^\[exit code [12]\]\n.*\n?.*(?:Read-only|cannot create)/,
    );
  }));

kernel("there is no network, not even the machine's own", () =>
  inScene(async ({ work, port, holds }) => {
    const line = `bash -c '(exec 3<>/dev/tcp/127.0.0.1/${port} && echo reached) 2>/dev/null; cat /proc/net/dev'`;
    const result = await said(work, line, { options });
    assert.ok(!result.includes("reached"), result);
    assert.deepEqual([...result.matchAll(/^ *(\w+):/gm)].map(([, name]) => name), ["lo"]);
    await holds(result, "the network");
  }));

kernel("the server's own files cannot be read, written, moved, nor their folders", () =>
  inTempDir(async (base) => {
    await Deno.mkdir(`${base}/conf/deep`, { recursive: true });
    await Deno.writeTextFile(`${base}/conf/deep/hector.yaml`, "the configuration");
    const tries = [
      "cat conf/deep/hector.yaml",
      "echo owned > conf/deep/hector.yaml",
      "rm -f conf/deep/hector.yaml; echo owned > conf/deep/hector.yaml",
      "mv conf conf2 && mkdir -p conf/deep && echo owned > conf/deep/hector.yaml",
      "mv conf/deep conf/deep2 && mkdir conf/deep && echo owned > conf/deep/hector.yaml",
      "mv -f /etc/hostname conf/deep/hector.yaml; ln -f ok conf/deep/hector.yaml; ln conf/deep/hector.yaml mine; cat mine",
      "rm -rf conf",
      "umount conf/deep/hector.yaml; mount -t tmpfs x conf; unshare -Ur umount conf/deep/hector.yaml",
    ];
    for (const line of tries) {
      const result = await said(base, `bash -c '${line}'`, {
        options,
        deps: { protectedPaths: [`${base}/conf/deep/hector.yaml`] },
      });
      assert.ok(!result.includes("the configuration"), result);
      assert.equal(await Deno.readTextFile(`${base}/conf/deep/hector.yaml`), "the configuration", line);
    }
  }));

kernel(
  "a hidden file in a hidden folder is hidden once, and what is not there yet hinders nothing",
  () =>
    inTempDir(async (folder) => {
      await Deno.mkdir(`${folder}/.hector`);
      for (const name of ["hector.db", "hector.db-wal"]) await Deno.writeTextFile(`${folder}/.hector/${name}`, "tasks");
      const protectedPaths = ["hector.db", "hector.db-wal", "hector.db.lock"].map((name) =>
        `${folder}/.hector/${name}`
      );
      const line = "bash -c 'cat .hector/*; echo x > .hector/new; ls -A'";
      const result = await said(folder, line, {
        options,
        deps: { protectedPaths: [...protectedPaths, `${folder}/no.yaml`] },
      });
      assert.match(result, /^\[exit code 0\]\n\.hector\n\[errors\]/);
      assert.ok(!result.includes("tasks"));
      assert.deepEqual(await namesIn(`${folder}/.hector`), ["hector.db", "hector.db-wal"]);
      assert.deepEqual(await namesIn(folder), [".hector"]);
    }),
);

kernel("what git would run outside later cannot be written", () =>
  inScene(async ({ work, holds }) => {
    const line = "echo owned > .git/hooks/pre-commit; echo owned > .git/config; mv .git git2; rm -rf .git/hooks";
    await holds(await said(work, `bash -c '${line}'`, { options }), line);
    assert.match(await said(work, "bash -c 'echo x > .git/index; cat .git/index .git/config'", { options }), /^x$/m);
  }));

kernel("a link that is swapped all the time leads nowhere outside", () =>
  inScene(async ({ work, holds }) => {
    const swapping = said(work, "bash -c 'while :; do ln -sfn ../outside swap; ln -sfn sub swap; done'", {
      options: { ...options, max_execution_time: "1500ms" },
    });
    for (let round = 0; round < 6; round++) {
      await said(work, "echo owned > swap/owned; cat swap/secret.txt; cd swap && echo owned > owned", { options })
        .then((result) => holds(result, "writing through a link"));
    }
    await swapping;
    await holds("", "swapping");
  }));

kernel("a fork bomb goes off in a box", () =>
  inTempDir(async (folder) => {
    const asked = {
      options: { ...options, sandbox: { ...options.sandbox, max_processes: 40 }, max_execution_time: "1s" },
    };
    // Where the kernel does not count (root without control groups), a bomb would be heard by the whole machine.
    const counted = await said(folder, "bash -c 'for i in {1..80}; do sleep 1 & done'", asked);
    if (!counted.includes("fork: ")) return;
    const seconds = nap();
    const result = await said(folder, `bash -c 'f() { f | f & sleep ${seconds}; }; f; sleep ${seconds}'`, asked);
    assert.match(result, /^\[(?:stopped|exit code)/);
    assert.equal(await running(seconds), 0);
  }));

kernel("a file may not grow beyond its limit", () =>
  inTempDir(async (folder) => {
    const result = await said(folder, "head -c 3000000 /dev/zero > big", {
      options: { ...options, sandbox: { ...options.sandbox, max_file_size: 1_000_000 } },
    });
    assert.match(result, /^\[exit code (?:1|153)\]/);
    assert.ok((await Deno.stat(`${folder}/big`)).size <= 1_000_448);
  }));
