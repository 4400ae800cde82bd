const fs = require("node:fs");

/** What a holder leaves that was killed a minute ago. */
fs.writeFileSync("state.json", "{}");
fs.mkdirSync("state.json.lock");
const killed = new Date(Date.now() - 60_000);
fs.utimesSync("state.json.lock", killed, killed);
console.log("left a lock");
