import assert from "node:assert/strict";
import { CommandOptions } from "../../../src/tool/sandbox/command_options.ts";
import { CommandRefusal } from "../../../src/tool/sandbox/command_refusal.ts";
import { openCommands } from "../../../src/tool/sandbox/open_commands.ts";
import { parseScript } from "../../../src/tool/sandbox/parse_script.ts";
import { planCommand } from "../../../src/tool/sandbox/plan_command.ts";
import { HOSTILE_PATHS } from "../hostile_paths.ts";
import { inTempDir, toolDeps } from "../run_tool.ts";
import { AT, BUBBLEWRAP, said } from "./command_line.ts";
import { ALLOWED, GUARDED_COMMANDS, HOSTILE_COMMANDS } from "./hostile_commands.ts";
import { inScene } from "./scene.ts";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

Deno.test("there are at least 300 hostile commands and 100 hostile paths", () => {
  assert.ok(HOSTILE_COMMANDS.length >= 300, String(HOSTILE_COMMANDS.length));
  assert.ok(new Set(HOSTILE_PATHS).size >= 100);
});

/** Every program of the list in a folder, as if the machine had it: none may be refused for not being there. */
async function withPrograms(act: (folder: string) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    for (const name of [...ALLOWED, "sh", "bash", "python3", "rm"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "", { mode: 0o755 });
    }
    await act(folder);
  });
}

Deno.test("no hostile command passes the rules without a kernel sandbox", () =>
  withPrograms((programs) =>
    inScene(async ({ work, protectedPaths, spelled, holds }) => {
      const options = CommandOptions().parse({ allowed_commands: [...ALLOWED], ...AT.permissions });
      const { sandbox, rules } = openCommands(options, toolDeps(work, { protectedPaths }));
      const open = { ...sandbox.open(work), folders: [programs] };
      const isRefused = (template: string) => {
        try {
          const script = parseScript(spelled(template));
          for (const { pipeline } of script) {
            for (const each of pipeline) planCommand(each, { rules, sandbox: open, cwd: work, variables: {} });
          }
          return false;
        } catch (thrown) {
          assert.ok(thrown instanceof CommandRefusal, `${template}: ${thrown}`);
          // cd is no program: those rows are tried with the tool itself.
          return !thrown.message.includes("there is no program");
        }
      };
      assert.deepEqual(HOSTILE_COMMANDS.filter((each) => !/^cd\b/.test(each) && !isRefused(each)), []);
      await holds("", "judging");
    })
  ));

Deno.test("no hostile folder is entered, and what runs guarded does no harm, without a kernel sandbox", () =>
  inScene(async ({ work, protectedPaths, spelled, holds }) => {
    const asked = { options: { allowed_commands: [...ALLOWED], ...AT.permissions }, deps: { protectedPaths } };
    for (const template of HOSTILE_COMMANDS.filter((each) => /^cd\b/.test(each))) {
      assert.match(await said(work, spelled(template), asked), /^\[refused: /, template);
    }
    for (const template of GUARDED_COMMANDS) await holds(await said(work, spelled(template), asked), template);
  }));

Deno.test("no hostile path is read, written or entered without a kernel sandbox", () =>
  inScene(async ({ work, protectedPaths, spelled, holds }) => {
    const asked = {
      options: { allowed_commands: ["cat", "touch"], ...AT.permissions, max_execution_time: "2s" },
      deps: { protectedPaths },
    };
    const paths = HOSTILE_PATHS.map((each) => spelled(each.replace("$W2", "$B/work2")));
    // Each by itself; those that only look odd then in one command.
    const odd: string[] = [];
    for (const path of paths) {
      const refused = await said(work, `cat ${quoted(path)} /nowhere`, asked);
      assert.match(refused, /^\[refused/);
      if (/"\/nowhere"/.test(refused)) odd.push(path);
      assert.match(await said(work, `cat < ${quoted(path)}`, asked), /^\[refused/);
      await holds(
        await said(work, "cat secret.txt", { ...asked, input: { working_dir: path } }),
        `working_dir ${path}`,
      );
    }
    assert.ok(odd.length < paths.length / 2, String(odd));
    for (const program of ["cat", "touch"]) {
      const line = `${program} ${odd.map(quoted).join(" ")}`;
      await holds(await said(work, line, asked), line);
    }
  }));

/** They end the shell that runs the others, or what it runs them from. */
const isDestructive = (line: string) => /kill|rm -|reboot|shutdown|screen|tmux/.test(line);

Deno.test({
  name: "a shell that runs every hostile command escapes from no kernel sandbox",
  ignore: BUBBLEWRAP === undefined,
  fn: () =>
    inScene(async ({ work, protectedPaths, spelled, holds, lay }) => {
      const asked = {
        options: {
          allowed_commands: ["bash"],
          ...AT.kernel,
          max_execution_time: "300s",
          max_output_size: 64 * 1024 * 1024,
          max_output_chars: 64 * 1024 * 1024,
        },
        deps: { protectedPaths },
      };
      const all = [...HOSTILE_COMMANDS, ...GUARDED_COMMANDS].map(spelled);
      const bombs = all.filter((line) => /\bf(?:ork)? *\||: *\||bomb|fork|& \$0|\bdone$.*&|ls & done|-P 0/.test(line));
      const gentle = all.filter((line) => !isDestructive(line) && !bombs.includes(line) && !line.includes("\0"));
      await Deno.writeTextFile(`${work}/commands`, gentle.join("\0"));
      const each = `timeout -s KILL 0.5 bash -c "$1"; echo "<did one>"`;
      const result = await said(
        work,
        `bash -c ${quoted(`xargs -0 -P 24 -n 1 bash -c '${each}' bash < commands 2>&1`)}`,
        asked,
      );
      // A few end the one that would tell of them; a machine that is busy starts not all at the first try.
      assert.ok((result.match(/<did one>/g)?.length ?? 0) > 0.9 * gentle.length, result.slice(-500));
      await holds(result, "the batch");
      for (const line of all.filter(isDestructive).slice(0, 6)) {
        await lay();
        await holds(await said(work, `bash -c ${quoted(line)}`, asked), line);
      }
    }),
});

Deno.test({
  name: "no hostile path leads out of a kernel sandbox",
  ignore: BUBBLEWRAP === undefined,
  fn: () =>
    inScene(async ({ work, protectedPaths, spelled, holds }) => {
      const asked = { options: { allowed_commands: ["bash"], ...AT.kernel }, deps: { protectedPaths } };
      const paths = HOSTILE_PATHS.map((each) => spelled(each.replace("$W2", "$B/work2"))).filter((path) =>
        !path.includes("\0")
      );
      await Deno.writeTextFile(`${work}/paths`, paths.join("\0"));
      const run = `while IFS= read -r -d "" path; do timeout 1 head -c 1000 -- "$path"; ` +
        `timeout 1 bash -c 'echo owned > "$1"' bash "$path"; (cd -- "$path" && head -c 1000 secret.txt); done < paths 2>&1`;
      await holds(await said(work, `bash -c ${quoted(run)}`, asked), "the batch");
    }),
});
