// Grades pages by the published rules of MDN's HTTP Observatory, with its own retriever, tests and chart.
// In: host, https port, http port, paths. Out: one line of JSON per page. `scan` of the package takes no port.
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

const [host, httpsPort, httpPort, ...paths] = process.argv.slice(2);

for (const path of paths) {
  const retrieved = await retrieve(host, { httpsPort, httpPort, path });
  const results = ALL_TESTS.map((test) => test(retrieved));
  const modifiers = results.map((each) => getScoreModifier(each.result));
  const lost = modifiers.filter((each) => each < 0).reduce((sum, each) => sum + each, 100);
  const all = modifiers.reduce((sum, each) => sum + each, 100);
  const { grade, score } = getGradeForScore(lost >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? all : lost);
  const failed = results.filter((each) => !each.pass).map((each) => each.result);
  console.log(JSON.stringify({ path, status: retrieved.responses.auto?.status, grade, score, failed }));
}
