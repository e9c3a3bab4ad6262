import { run } from "../../../conformance/tool_folder.ts";
import { debianFolder } from "./debian_folder.ts";
import { Service } from "./service.ts";
import { freePort } from "../../../lib/free_port.ts";

export interface ZooKeeperProgram {
  readonly java: string;
  readonly classPath: string;
}

const PACKAGES = [
  "libzookeeper-java",
  "libslf4j-java",
  "libsnappy-java",
  "libnetty-java",
  "libdropwizard-metrics-java",
];
const JARS = [
  "zookeeper",
  "zookeeper-jute",
  "slf4j-api",
  "slf4j-nop",
  "snappy-java",
  "netty-common",
  "netty-buffer",
  "netty-handler",
  "netty-transport",
  "metrics-core",
];

/** Debian's ZooKeeper unpacked, and the machine's Java, or Debian's beside it. */
export async function findZooKeeper(): Promise<ZooKeeperProgram> {
  const folder = await debianFolder("zookeeper", PACKAGES);
  const { code } = await run("java", ["-version"]).catch(() => ({ code: 1 }));
  const jre = async () =>
    `${await debianFolder("jre", ["openjdk-17-jre-headless"])}/usr/lib/jvm/java-17-openjdk-amd64/bin/java`;
  return {
    java: code === 0 ? "java" : await jre(),
    classPath: JARS.map((jar) => `${folder}/usr/share/java/${jar}.jar`).join(":"),
  };
}

/** One server, with its data in a folder of its own. */
export async function startZooKeeper({ java, classPath }: ZooKeeperProgram): Promise<{
  readonly service: Service;
  readonly port: number;
}> {
  const port = freePort();
  const folder = await Deno.makeTempDir();
  const settings = {
    tickTime: 2000,
    dataDir: `${folder}/data`,
    clientPort: port,
    clientPortAddress: "127.0.0.1",
    "admin.enableServer": false,
  };
  await Deno.writeTextFile(
    `${folder}/zoo.cfg`,
    Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join(""),
  );
  const flags = ["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.forceSync=no"];
  const main = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
  const service = new Service(
    folder,
    () =>
      new Deno.Command(java, {
        args: [...flags, "-cp", classPath, main, `${folder}/zoo.cfg`],
        stdout: "null",
        stderr: "null",
      }),
    () => isServing(port),
  );
  await service.start();
  return { service, port };
}

/** ZooKeeper listens before it takes sessions; its four letter words tell, or hang when they come too early. */
async function isServing(port: number): Promise<boolean> {
  try {
    using link = await Deno.connect({ hostname: "127.0.0.1", port });
    AbortSignal.timeout(200).addEventListener("abort", () => link[Symbol.dispose]());
    await link.write(new TextEncoder().encode("srvr"));
    return (await new Response(link.readable).text()).startsWith("Zookeeper version");
  } catch {
    return false;
  }
}
