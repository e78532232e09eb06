// The only build step: bundles css and js, draws the icon sprite, copies font slices for screens.
// `node build.mjs` from anywhere; output goes to src/huakai/web/static/dist/ and is never committed.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile, copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "huakai", "web", "static", "dist");
const target = ["chrome87", "ios14.5", "edge88", "firefox78"];

async function bundle() {
  const common = { bundle: true, minify: true, target, outdir: out, logLevel: "warning", legalComments: "eof" };
  await Promise.all([
    build({ ...common, format: "iife", entryPoints: ["base", "desk", "screen"].map((name) => join(here, "src/js", `${name}.js`)) }),
    build({
      ...common,
      entryPoints: ["huakai", "desk", "screen", "print"].map((name) => join(here, "src/css", `${name}.css`)),
      loader: { ".woff2": "file" },
      assetNames: "fonts/[name]",
    }),
  ]);
}

async function sprite() {
  const set = JSON.parse(await readFile(join(here, "node_modules/@iconify-json/lucide/icons.json"), "utf8"));
  const names = (await readFile(join(here, "icons.txt"), "utf8")).split("\n").map((line) => line.trim()).filter(Boolean);
  const symbols = names.map((name) => {
    const icon = set.icons[set.aliases?.[name]?.parent ?? name];
    if (!icon) throw new Error(`icons.txt names "${name}", which the icon package does not hold`);
    return `<symbol id="${name}" viewBox="0 0 24 24">${icon.body}</symbol>`;
  });
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([bundle(), sprite(), copyFile(join(here, "src/favicon.svg"), join(out, "favicon.svg"))]);
