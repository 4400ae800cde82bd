const fs = require("node:fs");

const text = fs.readFileSync("reports/card-1.txt", "utf8");
if (!/^(?:a+|b+)$/.test(text)) throw new Error(`the file is of nobody: ${text}`);
