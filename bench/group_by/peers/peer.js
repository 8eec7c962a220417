// Answers questions by a peer, for polyloop-group-by:
//   node peer.js polars|chdb FILE THREADS coded|plain missing|whole
// Says "ready" once the table is loaded. For each line of the input, the name of a question, a line: seconds,
// groups, the sum of all that was aggregated.
const [name, file, threads, strings, values] = process.argv.slice(2);
process.env.POLARS_MAX_THREADS = threads;
const peer = require(`./${name}.js`);
const table = peer.load(file, { threads, coded: strings === "coded", missing: values === "missing" });
console.log("ready");
require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (question) => {
    const before = performance.now();
    const answer = peer.ask(table, question);
    const seconds = (performance.now() - (answer.begun ?? before)) / 1000;
    console.log(seconds, answer.groups(), answer.total());
  })
  .on("close", () => process.exit(0));
