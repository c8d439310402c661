// Looks at a page as assistive technology would: node axe.cjs NODE_MODULES PAGE. Contrast needs a drawing, and is computed
// in a test of the program.
const { readFileSync } = require("node:fs");
const [modules, page] = process.argv.slice(2);
const text = readFileSync(page, "utf8");
if (text.trim() === "") {
  console.log("it is empty");
  process.exit(1);
}
const { JSDOM } = require(`${modules}/jsdom`);
const axe = require(`${modules}/axe-core`);

async function main() {
  const { window } = new JSDOM(text, { runScripts: "outside-only", pretendToBeVisual: true });
  window.eval(axe.source);
  const found = await window.axe.run(window.document, { rules: { "color-contrast": { enabled: false } } });
  for (const one of found.violations) {
    console.log(`${one.id} (${one.impact}): ${one.help}`);
    for (const node of one.nodes) console.log(`  ${node.html}`);
  }
  console.log(`${found.passes.length} rules passed, ${found.violations.length} violated, ${found.incomplete.length} open`);
  process.exit(found.violations.length ? 1 : 0);
}

main();
