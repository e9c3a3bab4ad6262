import assert from "node:assert/strict";
import { readTls, TlsOptions } from "../../../src/config/sources/tls.ts";
import { inFolder, lay } from "./support/in_folder.ts";

Deno.test("TlsOptions wants cert and key together, and nothing else", () => {
  for (const good of [{}, { ca: "a" }, { cert: "c", key: "k" }, { ca: "a", cert: "c", key: "k" }]) {
    assert.deepEqual(TlsOptions.parse(good), good);
  }
  for (const bad of [{ cert: "c" }, { key: "k" }, { ca: "" }, { insecure: true }]) {
    assert.equal(TlsOptions.safeParse(bad).success, false, JSON.stringify(bad));
  }
});

Deno.test("readTls() reads files from where the paths begin, each time anew", () =>
  inFolder(async (folder) => {
    await lay(folder, { "ca.pem": "CA", "c.pem": "CERT", "k.pem": "KEY" });
    assert.deepEqual(await readTls({}, folder), {});
    assert.deepEqual(await readTls({ ca: "ca.pem" }, folder), { caCerts: ["CA"] });
    const all = { ca: `${folder}/ca.pem`, cert: "c.pem", key: "k.pem" };
    assert.deepEqual(await readTls(all, folder), { caCerts: ["CA"], cert: "CERT", key: "KEY" });
    await Deno.writeTextFile(`${folder}/c.pem`, "NEWER");
    assert.deepEqual(await readTls(all, folder), { caCerts: ["CA"], cert: "NEWER", key: "KEY" });
    await assert.rejects(readTls({ ca: "none.pem" }, folder), /^SourceError: Cannot read the TLS file "none\.pem"$/);
  }));
