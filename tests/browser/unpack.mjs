// Unpacks the browser of @sparticuz/chromium into a folder: its parts are compressed with Brotli, which Node knows.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { pipeline } from "node:stream/promises";

const [from, to] = process.argv.slice(2);
for (const name of ["chromium", "al2023.tar", "fonts.tar"]) {
  await pipeline(
    fs.createReadStream(path.join(from, `${name}.br`)),
    zlib.createBrotliDecompress(),
    fs.createWriteStream(path.join(to, name), { mode: 0o755 }),
  );
}
